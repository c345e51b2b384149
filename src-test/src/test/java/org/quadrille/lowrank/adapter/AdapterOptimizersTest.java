package org.quadrille.lowrank.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.adapter.AdapterData.assertClose;
import static org.quadrille.lowrank.adapter.AdapterData.assertSameBits;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Adam;
import org.quadrille.optim.GradientDescent;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;

/**
 * Optimizers and rates of adapters: the published rule of each, and resuming with the same bits.
 */
class AdapterOptimizersTest {
  private static final String MAP = "a";
  private static final int ROWS = 9;
  private static final int COLS = 7;

  private static Adapters adapters(AdapterConfig config) {
    return Adapters.attach(
        Map.of(MAP, Dense.of(GaussianMatrix.of(DType.F64, 1, ROWS, COLS))), config);
  }

  /** One with numbers away from their start. */
  private static Adapters moved(AdapterConfig config) {
    Adapters adapters = adapters(config);
    adapters
        .parameters()
        .forEach(
            (name, tensor) -> {
              Tensor random = GaussianMatrix.of(DType.F64, name.hashCode(), 1, tensor.length());
              tensor.assign(random.reshape(tensor.shape()));
            });
    return adapters;
  }

  private static Tensor wanted() {
    return GaussianMatrix.of(DType.F64, 2, ROWS, COLS);
  }

  private static Teacher teacher(Adapters adapters) {
    return new Teacher(adapters.operators().get(MAP), wanted(), MAP + ".");
  }

  private static Tensors gradients(Adapters adapters) {
    Tensors gradients = adapters.parameters().zerosLike();
    teacher(adapters).lossAndGradient(adapters.parameters(), gradients);
    return gradients;
  }

  private static void train(Adapters adapters, Optimizer optimizer, int steps) {
    for (int i = 0; i < steps; i++) {
      optimizer.step(adapters.parameters(), gradients(adapters), 1);
    }
  }

  private static Optimizer descent(double rate) {
    return new GradientDescent(ParameterGroups.of(rate), 0);
  }

  private static Tensor change(Adapters adapters, Tensor before) {
    return Arithmetic.subtract(adapters.operators().get(MAP).toDense(), before);
  }

  @Test
  void leftFactorsLearnFasterByTheRatio() {
    Adapters adapters = moved(AdapterConfig.rank(2));
    Tensors gradients = gradients(adapters);
    Tensors before = adapters.parameters().copy();
    new GradientDescent(AdapterRates.plus(0.01, 16, 0), 0)
        .step(adapters.parameters(), gradients, 1);
    for (String part : List.of("left", "right")) {
      Tensor expected = before.get(MAP + "." + part);
      Arithmetic.axpy(
          part.equals("left") ? -0.16 : -0.01, gradients.get(MAP + "." + part), expected);
      assertClose(part, expected, adapters.parameters().get(MAP + "." + part), 1e-15);
    }
    assertEquals(0, AdapterRates.plus(0.01, 16, 0.1).of("x.bias").decay());
    assertEquals(0.1, AdapterRates.plus(0.01, 16, 0.1).of("a.left").decay());
    assertThrows(IllegalArgumentException.class, () -> AdapterRates.plus(0.01, 0.5, 0));
  }

  /** Steps of W do not depend on how the update is split into factors, up to the damping. */
  @Test
  void riemannianStepsDoNotDependOnTheBasis() {
    double damping = 1e-9;
    Tensor turn = GaussianMatrix.of(DType.F64, 5, 3, 3);
    Tensor[] steps = new Tensor[2];
    for (int i = 0; i < 2; i++) {
      Adapters adapters = moved(AdapterConfig.rank(3));
      AdapterParts parts = adapters.operators().get(MAP).parts();
      if (i == 1) {
        parts
            .left()
            .assign(
                Qr.decompose(turn.transpose().copy())
                    .solve(parts.left().transpose().copy())
                    .transpose());
        parts.right().assign(MatrixProduct.multiply(turn, parts.right()));
      }
      Tensor before = adapters.operators().get(MAP).toDense();
      Optimizer optimizer =
          new PreconditionedOptimizer(descent(1e-5), adapters, Preconditioner.RIEMANNIAN, damping);
      train(adapters, optimizer, 1);
      steps[i] = Arithmetic.scaled(1e5, change(adapters, before));
    }
    assertClose("step", steps[0], steps[1], 1e-4);
  }

  @Test
  void preconditionersFollowTheirFormula() {
    double damping = 0.01;
    for (Preconditioner kind : Preconditioner.values()) {
      boolean fixed = kind == Preconditioner.FIXED_RIGHT;
      Adapters adapters =
          moved(AdapterConfig.rank(3).withTrained(fixed ? TrainedParts.LEFT : TrainedParts.BOTH));
      AdapterParts parts = adapters.operators().get(MAP).parts();
      Tensors gradients = gradients(adapters);
      double s = parts.scale();
      Tensor left = parts.left().copy();
      Tensor ofLeft = inverse(parts.right(), damping);
      MatrixProduct.multiply(fixed ? -1 / (s * s) : -1, gradients.get("a.left"), ofLeft, 1, left);
      Tensor right = parts.right().copy();
      if (!fixed) {
        Tensor ofRight = inverse(parts.left().transpose(), damping);
        MatrixProduct.multiply(-1, ofRight, gradients.get("a.right"), 1, right);
      }
      new PreconditionedOptimizer(descent(1), adapters, kind, damping)
          .step(adapters.parameters(), gradients, 1);
      assertClose("B", left, parts.left(), 1e-10);
      assertClose("A", right, parts.right(), 1e-10);
    }
    Adapters both = moved(AdapterConfig.rank(3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PreconditionedOptimizer(descent(1), both, Preconditioner.FIXED_RIGHT, 0.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PreconditionedOptimizer(descent(1), both, Preconditioner.RIEMANNIAN, 0));
  }

  /** {@code (X X^T + d I)^-1} by another library. */
  private static Tensor inverse(Tensor x, double damping) {
    DMatrixRMaj factor = new DMatrixRMaj(x.size(0), x.size(1), true, x.copy().toDoubles());
    DMatrixRMaj gram = new DMatrixRMaj(x.size(0), x.size(0));
    CommonOps_DDRM.multTransB(factor, factor, gram);
    for (int i = 0; i < x.size(0); i++) {
      gram.add(i, i, damping);
    }
    CommonOps_DDRM.invert(gram);
    return Tensor.of(gram.getData(), x.size(0), x.size(0));
  }

  private static AdapterConfig triplets(int rank) {
    return AdapterConfig.rank(rank)
        .withForm(AdapterForm.TRIPLETS)
        .withStart(AdapterStart.bothGaussian(0.3));
  }

  @Test
  void budgetFallsAsACube() {
    RankBudget budget = new RankBudget(4, 100, 20, 30, 5, 0.85, 0.85, 0);
    assertEquals(12, budget.at(20, 12));
    // Half way: 4 + 8 / 8.
    assertEquals(5, budget.at(45, 12));
    assertEquals(4, budget.at(71, 12));
    int last = 12;
    for (int step = 1; step <= 100; step++) {
      assertTrue(budget.at(step, 12) <= last);
      last = budget.at(step, 12);
    }
    assertThrows(IllegalArgumentException.class, () -> RankBudget.of(4, 100, 60, 40));
    assertThrows(IllegalArgumentException.class, () -> RankBudget.of(-1, 100, 6, 40));
  }

  /** Of a target of rank 2 the budget of 2 finds the two directions, of 6 that it begins with. */
  @Test
  void allocationKeepsWhatMatters() {
    Adapters adapters = adapters(triplets(6));
    AdaptedOperator operator = adapters.operators().get(MAP);
    Tensor target = operator.base().toDense();
    Tensor left = GaussianMatrix.of(DType.F64, 21, ROWS, 2);
    MatrixProduct.multiply(1, left, GaussianMatrix.of(DType.F64, 22, 2, COLS), 1, target);
    Teacher teacher = new Teacher(operator, target, MAP + ".");
    double start = teacher.loss(null);
    RankBudget budget = new RankBudget(2, 1500, 100, 900, 10, 0.85, 0.85, 0.01);
    RankAllocatingOptimizer optimizer =
        new RankAllocatingOptimizer(new Adam(ParameterGroups.of(2e-2)), adapters, budget);
    for (int i = 0; i < 1500; i++) {
      Tensors gradients = adapters.parameters().zerosLike();
      teacher.lossAndGradient(null, gradients);
      optimizer.step(adapters.parameters(), gradients, 1);
    }
    assertEquals(2, optimizer.ranks().get(MAP));
    int alive = 0;
    for (double value : operator.parts().inner().toDoubles()) {
      alive += value == 0 ? 0 : 1;
    }
    assertEquals(2, alive);
    assertTrue(teacher.loss(null) < 0.01 * start, teacher.loss(null) + " of " + start);
    assertThrows(
        IllegalArgumentException.class,
        () -> new RankAllocatingOptimizer(descent(1), adapters(AdapterConfig.rank(2)), budget));
  }

  /** With a zero rate only importances move: those of one step by hand. */
  @Test
  void scoresFollowTheirFormula() {
    Adapters adapters = moved(triplets(3));
    Tensors gradients = gradients(adapters);
    Tensors w = adapters.parameters().copy();
    double[] scores = new double[3];
    for (String part : List.of("left", "right", "inner")) {
      Tensor p = w.get("a." + part);
      Tensor g = gradients.get("a." + part);
      for (int i = 0; i < 3; i++) {
        int count = part.equals("inner") ? 1 : part.equals("left") ? ROWS : COLS;
        for (int j = 0; j < count; j++) {
          int[] at =
              part.equals("inner")
                  ? new int[] {i}
                  : part.equals("left") ? new int[] {j, i} : new int[] {i, j};
          double now = Math.abs(p.get(at) * g.get(at));
          double mean = 0.15 * now;
          scores[i] += mean * 0.15 * Math.abs(now - mean) / count;
        }
      }
    }
    int best =
        scores[0] > scores[1] ? (scores[0] > scores[2] ? 0 : 2) : scores[1] > scores[2] ? 1 : 2;
    RankAllocatingOptimizer optimizer =
        new RankAllocatingOptimizer(
            descent(0), adapters, new RankBudget(1, 2, 0, 1, 1, 0.85, 0.85, 0));
    optimizer.step(adapters.parameters(), gradients, 1);
    Tensor values = adapters.operators().get(MAP).parts().inner();
    for (int i = 0; i < 3; i++) {
      assertEquals(i == best, values.get(i) != 0, "triplet " + i);
    }
  }

  @Test
  void restartsKeepTheMapAndRaiseTheRank() {
    Adapters adapters = adapters(AdapterConfig.rank(1));
    AdaptedOperator operator = adapters.operators().get(MAP);
    Tensor start = operator.toDense();
    RestartingOptimizer optimizer =
        new RestartingOptimizer(() -> new Adam(ParameterGroups.of(0.05)), adapters, 40);
    train(adapters, optimizer, 39);
    Tensors last = gradients(adapters);
    Tensor copyLeft = operator.parts().left().copy();
    optimizer.step(adapters.parameters(), last, 1);
    assertEquals(1, optimizer.restarts());
    assertEquals(0, Norms.max(operator.parts().left()));
    assertTrue(Norms.max(copyLeft) > 0);
    Tensor after = operator.toDense();
    assertEquals(1, rank(Arithmetic.subtract(after, start)));
    // The map is that before the restart: new factors add nothing.
    assertSameBits("continuous", operator.base().toDense(), after);
    train(adapters, optimizer, 80);
    assertEquals(3, rank(Arithmetic.subtract(operator.toDense(), start)));
    assertThrows(
        IllegalArgumentException.class,
        () -> adapters(AdapterConfig.rank(1).withMagnitude(Magnitude.DETACHED)).restart(1));
  }

  private static int rank(Tensor a) {
    double[] values = Svd.values(a).toDoubles();
    int rank = 0;
    for (double value : values) {
      rank += value > 1e-10 * values[0] ? 1 : 0;
    }
    return rank;
  }

  @Test
  void rateRisesAnewInEachRound() {
    Schedule schedule = RestartingOptimizer.schedule(Schedule.constant(5), 20, 4);
    assertEquals(0.2, schedule.factor(1), 1e-15);
    assertEquals(1, schedule.factor(20));
    assertEquals(0.25, schedule.factor(21));
    assertEquals(0.75, schedule.factor(23));
    assertEquals(1, schedule.factor(24));
    assertEquals(0.25, schedule.factor(41));
    assertThrows(
        IllegalArgumentException.class,
        () -> RestartingOptimizer.schedule(Schedule.constant(0), 4, 5));
  }

  @Test
  void projectedStepsAreThoseOfTheSubspace() {
    for (int[] shape : new int[][] {{6, 20}, {20, 6}}) {
      Tensor weight = GaussianMatrix.of(DType.F64, 3, shape[0], shape[1]);
      Tensor gradient = GaussianMatrix.of(DType.F64, 4, shape[0], shape[1]);
      Svd svd = Svd.exact(gradient).truncate(2);
      boolean wide = shape[0] <= shape[1];
      Tensor p = wide ? svd.u() : svd.v();
      // The first step of Adam with no epsilon to speak of is the sign of the gradient.
      Tensor small =
          wide
              ? MatrixProduct.multiply(p.transpose(), gradient)
              : MatrixProduct.multiply(gradient, p);
      Tensor sign = small.copy();
      for (int i = 0; i < sign.size(0); i++) {
        for (int j = 0; j < sign.size(1); j++) {
          sign.set(Math.signum(small.get(i, j)), i, j);
        }
      }
      Tensor expected = weight.copy();
      MatrixProduct.multiply(
          -0.25 * 0.1, wide ? p : sign, wide ? sign : p.transpose(), 1, expected);
      Tensors parameters = Tensors.of("w", weight).put("bias", Tensor.zeros(DType.F64, 3));
      Tensors gradients = Tensors.of("w", gradient).put("bias", Tensor.zeros(DType.F64, 3).fill(2));
      new ProjectedOptimizer(
              new Adam(ParameterGroups.of(0.1), new Adam.Options(0.9, 0.999, 1e-30)),
              new ProjectedOptimizer.Settings(2, 0.25, 10, 0))
          .step(parameters, gradients, 1);
      assertClose("weight", expected, weight, 1e-9);
      assertClose("bias", Tensor.zeros(DType.F64, 3).fill(-0.1), parameters.get("bias"), 1e-12);
    }
  }

  @Test
  void projectionOnEverythingIsDescent() {
    // With all directions and a method that commutes with rotations nothing is lost.
    Tensor a = GaussianMatrix.of(DType.F64, 3, 5, 8);
    Tensors plain = Tensors.of("w", a.copy());
    Tensors projected = Tensors.of("w", a.copy());
    Optimizer one = descent(0.1);
    Optimizer other =
        new ProjectedOptimizer(descent(0.1), new ProjectedOptimizer.Settings(4, 1, 1, 0));
    Tensor low =
        MatrixProduct.multiply(
            GaussianMatrix.of(DType.F64, 7, 5, 4), GaussianMatrix.of(DType.F64, 8, 4, 8));
    for (int i = 0; i < 3; i++) {
      one.step(plain, Tensors.of("w", low), 1);
      other.step(projected, Tensors.of("w", low), 1);
    }
    assertClose("w", plain.get("w"), projected.get("w"), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> new ProjectedOptimizer.Settings(0, 1, 1, 0));
  }

  @Test
  void resumedRunsHaveTheSameBits() {
    Supplier<Optimizer> adam = () -> new Adam(ParameterGroups.of(0.03));
    checkResume(AdapterConfig.rank(2), a -> new RestartingOptimizer(adam, a, 7));
    checkResume(
        triplets(4),
        a ->
            new RankAllocatingOptimizer(
                adam.get(), a, new RankBudget(2, 30, 3, 5, 2, 0.85, 0.85, 0.1)));
    checkResume(
        AdapterConfig.rank(4),
        a -> new ProjectedOptimizer(adam.get(), new ProjectedOptimizer.Settings(2, 0.25, 6, 1)));
    checkResume(
        AdapterConfig.rank(2),
        a -> new PreconditionedOptimizer(adam.get(), a, Preconditioner.RIEMANNIAN, 0.01));
  }

  private static void checkResume(
      AdapterConfig config, java.util.function.Function<Adapters, Optimizer> kind) {
    Adapters whole = adapters(config);
    train(whole, kind.apply(whole), 30);
    Adapters first = adapters(config);
    Optimizer before = kind.apply(first);
    train(first, before, 17);
    Tensors saved = before.state().copy();
    Tensors weights = first.parameters().copy();
    Adapters second = adapters(config);
    second.parameters().forEach((name, tensor) -> tensor.assign(weights.get(name)));
    Optimizer after = kind.apply(second);
    after.load(saved);
    train(second, after, 13);
    assertSameBits(
        "resumed", whole.operators().get(MAP).toDense(), second.operators().get(MAP).toDense());
  }
}
