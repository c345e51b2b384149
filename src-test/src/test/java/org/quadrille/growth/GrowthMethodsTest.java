package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** Zeros, free parts, stacking by stages, maps of grouped heads. */
class GrowthMethodsTest {
  private static final Batch BATCH = Batch.of(new int[] {1, 5, 3, 0, 2, 2, 6, 4}, 2, 4);

  @Test
  void zerosKeepTheFunctionWithRootMeanSquares() {
    Architecture small = Architecture.llama(7, 4, 8, 4, 2, 2, 12);
    Architecture large = Architecture.llama(7, 4, 12, 6, 3, 4, 20);
    FixedGrowth growth = FixedOperators.zeroPadding(small, large, DType.F64, 1, 1, 3);
    assertTrue(growth.exact(), growth.reason());
    assertEquals(small.epsilon() * 8 / 12, growth.large().epsilon(), 1e-18);
    assertSameLogits(small, growth);
    // New neurons are there, and nothing reads them.
    Tensors grown = growth.apply(FixedOperatorsTest.random(small, 4));
    assertTrue(grown.get("layers.0.feedforward.up.weight").get(13, 2) != 0);
    assertTrue(grown.get("layers.0.attention.query.weight").get(9, 10) != 0);
    assertTrue(grown.get("layers.0.feedforward.down.weight").get(2, 13) == 0);
    assertTrue(grown.get("layers.1.feedforward.down.weight").get(2, 2) == 0);
  }

  @Test
  void zerosKeepTheFunctionOfDeeperLayersThatNormalizeFirst() {
    Architecture small = Architecture.gpt(7, 4, 4, 2, 2);
    FixedGrowth deeper =
        FixedOperators.zeroPadding(small, Architecture.gpt(7, 4, 4, 2, 3), DType.F64, 1, 0);
    assertTrue(deeper.exact(), deeper.reason());
    assertSameLogits(small, deeper);
    FixedGrowth wider =
        FixedOperators.zeroPadding(small, Architecture.gpt(7, 4, 6, 3, 2), DType.F64, 1);
    assertFalse(wider.exact());
    assertTrue(wider.reason().contains("mean"), wider.reason());
    Architecture bert = Architecture.bert(7, 4, 4, 2, 1);
    assertFalse(
        FixedOperators.zeroPadding(bert, Architecture.bert(7, 4, 4, 2, 2), DType.F64, 1, 1)
            .exact());
    Architecture grouped = Architecture.llama(7, 4, 8, 4, 2, 1, 12);
    FixedGrowth regrouped =
        FixedOperators.zeroPadding(
            grouped, Architecture.llama(7, 4, 12, 6, 2, 1, 12), DType.F64, 1);
    assertFalse(regrouped.exact());
    assertThrows(
        IllegalArgumentException.class,
        () -> FixedOperators.zeroPadding(small, Architecture.gpt(7, 4, 4, 2, 4), DType.F64, 1, 1));
  }

  @Test
  void copiesByAWholeFactorKeepADecoderOfItsOwn() {
    Architecture small = Architecture.bert(7, 4, 4, 2, 1).withHead(Head.MASKED_WORDS_UNTIED);
    Architecture large = Architecture.bert(7, 4, 8, 4, 1).withHead(Head.MASKED_WORDS_UNTIED);
    FixedGrowth growth =
        FixedOperators.copies(small, large, DType.F64, WidthCopies.circular(small, large), 0);
    assertTrue(growth.exact(), growth.reason());
    assertSameLogits(small, growth);
  }

  @Test
  void freePartsStartAsTheySay() {
    Architecture small = Architecture.gpt(7, 4, 4, 2, 2);
    GrowthPlan plan = GrowthPlan.of(small, Architecture.gpt(7, 4, 6, 3, 3));
    Tensors x = FixedOperatorsTest.random(small, 1);
    GrowthOperator operator = LearnedStart.PUBLISHED.operator(plan, DType.F64, 1);
    Tensors plain = operator.apply(x);
    for (Map<String, LinearOperator> zero :
        List.of(
            Residuals.uniform(plan, DType.F64, 0, 1), Residuals.lowRank(plan, DType.F64, 2, 1))) {
      Tensors same = operator.plus(zero).apply(x);
      for (String name : plain.names()) {
        assertArrayEquals(plain.get(name).toDoubles(), same.get(name).toDoubles(), name);
      }
    }
    GrowthOperator learned =
        operator.plus(Residuals.uniform(plan, DType.F64, Residuals.PUBLISHED_LIMIT, 1));
    double largest = 0;
    double sum = 0;
    Tensors moved = learned.apply(x);
    for (String name : plain.names()) {
      double[] a = plain.get(name).toDoubles();
      double[] b = moved.get(name).toDoubles();
      for (int i = 0; i < a.length; i++) {
        largest = Math.max(largest, Math.abs(a[i] - b[i]));
        sum += b[i] - a[i];
      }
    }
    assertTrue(largest <= 0.01 + 1e-15 && largest > 0.0099, "largest " + largest);
    assertEquals(0, sum / moved.elementCount(), 1e-3);
    // A product with V = 0 still has a gradient: U^T G.
    GrowthOperator lowRank = operator.plus(Residuals.lowRank(plan, DType.F64, 2, 1));
    Growth growth = lowRank.on(x);
    growth.grow();
    Tensors gradients = lowRank.parameters().zerosLike();
    growth.backward(moved, gradients, Tensors.empty());
    double[] right = gradients.get("additive.layers.0.attention.query.weight.right").toDoubles();
    assertTrue(java.util.Arrays.stream(right).anyMatch(v -> Math.abs(v) > 1e-3));
    assertThrows(IllegalArgumentException.class, () -> Residuals.uniform(plan, DType.F64, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> Residuals.lowRank(plan, DType.F64, 0, 1));
  }

  @Test
  void stackingByStages() {
    Architecture small = Architecture.gpt(7, 4, 4, 2, 2);
    Architecture large = Architecture.gpt(7, 4, 4, 2, 7);
    List<ProgressiveStacking.Stage> stages = ProgressiveStacking.stages(small, large, 2);
    List<Integer> depths = new ArrayList<>();
    Tensors weights = FixedOperatorsTest.random(small, 1);
    Tensors start = weights;
    for (ProgressiveStacking.Stage stage : stages) {
      weights = stage.growth(DType.F64).apply(weights);
      depths.add(stage.to().layers());
    }
    assertEquals(List.of(4, 6, 7), depths);
    String name = "attention.query.weight";
    for (int l = 0; l < 6; l++) {
      assertArrayEquals(
          start.get("layers." + l % 2 + "." + name).toDoubles(),
          weights.get("layers." + l + "." + name).toDoubles(),
          "layer " + l);
    }
    assertArrayEquals(
        start.get("layers.1." + name).toDoubles(), weights.get("layers.6." + name).toDoubles());
    ProgressiveStacking.Stage last = stages.getLast();
    assertTrue(last.learnsAlone().test("layers.6." + name));
    assertTrue(last.learnsAlone().test("final.norm.weight"));
    assertFalse(last.learnsAlone().test("layers.5." + name));
    assertFalse(last.learnsAlone().test("embeddings.token.weight"));
    assertThrows(IllegalArgumentException.class, () -> ProgressiveStacking.stages(small, large, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> ProgressiveStacking.stages(small, Architecture.gpt(7, 4, 6, 3, 4), 1));
  }

  /** With grouped queries the map of the values serves what reads them, and learns from both. */
  @Test
  void valuesOfGroupedQueriesAreReadByTheirOwnMap() {
    Architecture small = Architecture.llama(7, 4, 8, 4, 2, 2, 12);
    Architecture large = Architecture.llama(7, 4, 12, 6, 3, 3, 20);
    GrowthPlan plan = GrowthPlan.of(small, large);
    GrowthOperator operator = LearnedStart.PUBLISHED.operator(plan, DType.F64, 3);
    GrowthTerm term = operator.terms().getFirst();
    Tensor values = term.maps().get("value").getFirst().toDense();
    Tensor reads = term.maps().get("value.in").getFirst().toDense();
    assertArrayEquals(new int[] {12, 8}, reads.shape());
    for (int row = 0; row < 12; row++) {
      for (int col = 0; col < 8; col++) {
        // Head, place in its group of two, element: heads have two elements.
        boolean samePlace = row / 2 % 2 == col / 2 % 2;
        double expected = samePlace ? values.get(row / 4 * 2 + row % 2, col / 4 * 2 + col % 2) : 0;
        assertEquals(expected, reads.get(row, col));
      }
    }
    assertFalse(operator.parameters().contains("maps.value.in.new"));
    assertTrue(
        LearnedStart.PUBLISHED
            .withTied(false)
            .operator(plan, DType.F64, 3)
            .parameters()
            .contains("maps.value.in.weight"));

    Tensors x = FixedOperatorsTest.random(small, 1);
    Tensors direction = FixedOperatorsTest.random(large, 2);
    Growth growth = operator.on(x);
    growth.grow();
    Tensors gradients = operator.parameters().zerosLike();
    growth.backward(direction, gradients, Tensors.empty());
    Tensor numbers = operator.parameters().get("maps.value.new");
    for (int i = 0; i < numbers.size(0); i++) {
      for (int j = 0; j < numbers.size(1); j++) {
        double at = numbers.get(i, j);
        double step = 1e-5;
        numbers.set(at + step, i, j);
        double up = dot(direction, growth.grow());
        numbers.set(at - step, i, j);
        double down = dot(direction, growth.grow());
        numbers.set(at, i, j);
        assertEquals((up - down) / (2 * step), gradients.get("maps.value.new").get(i, j), 1e-7);
      }
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> AxisMap.groupedHeads(AxisMap.identity(DType.F64, 3), 2, 2));
  }

  private static double dot(Tensors a, Tensors b) {
    double sum = 0;
    for (String name : a.names()) {
      sum += org.quadrille.linalg.Arithmetic.dot(a.get(name), b.get(name));
    }
    return sum;
  }

  private static void assertSameLogits(Architecture small, FixedGrowth growth) {
    Tensors weights = FixedOperatorsTest.random(small, 4);
    double[] before = Transformer.of(small, weights).logits(BATCH).toDoubles();
    double[] after =
        Transformer.of(growth.large(), growth.apply(weights)).logits(BATCH).toDoubles();
    assertArrayEquals(before, after, 1e-10);
  }
}
