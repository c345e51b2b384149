package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** New neurons that mix old ones and are not read yet. */
class LosslessMixturesTest {
  private static final int[] TOKENS = {1, 4, 2, 0, 5, 3, 3, 6, 2, 1};
  private static final Batch BATCH = Batch.of(TOKENS, 2, 5);

  @Test
  void theFunctionIsKept() {
    int[][] widths = {{4, 8, 2}, {4, 6, 2}, {4, 4, 2}, {6, 15, 3}};
    for (int[] w : widths) {
      for (int layers = 2; layers <= 5; layers += 3) {
        Architecture small = Architecture.gpt(7, 5, w[0], w[0] / w[2], 2);
        Architecture large = Architecture.gpt(7, 5, w[1], w[1] / w[2], layers);
        check(small, large);
        check(small.withHead(Head.UNTIED), large.withHead(Head.UNTIED));
      }
    }
    check(Architecture.llama(7, 5, 8, 4, 2, 2, 12), Architecture.llama(7, 5, 16, 8, 4, 3, 20));
  }

  private static void check(Architecture small, Architecture large) {
    Tensors weights = FixedOperatorsTest.random(small, 11);
    FixedGrowth growth = LosslessMixtures.of(small, large, DType.F64, 5);
    assertTrue(growth.exact(), growth.reason());
    Tensor before = Transformer.of(small, weights).logits(BATCH);
    Tensor after = Transformer.of(growth.large(), growth.apply(weights)).logits(BATCH);
    assertEquals(0, Norms.max(Arithmetic.subtract(before, after)), 1e-10 * Norms.max(before));
  }

  /** No new row is a copy, and what reads the new elements is zero. */
  @Test
  void newNeuronsAreMixturesThatNothingReads() {
    Architecture small = Architecture.gpt(7, 5, 6, 2, 1);
    Architecture large = Architecture.gpt(7, 5, 9, 3, 1);
    Tensors grown =
        LosslessMixtures.of(small, large, DType.F64, 3).apply(FixedOperatorsTest.random(small, 1));
    Tensor up = grown.get("layers.0.feedforward.up.weight");
    Tensor down = grown.get("layers.0.feedforward.down.weight");
    for (int j = 24; j < 36; j++) {
      for (int i = 0; i < j; i++) {
        assertTrue(Norms.max(Arithmetic.subtract(up.row(i), up.row(j))) > 1e-3, i + " and " + j);
      }
    }
    assertEquals(0, Norms.max(down.slice(1, 24, 36)));
    assertEquals(0, Norms.max(grown.get("layers.0.attention.output.weight").slice(1, 6, 9)));
    assertTrue(Norms.max(down.slice(1, 0, 24)) > 0);
  }

  /** Mixtures of rows of variance 1 have variance 1. */
  @Test
  void newNeuronsAreAsLargeAsOldOnes() {
    Architecture small = Architecture.gpt(7, 5, 16, 2, 1);
    Architecture large = Architecture.gpt(7, 5, 32, 4, 1);
    Tensors weights = Transformer.random(small, DType.F64, 1).parameters();
    weights.get("layers.0.feedforward.up.weight").assign(GaussianMatrix.of(DType.F64, 2, 64, 16));
    Tensor up =
        LosslessMixtures.of(small, large, DType.F64, 3)
            .apply(weights)
            .get("layers.0.feedforward.up.weight");
    // Columns 0 to 15 read whole copies of the stream, each with part of the weight.
    double old = Norms.frobenius(up.slice(0, 0, 64).slice(1, 0, 16));
    double added = Norms.frobenius(up.slice(0, 64, 128).slice(1, 0, 16));
    assertEquals(1, added / old, 0.15);
  }

  @Test
  void aLearnableCopyOpensTheReaders() {
    Architecture small = Architecture.gpt(7, 5, 6, 2, 1);
    Architecture large = Architecture.gpt(7, 5, 9, 3, 2);
    Tensors weights = FixedOperatorsTest.random(small, 1);
    FixedGrowth growth = LosslessMixtures.of(small, large, DType.F64, 3);
    GrowthOperator learnable = LearnedStart.from(growth.operator());
    Transformer model = Transformer.of(growth.large(), growth.apply(weights));
    Batch batch = BATCH.withTargets(new int[] {4, 2, 0, 5, 3, 3, 6, 2, 1, 0});
    GrowthObjective objective = GrowthObjective.of(learnable, weights, model.objective(batch));
    Tensors gradients = objective.parameters().zerosLike();
    double loss = objective.lossAndGradient(objective.parameters(), gradients);
    assertEquals(Transformer.of(small, weights).loss(batch), loss, 1e-10);
    // Rows 6 to 8 of the map of readers are those of the new head: zero, but not their gradient.
    Tensor readers = learnable.parameters().get("maps.value.in.weight");
    assertEquals(0, Norms.max(readers.slice(0, 6, 9)));
    assertTrue(Norms.max(gradients.get("maps.value.in.weight").slice(0, 6, 9)) > 1e-6);
  }

  @Test
  void sameSeedSameBits() {
    Architecture small = Architecture.gpt(7, 5, 6, 2, 1);
    Architecture large = Architecture.gpt(7, 5, 9, 3, 2);
    Tensors weights = Transformer.random(small, DType.F32, 1).parameters();
    float[] once =
        LosslessMixtures.of(small, large, DType.F32, 3)
            .apply(weights)
            .get("layers.0.feedforward.up.weight")
            .toFloats();
    float[] again =
        WorkerPool.of(4)
            .call(
                () ->
                    LosslessMixtures.of(small, large, DType.F32, 3)
                        .apply(weights)
                        .get("layers.0.feedforward.up.weight")
                        .toFloats());
    assertArrayEquals(once, again);
  }

  @Test
  void honestWithNormalizationAfterTheSums() {
    FixedGrowth growth =
        LosslessMixtures.of(
            Architecture.bert(9, 5, 4, 2, 2), Architecture.bert(9, 5, 8, 4, 3), DType.F64, 1);
    assertFalse(growth.exact());
    assertTrue(growth.reason().contains("still normalizes"), growth.reason());
  }

  @Test
  void refusesGroupsOfAnotherSize() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                LosslessMixtures.of(
                    Architecture.llama(7, 5, 8, 4, 2, 2, 12),
                    Architecture.llama(7, 5, 16, 8, 2, 2, 12),
                    DType.F64,
                    1));
    assertTrue(e.getMessage().contains("groups of 2"), e.getMessage());
  }
}
