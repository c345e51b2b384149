package org.quadrille.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;

class TransformerTest {

  private static Architecture llama() {
    return Architecture.llama(13, 9, 16, 4, 2, 2, 12);
  }

  private static List<Architecture> all() {
    return List.of(
        Architecture.gpt(13, 9, 8, 2, 2),
        llama(),
        Architecture.bert(13, 9, 8, 2, 2).withClassifier(3, true),
        Architecture.bert(13, 9, 8, 2, 2).withHead(Head.NONE).withClassifier(3, false),
        Architecture.gpt(13, 9, 8, 2, 0).withBiases(false).withHead(Head.UNTIED));
  }

  /** Weights that are far from a fixed point: everything random, scales around one. */
  private static Transformer random(Architecture architecture, DType dtype, long seed) {
    Tensors parameters = Tensors.empty();
    architecture
        .parameterShapes()
        .forEach(
            (name, shape) -> {
              int length = shape.length == 1 ? shape[0] : shape[0] * shape[1];
              Tensor p =
                  Arithmetic.scale(
                      0.3, GaussianMatrix.of(DType.F64, seed + parameters.size(), 1, length));
              if (name.endsWith("norm.weight")) {
                Arithmetic.axpy(1, Tensor.zeros(DType.F64, 1, length).fill(1), p);
              }
              parameters.put(name, p.reshape(shape).to(dtype));
            });
    return Transformer.of(architecture, parameters);
  }

  private static Batch batch(Architecture a, int sequences, int length, long seed) {
    Random random = new Random(seed);
    int[] tokens = random.ints((long) sequences * length, 0, a.vocabulary()).toArray();
    Batch batch = Batch.of(tokens, sequences, length);
    if (a.head() != Head.NONE) {
      int[] targets = random.ints(tokens.length, 0, a.vocabulary()).toArray();
      if (targets.length > 1) {
        targets[random.nextInt(targets.length)] = Batch.IGNORE;
      }
      batch = batch.withTargets(targets);
    }
    if (a.classes() > 0) {
      batch = batch.withLabels(random.ints(sequences, 0, a.classes()).toArray());
    }
    return a.types() > 0
        ? batch.withTypes(random.ints(tokens.length, 0, a.types()).toArray())
        : batch;
  }

  private static void checkGradient(Transformer model, Objective objective, long seed) {
    Tensors gradients = model.parameters().zerosLike();
    objective.lossAndGradient(model.parameters(), gradients);
    Random random = new Random(seed);
    for (String name : model.parameters().names()) {
      Tensor p = model.parameters().get(name);
      double largest = Norms.max(gradients.get(name));
      for (int trial = 0; trial < 2; trial++) {
        int[] index = new int[p.rank()];
        for (int axis = 0; axis < index.length; axis++) {
          index[axis] = random.nextInt(p.size(axis));
        }
        double value = p.get(index);
        double h = 1e-5 * Math.max(1, Math.abs(value));
        Tensors scratch = Tensors.of(name, Tensor.zeros(DType.F64, p.shape()));
        // The loss with dropout is that of lossAndGradient.
        p.set(value + h, index);
        double above = objective.lossAndGradient(model.parameters(), scratch);
        p.set(value - h, index);
        double below = objective.lossAndGradient(model.parameters(), scratch);
        p.set(value, index);
        assertEquals(
            (above - below) / (2 * h),
            gradients.get(name).get(index),
            1e-7 * Math.max(1, largest),
            () -> name + Arrays.toString(index));
      }
    }
  }

  @Property(tries = 12)
  void gradientsAreCentralDifferences(
      @ForAll @IntRange(max = 4) int which,
      @ForAll @IntRange(min = 1, max = 3) int sequences,
      @ForAll @IntRange(min = 1, max = 9) int length,
      @ForAll long seed) {
    Architecture architecture = all().get(which);
    Transformer model = random(architecture, DType.F64, seed);
    checkGradient(model, model.objective(batch(architecture, sequences, length, seed)), seed);
  }

  @Test
  void gradientsWithDropoutAreCentralDifferences() {
    for (Architecture architecture : List.of(llama(), Architecture.bert(13, 9, 8, 2, 2))) {
      Transformer model = random(architecture, DType.F64, 3);
      Batch batch = batch(architecture, 2, 9, 4);
      Dropout dropout = new Dropout(0.3, 0.2, 5);
      checkGradient(model, model.objective(batch, dropout), 6);
      Tensors none = Tensors.empty();
      double one = model.objective(batch, dropout).lossAndGradient(model.parameters(), none);
      double other =
          model
              .objective(batch, new Dropout(0.3, 0.2, 6))
              .lossAndGradient(model.parameters(), none);
      assertTrue(one != other && one != model.loss(batch), "dropout must depend on the seed");
    }
  }

  @Test
  void gradientsOfReplacedOperatorsAreCentralDifferences() {
    Architecture architecture = llama();
    Transformer plain = random(architecture, DType.F64, 1);
    String name = "layers.1.feedforward.down";
    Tensor weight = plain.parameters().get(name + ".weight");
    Sum adapted =
        Sum.of(
            Frozen.of(Dense.of(weight)),
            LowRank.of(
                GaussianMatrix.of(DType.F64, 2, 16, 3), GaussianMatrix.of(DType.F64, 3, 3, 12), 2));
    Transformer model = plain.withOperator(name, adapted);
    assertTrue(model.parameters().contains(name + ".1.left"));
    assertTrue(!model.parameters().contains(name + ".weight"));
    checkGradient(model, model.objective(batch(architecture, 2, 5, 7)), 8);
  }

  @Property(tries = 10)
  void tokensOneByOneAreTheWholeSequence(
      @ForAll @IntRange(min = 1, max = 8) int prompt, @ForAll boolean rotary, @ForAll long seed) {
    Architecture architecture = rotary ? llama() : Architecture.gpt(13, 9, 8, 2, 2);
    Transformer model = random(architecture, DType.F64, seed);
    Random random = new Random(seed);
    int[] tokens = random.ints(9, 0, 13).toArray();
    Tensor whole = model.logits(Batch.of(tokens, 1, 9));
    KeyValueCache cache = model.cache(9);
    Tensor next = model.next(Arrays.copyOf(tokens, prompt), cache);
    for (int i = prompt; i <= 9; i++) {
      assertArrayEquals(whole.row(i - 1).toDoubles(), next.toDoubles(), 1e-12);
      if (i < 9) {
        next = model.next(new int[] {tokens[i]}, cache);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> model.next(new int[] {1}, cache));
    cache.truncate(2);
    assertArrayEquals(
        whole.row(2).toDoubles(), model.next(new int[] {tokens[2]}, cache).toDoubles(), 1e-12);
  }

  @Property(tries = 10)
  void laterTokensDoNotChangeEarlierOnes(@ForAll long seed) {
    Architecture architecture = llama();
    Transformer model = random(architecture, DType.F64, seed);
    int[] tokens = new Random(seed).ints(9, 0, 13).toArray();
    Tensor before = model.logits(Batch.of(tokens, 1, 9));
    tokens[6] = (tokens[6] + 1) % 13;
    Tensor after = model.logits(Batch.of(tokens, 1, 9));
    assertArrayEquals(
        before.slice(0, 0, 6).toDoubles(), after.slice(0, 0, 6).toDoubles(), "earlier tokens");
    assertTrue(!Arrays.equals(before.row(6).toDoubles(), after.row(6).toDoubles()));
  }

  @Test
  void hiddenTokensDoNotMatter() {
    Architecture architecture = Architecture.bert(13, 9, 8, 2, 2);
    Transformer model = random(architecture, DType.F64, 1);
    boolean[] mask = new boolean[18];
    Arrays.fill(mask, true);
    mask[7] = false;
    mask[8] = false;
    int[] tokens = new Random(2).ints(18, 0, 13).toArray();
    Tensor before = model.hidden(Batch.of(tokens, 2, 9).withMask(mask));
    tokens[7] = (tokens[7] + 1) % 13;
    Tensor after = model.hidden(Batch.of(tokens, 2, 9).withMask(mask));
    assertArrayEquals(before.slice(0, 0, 7).toDoubles(), after.slice(0, 0, 7).toDoubles());
    // The same sequence without padding.
    Tensor alone = model.hidden(Batch.of(Arrays.copyOf(tokens, 7), 1, 7));
    assertArrayEquals(alone.toDoubles(), after.slice(0, 0, 7).toDoubles(), 1e-12);
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    for (Architecture architecture : all()) {
      Transformer model = random(architecture, DType.F32, 1);
      Batch batch = batch(architecture, 3, 9, 2);
      double[][] losses = new double[2][1];
      Tensors[] gradients = {model.parameters().zerosLike(), model.parameters().zerosLike()};
      for (int run = 0; run < 2; run++) {
        int index = run;
        WorkerPool.of(run == 0 ? 1 : 4)
            .run(
                () ->
                    losses[index][0] =
                        model
                            .objective(batch, new Dropout(0.1, 0.1, 9))
                            .lossAndGradient(model.parameters(), gradients[index]));
      }
      assertEquals(losses[0][0], losses[1][0]);
      for (String name : gradients[0].names()) {
        assertArrayEquals(
            gradients[0].get(name).toFloats(), gradients[1].get(name).toFloats(), name);
      }
    }
  }

  @Test
  void singlePrecisionIsCloseToDouble() {
    for (Architecture architecture : all()) {
      Transformer exact = random(architecture, DType.F64, 1);
      Transformer model = random(architecture, DType.F32, 1);
      Batch batch = batch(architecture, 3, 9, 2);
      Tensors expected = exact.parameters().zerosLike();
      Tensors actual = model.parameters().zerosLike();
      double loss = exact.objective(batch).lossAndGradient(exact.parameters(), expected);
      assertEquals(
          loss, model.objective(batch).lossAndGradient(model.parameters(), actual), 1e-5 * loss);
      for (String name : expected.names()) {
        double tolerance = 1e-4 * Math.max(Norms.max(expected.get(name)), 1e-3);
        assertArrayEquals(
            expected.get(name).toDoubles(), actual.get(name).toDoubles(), tolerance, name);
      }
    }
  }

  @Test
  void otherParametersAreTakenOver() {
    Architecture architecture = Architecture.gpt(13, 9, 8, 2, 2);
    Transformer model = random(architecture, DType.F64, 1);
    Transformer other = random(architecture, DType.F64, 2);
    Batch batch = batch(architecture, 2, 9, 3);
    assertEquals(other.loss(batch), model.objective(batch).loss(other.parameters()));
    assertEquals(other.loss(batch), model.loss(batch));
  }

  @Test
  void startValuesPredictNothing() {
    Architecture architecture = Architecture.gpt(64, 32, 32, 4, 3);
    Transformer model = Transformer.random(architecture, DType.F32, 1);
    assertEquals(architecture.parameterCount(), model.parameters().elementCount());
    double loss = model.loss(batch(architecture, 4, 32, 1));
    assertEquals(Math.log(64), loss, 0.05);
  }

  @Test
  void badInputIsRefused() {
    Architecture architecture = Architecture.gpt(13, 9, 8, 2, 2);
    Transformer model = Transformer.random(architecture, DType.F64, 1);
    assertThrows(IllegalArgumentException.class, () -> Architecture.gpt(13, 9, 9, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> Architecture.llama(13, 9, 16, 4, 3, 2, 12));
    assertThrows(IllegalArgumentException.class, () -> architecture.withEpsilon(Double.NaN));
    refused("0 to 12", () -> model.logits(Batch.of(new int[] {13}, 1, 1)));
    refused("positions", () -> model.logits(Batch.of(new int[10], 1, 10)));
    refused("neither", () -> model.loss(Batch.of(new int[3], 1, 3)));
    refused("ignored", () -> Batch.of(new int[1], 1, 1).withTargets(new int[] {Batch.IGNORE}));
    refused("visible", () -> Batch.of(new int[2], 1, 2).withMask(new boolean[2]));
    refused("expected 2 times 3", () -> Batch.of(new int[5], 2, 3));
    refused("classifier", () -> model.loss(Batch.of(new int[1], 1, 1).withLabels(new int[1])));
    Tensors missing = Tensors.empty();
    refused("which the architecture needs", () -> Transformer.of(architecture, missing));
    Tensors over = model.parameters().copy().put("extra", Tensor.zeros(DType.F64, 1));
    refused("do not belong", () -> Transformer.of(architecture, over));
    Tensors wrong = model.parameters().copy().put("final.norm.bias", Tensor.zeros(DType.F64, 7));
    refused("final.norm.bias", () -> Transformer.of(architecture, wrong));
    Tensors nan = model.parameters().copy();
    nan.get("final.norm.bias").set(Double.NaN, 3);
    refused("NaN", () -> Transformer.of(architecture, nan));
    refused(
        "is no linear map",
        () -> model.withOperator("final.norm", Dense.of(Tensor.zeros(DType.F64, 8, 8))));
    refused(
        "expected [8, 8]",
        () ->
            model.withOperator(
                "layers.0.attention.query", Dense.of(Tensor.zeros(DType.F64, 8, 7))));
    Architecture bert = Architecture.bert(13, 9, 8, 2, 2);
    refused("causal", () -> Transformer.random(bert, DType.F64, 1).cache(3));
    model.parameters().get("final.norm.weight").fill(1e308);
    Batch batch = batch(architecture, 1, 9, 3);
    assertThrows(ArithmeticException.class, () -> model.loss(batch));
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
