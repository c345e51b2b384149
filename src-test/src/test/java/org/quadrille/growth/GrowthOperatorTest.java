package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.GradientCheck;
import org.quadrille.optim.Objective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/** Laws of growth operators, gradients against central differences, bad input. */
class GrowthOperatorTest {
  private static final Architecture SMALL = Architecture.gpt(7, 4, 4, 2, 2);
  private static final Architecture LARGE = Architecture.gpt(7, 4, 6, 3, 3);
  private static final GrowthPlan PLAN = GrowthPlan.of(SMALL, LARGE);

  /** One of every kind: shared, per layer, untied, two terms, made from a fixed operator. */
  private static List<GrowthOperator> operators() {
    LearnedStart start = LearnedStart.PUBLISHED;
    List<GrowthOperator> operators = new ArrayList<>();
    operators.add(start.operator(PLAN, DType.F64, 1));
    operators.add(start.withTied(false).operator(PLAN, DType.F64, 2));
    operators.add(start.withPerLayer(GrowthOrder.WIDTH_FIRST, true).operator(PLAN, DType.F64, 3));
    operators.add(start.withPerLayer(GrowthOrder.DEPTH_FIRST, true).operator(PLAN, DType.F64, 4));
    WidthCopies copies = WidthCopies.random(SMALL, LARGE, 5);
    operators.add(
        LearnedStart.from(
            FixedOperators.advanced(SMALL, LARGE, DType.F64, copies, 0, 1, 0).operator()));
    operators.add(LosslessGrowth.broken(SMALL, LARGE, DType.F64, 6).operator());
    return operators;
  }

  @Test
  void linearWithAnAdjoint() {
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    Tensors y = FixedOperatorsTest.random(SMALL, 2);
    Tensors z = FixedOperatorsTest.random(LARGE, 3);
    Tensors zero = x.zerosLike();
    for (GrowthOperator operator : operators()) {
      Tensors constant = operator.apply(zero);
      Tensors mx = minus(operator.apply(x), constant);
      Tensors my = minus(operator.apply(y), constant);
      Tensors both = x.copy();
      both.forEach((name, t) -> Arithmetic.axpy(-2, y.get(name), Arithmetic.scale(3, t)));
      Tensors combined = minus(operator.apply(both), constant);
      for (String name : combined.names()) {
        Tensor expected = Arithmetic.scaled(3, mx.get(name));
        Arithmetic.axpy(-2, my.get(name), expected);
        assertArrayEquals(expected.toDoubles(), combined.get(name).toDoubles(), 1e-12, name);
      }
      // <M x, z> = <x, M^T z>
      double left = dot(mx, z);
      assertEquals(left, dot(x, operator.applyTransposed(z)), 1e-11 * Math.max(1, Math.abs(left)));
    }
  }

  /** Element by element from the definition, with explicit sums. */
  @Test
  void weightsAreTheSumsOfTheDefinition() {
    GrowthOperator operator = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 9);
    GrowthTerm term = operator.terms().getFirst();
    Tensors x = FixedOperatorsTest.random(SMALL, 4);
    Tensors grown = operator.apply(x);
    Tensor b = term.resolve("query", PLAN).getFirst().toDense();
    Tensor a = term.resolve("residual", PLAN).getFirst().toDense();
    Tensor w = term.resolveDepth("attention.query.weight").toDense();
    for (int l = 0; l < 3; l++) {
      Tensor actual = grown.get("layers." + l + ".attention.query.weight");
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          double sum = 0;
          for (int j = 0; j < 2; j++) {
            Tensor from = x.get("layers." + j + ".attention.query.weight");
            for (int p = 0; p < 4; p++) {
              for (int q = 0; q < 4; q++) {
                sum += w.get(l, j) * b.get(r, p) * from.get(p, q) * a.get(c, q);
              }
            }
          }
          assertEquals(sum, actual.get(r, c), 1e-13);
        }
      }
    }
  }

  @Test
  void sharedMapsCommuteWithTheMixture() {
    GrowthOperator width = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 1);
    GrowthOperator depth =
        LearnedStart.PUBLISHED
            .withPerLayer(GrowthOrder.DEPTH_FIRST, false)
            .operator(PLAN, DType.F64, 1);
    Tensors x = FixedOperatorsTest.random(SMALL, 5);
    GrowthData.assertClose(width.apply(x), depth.apply(x), 1e-12);
    Tensors g = FixedOperatorsTest.random(LARGE, 6);
    GrowthData.assertClose(gradients(width, x, g), gradients(depth, x, g), 1e-12);
  }

  @Test
  void nothingToGrowIsACopyBitForBit() {
    GrowthPlan same = GrowthPlan.of(SMALL, SMALL);
    Tensors x = FixedOperatorsTest.random(SMALL, 7);
    for (GrowthOrder order : GrowthOrder.values()) {
      Tensors copy = GrowthOperator.of(same, DType.F64, GrowthTerm.of(order)).apply(x);
      for (String name : x.names()) {
        assertArrayEquals(x.get(name).toDoubles(), copy.get(name).toDoubles(), name);
        assertNotSame(copy.get(name).doubles(), x.get(name).doubles(), name);
      }
    }
  }

  /** The whole chain: loss of a transformer against every number of every operator. */
  @Test
  void gradientsAreThoseOfCentralDifferences() {
    Batch batch =
        Batch.of(new int[] {1, 5, 2, 6}, 1, 4).withTargets(new int[] {5, 2, 6, Batch.IGNORE});
    Objective loss = Transformer.random(LARGE, DType.F64, 1).objective(batch);
    for (GrowthOperator operator : operators()) {
      Map<String, LinearOperator> parts =
          Map.of(
              "layers.1.attention.key.weight",
              LowRank.of(
                  GaussianMatrix.of(DType.F64, 1, 6, 2), GaussianMatrix.of(DType.F64, 2, 2, 6)),
              "final.norm.bias",
              Dense.of(GaussianMatrix.of(DType.F64, 3, 6, 1)));
      GrowthObjective objective =
          GrowthObjective.of(operator.plus(parts), FixedOperatorsTest.random(SMALL, 8), loss)
              .tuningSmall();
      Tensors gradients = objective.parameters().zerosLike();
      objective.lossAndGradient(objective.parameters(), gradients);
      GradientCheck.Worst worst = GradientCheck.worst(objective, objective.parameters(), gradients);
      assertTrue(worst.error() < 1e-6, worst.toString());
    }
  }

  @Test
  void gradientsOfUnusedMapsAreZero() {
    GrowthTerm term =
        LearnedStart.PUBLISHED
            .operator(PLAN, DType.F64, 1)
            .terms()
            .getFirst()
            .withMap("head.in", Dense.of(GaussianMatrix.of(DType.F64, 1, 6, 4)));
    GrowthOperator operator = GrowthOperator.of(PLAN, DType.F64, term);
    Tensors gradients =
        gradients(
            operator, FixedOperatorsTest.random(SMALL, 1), FixedOperatorsTest.random(LARGE, 2));
    assertArrayEquals(new double[24], gradients.get("maps.head.in.weight").toDoubles());
  }

  @Test
  void singlePrecisionIsTheSameWithinRounding() {
    GrowthOperator wide = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 3);
    GrowthOperator narrow = LearnedStart.PUBLISHED.operator(PLAN, DType.F32, 3);
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    Tensors floats = Tensors.empty();
    x.forEach((name, t) -> floats.put(name, t.to(DType.F32)));
    Tensors expected = wide.apply(x);
    Tensors actual = narrow.apply(floats);
    for (String name : expected.names()) {
      assertEquals(DType.F32, actual.get(name).dtype());
      assertArrayEquals(expected.get(name).toDoubles(), actual.get(name).toDoubles(), 1e-5, name);
    }
  }

  @Test
  void badInput() {
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    GrowthOperator operator = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 1);
    refuse("cannot shrink", () -> GrowthPlan.of(LARGE, SMALL));
    refuse("size of a head", () -> GrowthPlan.of(SMALL, Architecture.gpt(7, 4, 8, 2, 2)));
    refuse("size of a head", () -> GrowthPlan.of(SMALL, Architecture.gpt(8, 4, 4, 2, 2)));
    refuse("final.norm.bias", () -> operator.apply(without(x, "final.norm.bias")));
    refuse("extra", () -> operator.apply(x.copy().put("extra", Tensor.zeros(DType.F64, 1))));
    refuse(
        "final.norm.bias",
        () -> operator.apply(x.copy().put("final.norm.bias", Tensor.zeros(DType.F64, 5))));
    refuse(
        "NaN",
        () ->
            operator.apply(
                x.copy().put("final.norm.bias", Tensor.zeros(DType.F64, 4).fill(Double.NaN))));
    refuse("no rule mentions", () -> of(t -> t.withMap("typo", AxisMap.identity(DType.F64, 4))));
    refuse("expected from 4 to 6", () -> of(t -> t.withMap("query", eye(5, 4))));
    refuse(
        "one for each",
        () -> of(t -> t.withMaps("query", List.of(eye(6, 4), eye(6, 4), eye(6, 4)))));
    refuse("no rule mentions", () -> of(t -> t.withDepth("typo", eye(3, 2))));
    refuse("expected from 2 to 3", () -> of(t -> t.withDepth(GrowthPlan.ALL, eye(4, 2))));
    refuse("no such tensor", () -> operator.plus(Map.of("typo", eye(6, 4))));
    refuse("final.norm.bias", () -> operator.plus(Map.of("final.norm.bias", eye(6, 4))));
    GrowthOperator bare =
        GrowthOperator.of(PLAN, DType.F64, GrowthTerm.of(GrowthOrder.WIDTH_FIRST));
    refuse("no map", () -> bare.apply(x));
    refuse("no terms", () -> GrowthOperator.of(PLAN, DType.F64));
    refuse(
        "a parameter of the operator",
        () ->
            operator
                .on(x)
                .backward(
                    FixedOperatorsTest.random(LARGE, 1),
                    Tensors.of("typo", Tensor.zeros(DType.F64, 1)),
                    Tensors.empty()));
    Architecture bert = Architecture.bert(7, 4, 4, 2, 2);
    GrowthPlan tied = GrowthPlan.of(bert, Architecture.bert(7, 4, 6, 3, 2));
    refuse(
        "token embedding",
        () ->
            GrowthOperator.of(
                tied,
                DType.F64,
                GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
                    .withMap("residual", eye(6, 4))
                    .withMap("masked", AxisMap.average(DType.F64, 6, 4))));
    refuse("one or two", () -> new TensorRule("a", List.of(), ""));
    refuse("{layer}", () -> new TensorRule("a.{layer}", List.of("x"), TensorRule.NO_LAYERS));
    refuse(
        "lacks tensors [b]",
        () ->
            GrowthPlan.of(
                List.of(new TensorRule("b", List.of("x"), TensorRule.NO_LAYERS)),
                Map.of(),
                Map.of("a", new int[] {1}),
                Map.of("a", new int[] {1}),
                0,
                0));
  }

  private static GrowthOperator of(UnaryOperator<GrowthTerm> change) {
    GrowthTerm term = LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 1).terms().getFirst();
    return GrowthOperator.of(PLAN, DType.F64, change.apply(term));
  }

  private static LinearOperator eye(int large, int small) {
    return AxisMap.padding(DType.F64, large, small);
  }

  private static Tensors gradients(GrowthOperator operator, Tensors small, Tensors large) {
    Growth growth = operator.on(small);
    growth.grow();
    Tensors gradients = operator.parameters().zerosLike();
    growth.backward(large, gradients, Tensors.empty());
    return gradients;
  }

  private static Tensors minus(Tensors a, Tensors b) {
    Tensors result = Tensors.empty();
    a.forEach((name, t) -> result.put(name, Arithmetic.subtract(t, b.get(name))));
    return result;
  }

  private static double dot(Tensors a, Tensors b) {
    double sum = 0;
    for (String name : a.names()) {
      sum += Arithmetic.dot(a.get(name), b.get(name));
    }
    return sum;
  }

  private static Tensors without(Tensors given, String name) {
    Tensors result = Tensors.empty();
    given.forEach(
        (key, t) -> {
          if (!key.equals(name)) {
            result.put(key, t);
          }
        });
    return result;
  }

  private static void refuse(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
