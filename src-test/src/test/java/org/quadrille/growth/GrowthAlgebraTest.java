package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/** Operators after each other, the way back, and the order of width and depth. */
class GrowthAlgebraTest {
  private static final Architecture SMALL = Architecture.gpt(7, 4, 4, 2, 2);
  private static final Architecture MIDDLE = Architecture.gpt(7, 4, 6, 3, 3);
  private static final Architecture LARGE = Architecture.gpt(7, 4, 8, 4, 7);

  @Test
  void oneOperatorForTwoHops() {
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    for (GrowthOperator first : operators(SMALL, MIDDLE)) {
      for (GrowthOperator second : operators(MIDDLE, LARGE)) {
        GrowthOperator both = second.after(first);
        GrowthData.assertClose(second.apply(first.apply(x)), both.apply(x), 1e-12);
        assertEquals(SMALL.layers(), both.plan().smallLayers());
        assertEquals(LARGE.layers(), both.plan().largeLayers());
      }
    }
  }

  @Test
  void copiesAfterCopiesStayCopies() {
    GrowthOperator both =
        FixedOperators.layers(MIDDLE, deep(MIDDLE, 6), DType.F64, LayerSources.stack(3, 6))
            .operator()
            .after(
                FixedOperators.copies(
                        SMALL,
                        MIDDLE,
                        DType.F64,
                        WidthCopies.random(SMALL, MIDDLE, 3),
                        LayerSources.stack(2, 3))
                    .operator());
    assertTrue(both.terms().getFirst().depths().get("attention.query.weight") instanceof Selection);
    assertTrue(both.terms().getFirst().maps().get("residual").getFirst() instanceof Selection);
    // One set of numbers for readers that share a map.
    assertEquals(
        1,
        both.parameters().names().stream()
            .filter(name -> name.contains("residual.in") || name.contains("final"))
            .count());
  }

  @Test
  void mapsOfTheLayersInTheMiddleAreNotCombined() {
    GrowthOperator second =
        LearnedStart.PUBLISHED
            .withPerLayer(GrowthOrder.WIDTH_FIRST, true)
            .operator(GrowthPlan.of(MIDDLE, LARGE), DType.F64, 1);
    GrowthOperator first =
        LearnedStart.PUBLISHED.operator(GrowthPlan.of(SMALL, MIDDLE), DType.F64, 1);
    refuse("in the middle", () -> second.after(first));
    refuse("does not begin", () -> first.after(first));
    GrowthOperator single =
        LearnedStart.PUBLISHED.operator(GrowthPlan.of(MIDDLE, LARGE), DType.F32, 1);
    refuse("one dtype", () -> single.after(first));
  }

  @Test
  void whatWasGrownShrinksBack() {
    Tensors x = FixedOperatorsTest.random(SMALL, 2);
    for (GrowthOperator operator : operators(SMALL, MIDDLE)) {
      if (operator.terms().size() == 1) {
        GrowthData.assertClose(x, operator.shrink(operator.apply(x)), 1e-10);
      }
    }
    // Exact growth of another model: what comes back grows to the closest.
    GrowthOperator copies =
        FixedOperators.copies(
                SMALL, MIDDLE, DType.F64, WidthCopies.circular(SMALL, MIDDLE), 0, 1, 0)
            .operator();
    Tensors y = FixedOperatorsTest.random(MIDDLE, 3);
    Tensors residual = Tensors.empty();
    Tensors closest = copies.apply(copies.shrink(y));
    y.forEach(
        (name, t) ->
            residual.put(name, org.quadrille.linalg.Arithmetic.subtract(t, closest.get(name))));
    // The error of least squares is orthogonal to all that can be grown.
    copies
        .applyTransposed(residual)
        .forEach(
            (name, t) -> assertArrayEquals(new double[t.length()], t.toDoubles(), 1e-12, name));
  }

  @Test
  void whatCannotBeInvertedIsRefused() {
    GrowthPlan plan = GrowthPlan.of(SMALL, MIDDLE);
    refuse(
        "terms",
        () ->
            FixedOperators.advanced(
                    SMALL, MIDDLE, DType.F64, WidthCopies.random(SMALL, MIDDLE, 1), 0, 1, 0)
                .operator()
                .shrink(FixedOperatorsTest.random(MIDDLE, 1)));
    GrowthOperator forgetful =
        GrowthOperator.of(
            plan,
            DType.F64,
            LearnedStart.PUBLISHED
                .operator(plan, DType.F64, 1)
                .terms()
                .getFirst()
                .withMap("query", Dense.of(Tensor.zeros(DType.F64, 6, 4).fill(1))));
    refuse("depend on each other", () -> forgetful.shrink(FixedOperatorsTest.random(MIDDLE, 1)));
    GrowthOperator later =
        LearnedStart.PUBLISHED
            .withPerLayer(GrowthOrder.DEPTH_FIRST, true)
            .operator(plan, DType.F64, 1);
    refuse("factor by factor", () -> later.shrink(FixedOperatorsTest.random(MIDDLE, 1)));
  }

  /** Operations are counted for both orders of each tensor; the results agree. */
  @Test
  void theCheaperOrderGivesTheSame() {
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    Tensors gradient = FixedOperatorsTest.random(MIDDLE, 2);
    GrowthPlan plan = GrowthPlan.of(SMALL, MIDDLE);
    GrowthTerm term = LearnedStart.PUBLISHED.operator(plan, DType.F64, 1).terms().getFirst();
    Tensors expected = null;
    Tensors derivatives = null;
    for (GrowthOrder order : GrowthOrder.values()) {
      GrowthTerm same = GrowthTerm.of(order);
      for (Map.Entry<String, List<org.quadrille.linalg.LinearOperator>> e :
          term.maps().entrySet()) {
        same = same.withMaps(e.getKey(), e.getValue());
      }
      for (Map.Entry<String, org.quadrille.linalg.LinearOperator> e : term.depths().entrySet()) {
        same = same.withDepth(e.getKey(), e.getValue());
      }
      GrowthOperator operator = GrowthOperator.of(plan, DType.F64, same);
      Growth growth = operator.on(x);
      Tensors grown = growth.grow();
      Tensors back = operator.parameters().zerosLike();
      growth.backward(gradient, back, Tensors.empty());
      if (expected == null) {
        expected = grown.copy();
        derivatives = back;
      }
      GrowthData.assertClose(expected, grown, 1e-13);
      GrowthData.assertClose(derivatives, back, 1e-12);
    }
    refuse("CHEAPER", () -> LearnedStart.PUBLISHED.withPerLayer(GrowthOrder.CHEAPER, true));
    GrowthTerm perLayer =
        GrowthTerm.of(GrowthOrder.CHEAPER)
            .withMaps(
                "query",
                List.of(AxisMap.padding(DType.F64, 6, 4), AxisMap.padding(DType.F64, 6, 4)));
    refuse("CHEAPER", () -> GrowthOperator.of(plan, DType.F64, perLayer));
  }

  private static List<GrowthOperator> operators(Architecture from, Architecture to) {
    GrowthPlan plan = GrowthPlan.of(from, to);
    int[] source = LayerSources.interpolation(from.layers(), to.layers());
    GrowthOperator learned = LearnedStart.PUBLISHED.operator(plan, DType.F64, 5);
    String name = "layers.1.attention.query.weight";
    LowRank part =
        LowRank.of(
            GaussianMatrix.of(DType.F64, 1, to.width(), 2),
            GaussianMatrix.of(DType.F64, 2, 2, to.width()));
    return List.of(
        learned,
        learned.plus(Map.of(name, part)),
        FixedOperators.copies(from, to, DType.F64, WidthCopies.random(from, to, 3), source)
            .operator(),
        FixedOperators.advanced(from, to, DType.F64, WidthCopies.random(from, to, 3), source)
            .operator());
  }

  private static Architecture deep(Architecture a, int layers) {
    return Architecture.gpt(a.vocabulary(), a.positions(), a.width(), a.heads(), layers);
  }

  private static void refuse(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
