package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Adam;
import org.quadrille.optim.GradientCheck;
import org.quadrille.optim.Objective;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/** What grows besides weights: optimizers, adapters, operators; masks and alignment. */
class GrowthExtrasTest {
  private static final Architecture SMALL = Architecture.gpt(7, 4, 4, 2, 2);
  private static final Architecture LARGE = Architecture.gpt(7, 4, 6, 3, 3);
  private static final GrowthPlan PLAN = GrowthPlan.of(SMALL, LARGE);
  private static final Batch BATCH =
      Batch.of(new int[] {1, 5, 3, 0, 2, 2, 6, 4}, 2, 4)
          .withTargets(new int[] {5, 3, 0, 2, 2, 6, 4, 1});

  @Test
  void momentsGrowByTheOperatorAndItsSquare() {
    Tensors small = FixedOperatorsTest.random(SMALL, 1);
    Adam adam = new Adam(ParameterGroups.of(1e-3));
    Objective loss = Transformer.of(SMALL, small).objective(BATCH);
    Tensors gradients = small.zerosLike();
    for (int i = 0; i < 2; i++) {
      loss.lossAndGradient(small, gradients);
      adam.step(small, gradients, 1);
    }
    for (GrowthOperator operator : operators()) {
      Tensors grown = OptimizerGrowth.adam(operator, adam.state());
      Tensors squares = Tensors.empty();
      Tensors means = Tensors.empty();
      small
          .names()
          .forEach(
              name -> {
                means.put(name, adam.state().get("mean." + name));
                squares.put(name, adam.state().get("square." + name));
              });
      Tensors expected = operator.apply(means);
      // Column by column: M e_i squared, times v_i.
      Tensors sums = expected.zerosLike();
      for (String name :
          List.of("layers.0.attention.query.weight", "layers.1.feedforward.up.bias")) {
        for (int i = 0; i < small.get(name).length(); i++) {
          Tensors unit = small.zerosLike();
          flat(unit.get(name)).set(1, i);
          double v = flat(squares.get(name)).get(i);
          Tensors column = operator.apply(unit);
          column.forEach(
              (to, c) -> {
                for (int j = 0; j < c.length(); j++) {
                  double m = flat(c).get(j);
                  flat(sums.get(to)).set(flat(sums.get(to)).get(j) + m * m * v, j);
                }
              });
        }
      }
      Tensors only = squares.zerosLike();
      for (String name :
          List.of("layers.0.attention.query.weight", "layers.1.feedforward.up.bias")) {
        only.put(name, squares.get(name));
      }
      GrowthData.assertClose(sums, OptimizerGrowth.squared(operator).apply(only), 1e-12);
      Tensors large = operator.apply(small);
      for (String name : large.names()) {
        GrowthData.assertClose(name, expected.get(name), grown.get("mean." + name), 1e-13);
        assertTrue(Arrays.stream(grown.get("square." + name).toDoubles()).allMatch(v -> v >= 0));
      }
      // It is a state that Adam goes on from.
      Adam next = new Adam(ParameterGroups.of(1e-3));
      next.load(grown);
      Tensors back = large.zerosLike();
      Transformer.of(LARGE, large).objective(BATCH).lossAndGradient(large, back);
      next.step(large, back, 1);
      assertEquals(3, next.state().get("step").get(0));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> OptimizerGrowth.adam(operators().getFirst(), Tensors.empty()));
  }

  @Test
  void adaptersGrowAsTheirProductsDo() {
    List<GrowthOperator> all = new java.util.ArrayList<>(operators());
    all.add(
        LearnedStart.PUBLISHED
            .withPerLayer(GrowthOrder.DEPTH_FIRST, true)
            .operator(PLAN, DType.F64, 2));
    all.add(
        FixedOperators.advanced(
                SMALL, LARGE, DType.F64, WidthCopies.random(SMALL, LARGE, 1), 0, 1, 0)
            .operator());
    for (GrowthOperator operator : all) {
      for (TensorRule rule : PLAN.rules()) {
        if (rule.axes().size() != 2) {
          continue;
        }
        int[] shape = PLAN.smallShapes().get(rule.name(0));
        List<LowRank> adapters =
            java.util.stream.IntStream.range(0, rule.inLayers() ? 2 : 1)
                .mapToObj(
                    l ->
                        LowRank.of(
                            GaussianMatrix.of(DType.F64, l, shape[0], 2),
                            GaussianMatrix.of(DType.F64, l + 9, 2, shape[1]),
                            0.5))
                .toList();
        List<LowRank> grown = operator.growAdapters(rule, adapters);
        Tensors x = FixedOperatorsTest.random(SMALL, 1).zerosLike();
        for (int l = 0; l < adapters.size(); l++) {
          x.put(rule.name(l), adapters.get(l).toDense());
        }
        Tensors dense = operator.apply(x);
        for (int l = 0; l < grown.size(); l++) {
          GrowthData.assertClose(
              rule.name(l), dense.get(rule.name(l)), grown.get(l).toDense(), 1e-12);
        }
      }
    }
    // A copied layer costs no rank.
    GrowthOperator copies =
        FixedOperators.copies(SMALL, LARGE, DType.F64, WidthCopies.random(SMALL, LARGE, 1), 0, 1, 0)
            .operator();
    TensorRule query =
        PLAN.rules().stream().filter(r -> r.name().contains("query.w")).findFirst().orElseThrow();
    LowRank one =
        LowRank.of(GaussianMatrix.of(DType.F64, 1, 4, 1), GaussianMatrix.of(DType.F64, 2, 1, 4));
    assertEquals(1, copies.growAdapters(query, List.of(one, one)).get(2).rank());
    assertThrows(IllegalArgumentException.class, () -> copies.growAdapters(query, List.of(one)));
  }

  @Test
  void weightsKeptAsOperatorsAreReadAsTheirMatrices() {
    Tensors small = FixedOperatorsTest.random(SMALL, 1);
    Map<String, LinearOperator> kept = new LinkedHashMap<>();
    Tensors rest = Tensors.empty();
    Tensors whole = Tensors.empty();
    small.forEach(
        (name, tensor) -> {
          if (name.contains("feedforward.up.weight")) {
            LowRank operator =
                LowRank.of(
                    GaussianMatrix.of(DType.F64, 1, 16, 2), GaussianMatrix.of(DType.F64, 2, 2, 4));
            kept.put(name, operator);
            whole.put(name, operator.toDense());
          } else {
            rest.put(name, tensor);
            whole.put(name, tensor);
          }
        });
    GrowthOperator operator = operators().getFirst();
    GrowthData.assertClose(operator.apply(whole), operator.apply(rest, kept), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> operator.apply(Tensors.empty(), kept));
  }

  @Test
  void aClosedMaskHidesAllThatIsNew() {
    // Random new heads and units, a copied layer: all hidden at first.
    GrowthOperator operator =
        FixedOperators.directCopy(SMALL, Architecture.gpt(7, 4, 4, 2, 3), DType.F64, 1, 0, 1, 0)
            .operator();
    Architecture small = Architecture.llama(7, 4, 8, 4, 2, 2, 12);
    Architecture wide = wider(small);
    GrowthPlan plan = GrowthPlan.of(small, wide);
    GrowthOperator wideOperator =
        FixedOperators.directCopy(small, wide, DType.F64, 1, 0, 1, 1).operator();
    check(small, wide, plan, wideOperator, 2);
    check(SMALL, Architecture.gpt(7, 4, 4, 2, 3), operator.plan(), operator, 2);
    assertThrows(IllegalArgumentException.class, () -> GrowthMask.of(plan, 3));
    GrowthMask mask = GrowthMask.of(plan);
    assertThrows(IllegalArgumentException.class, () -> mask.apply(Tensors.empty(), 1.5));
    assertThrows(IllegalArgumentException.class, () -> mask.opening(step -> null, 0));
  }

  private static void check(
      Architecture small, Architecture large, GrowthPlan plan, GrowthOperator operator, int added) {
    Tensors weights = FixedOperatorsTest.random(small, 2);
    Tensors grown = operator.apply(weights);
    GrowthMask mask = GrowthMask.of(plan, added);
    Objective loss = Transformer.random(large, DType.F64, 1).objective(BATCH);
    double before = Transformer.of(small, weights).loss(BATCH);
    assertEquals(before, mask.masked(loss, 0).loss(grown), 1e-12);
    assertEquals(before, loss.loss(mask.apply(grown, 0)), 1e-12);
    double after = loss.loss(grown);
    assertTrue(Math.abs(after - before) > 1e-3, "growth alone changes the loss");
    assertEquals(after, mask.masked(loss, 1).loss(grown));
    StepObjective opening = mask.opening(StepObjective.fixed(loss), 4);
    assertEquals(mask.masked(loss, 0.5).loss(grown), opening.at(1).loss(grown));
    assertEquals(after, opening.at(3).loss(grown));
    if (small.biases()) {
      // Slow; one model is enough for the chain rule.
      checkGradients(mask, loss, grown);
    }
  }

  private static void checkGradients(GrowthMask mask, Objective loss, Tensors grown) {
    Objective half = mask.masked(loss, 0.3);
    Tensors gradients = grown.zerosLike();
    half.lossAndGradient(grown, gradients);
    GradientCheck.Worst worst = GradientCheck.worst(half, grown, gradients);
    assertTrue(worst.error() < 1e-6, worst.toString());
  }

  /** More heads, hidden units and layers on the same stream. */
  private static Architecture wider(Architecture a) {
    return new Architecture(
        a.vocabulary(),
        a.positions(),
        a.types(),
        a.width(),
        6,
        3,
        a.headSize(),
        3,
        20,
        a.meanCentered(),
        a.normFirst(),
        a.epsilon(),
        a.activation(),
        a.rotaryBase(),
        a.causal(),
        a.biases(),
        a.head(),
        a.classes(),
        a.pooled(),
        a.patchInputs());
  }

  @Test
  void assignmentsAreTheLargest() {
    for (int n = 1; n <= 6; n++) {
      for (int seed = 0; seed < 6; seed++) {
        Tensor weight = GaussianMatrix.of(DType.F64, 10 * n + seed, n, n);
        int[] found = Assignment.largest(weight);
        assertEquals(best(weight, 0, new boolean[n]), value(weight, found), 1e-12);
        assertEquals(n, Arrays.stream(found).distinct().count());
      }
    }
    assertArrayEquals(new int[] {0, 1, 2}, Assignment.largest(Tensor.zeros(DType.F64, 3, 3)));
  }

  @Test
  void alignmentKeepsTheFunctionAndUndoesPermutations() {
    for (Architecture a :
        List.of(Architecture.gpt(7, 4, 8, 4, 3), Architecture.llama(7, 4, 8, 4, 2, 3, 12))) {
      Tensors weights = FixedOperatorsTest.random(a, 1);
      Tensors aligned = NeuronAlignment.operator(a, weights).apply(weights);
      assertArrayEquals(
          Transformer.of(a, weights).logits(BATCH).toDoubles(),
          Transformer.of(a, aligned).logits(BATCH).toDoubles(),
          1e-11);
      // A layer that is the one below with its neurons shuffled becomes that again.
      Tensors shuffled = weights.copy();
      int[] order = {5, 2, 0, 7, 1, 3, 6, 4, 11, 9, 8, 10};
      for (String name : weights.names()) {
        if (name.startsWith("layers.1.")) {
          Tensor below = weights.get(name.replace("layers.1.", "layers.0."));
          Tensor to = shuffled.get(name).assign(below);
          boolean unit = name.contains("up") || name.contains("gate");
          for (int j = 0; j < order.length; j++) {
            if (unit) {
              to.row(j).assign(below.row(order[j]));
            } else if (name.endsWith("down.weight")) {
              to.transpose().row(j).assign(below.transpose().row(order[j]));
            }
          }
        }
      }
      Tensors back = NeuronAlignment.operator(a, shuffled).apply(shuffled);
      for (String name : back.names()) {
        if (name.startsWith("layers.1.")) {
          assertArrayEquals(
              weights.get(name.replace("layers.1.", "layers.0.")).toDoubles(),
              back.get(name).toDoubles(),
              name);
        }
      }
    }
  }

  private static double best(Tensor weight, int row, boolean[] used) {
    if (row == weight.size(0)) {
      return 0;
    }
    double best = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < used.length; j++) {
      if (!used[j]) {
        used[j] = true;
        best = Math.max(best, weight.get(row, j) + best(weight, row + 1, used));
        used[j] = false;
      }
    }
    return best;
  }

  private static double value(Tensor weight, int... columns) {
    double sum = 0;
    for (int i = 0; i < columns.length; i++) {
      sum += weight.get(i, columns[i]);
    }
    return sum;
  }

  private static List<GrowthOperator> operators() {
    return List.of(
        LearnedStart.PUBLISHED.operator(PLAN, DType.F64, 1),
        FixedOperators.copies(SMALL, LARGE, DType.F64, WidthCopies.random(SMALL, LARGE, 1), 0, 1, 0)
            .operator());
  }

  private static Tensor flat(Tensor x) {
    return x.reshape(x.length());
  }
}
