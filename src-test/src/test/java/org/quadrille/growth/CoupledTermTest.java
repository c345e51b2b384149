package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/** Growth that mixes kinds of matrices: its definition, its adjoint, its gradients. */
class CoupledTermTest {
  private static final Architecture SMALL = Architecture.gpt(5, 3, 2, 1, 2);
  private static final Architecture LARGE = Architecture.gpt(5, 3, 4, 2, 3);
  private static final GrowthPlan PLAN = GrowthPlan.of(SMALL, LARGE);

  @Test
  void blocksAreTheSumsOfTheDefinition() {
    GrowthOperator operator = random(2);
    CoupledTerm term = operator.coupled().getFirst();
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    Tensors grown = operator.apply(x);
    Tensor out = term.parameters().get("out");
    Tensor in = term.parameters().get("in");
    Tensor kinds = term.parameters().get("kinds");
    Tensor layers = term.parameters().get("layers");
    int k2 = 0;
    for (CoupledTerm.Member to : term.members()) {
      for (int i = 0; i < to.down() * to.across(); i++, k2++) {
        for (int l2 = 0; l2 < 3; l2++) {
          Tensor block = block(grown.get(to.rule().name(l2)), to, i, 4);
          for (int r2 = 0; r2 < 4; r2++) {
            for (int c2 = 0; c2 < 4; c2++) {
              double sum = 0;
              int k1 = 0;
              for (CoupledTerm.Member from : term.members()) {
                for (int j = 0; j < from.down() * from.across(); j++, k1++) {
                  for (int l1 = 0; l1 < 2; l1++) {
                    Tensor w = block(x.get(from.rule().name(l1)), from, j, 2);
                    for (int r1 = 0; r1 < 2; r1++) {
                      for (int c1 = 0; c1 < 2; c1++) {
                        double m = 0;
                        for (int q = 0; q < 16; q++) {
                          int a = q & 1;
                          int b = q >> 1 & 1;
                          int c = q >> 2 & 1;
                          int d = q >> 3;
                          m +=
                              out.get(a, b, r2, r1)
                                  * in.get(b, c, c2, c1)
                                  * kinds.get(c, d, k2, k1)
                                  * layers.get(d, a, l2, l1);
                        }
                        sum += m * w.get(r1, c1);
                      }
                    }
                  }
                }
              }
              assertEquals(sum, block.get(r2, c2), 1e-11 * Math.max(1, Math.abs(sum)));
            }
          }
        }
      }
    }
  }

  @Test
  void theStartIsAnOperatorWithOneMapForAll() {
    GrowthOperator coupled = LearnedStart.PUBLISHED.coupled(PLAN, DType.F64, 1, 3);
    CoupledTerm term = coupled.coupled().getFirst();
    Tensor map = term.parameters().get("out").row(0).row(0);
    GrowthTerm same =
        GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
            .withDepth(
                GrowthPlan.ALL, AxisMap.dense(term.parameters().get("layers").row(0).row(0)));
    Tensor wide = Tensor.zeros(DType.F64, 16, 8);
    for (int i = 0; i < 4; i++) {
      wide.slice(0, 4 * i, 4 * i + 4).slice(1, 2 * i, 2 * i + 2).assign(map);
    }
    for (String name : List.of("residual", "query", "key", "value")) {
      same = same.withMap(name, AxisMap.dense(map));
    }
    Tensors expected =
        GrowthOperator.of(PLAN, DType.F64, same.withMap("hidden", AxisMap.dense(wide)))
            .apply(FixedOperatorsTest.random(SMALL, 1));
    Tensors actual = coupled.apply(FixedOperatorsTest.random(SMALL, 1));
    for (String name : expected.names()) {
      if (expected.get(name).rank() == 2 && name.startsWith("layers.")) {
        GrowthData.assertClose(name, expected.get(name), actual.get(name), 1e-13);
      }
    }
  }

  @Test
  void linearWithAnAdjoint() {
    GrowthOperator operator = random(2);
    Tensors x = FixedOperatorsTest.random(SMALL, 1);
    Tensors y = FixedOperatorsTest.random(LARGE, 2);
    double there = dot(operator.apply(x), y);
    double back = dot(x, operator.applyTransposed(y));
    assertEquals(there, back, 1e-11 * Math.max(1, Math.abs(there)));
  }

  @Test
  void gradientsAreThoseOfCentralDifferences() {
    GrowthObjective objective =
        GrowthObjective.of(random(2), FixedOperatorsTest.random(SMALL, 8), new SumOfSquares(LARGE))
            .tuningSmall();
    Tensors gradients = objective.parameters().zerosLike();
    objective.lossAndGradient(objective.parameters(), gradients);
    // The loss is a polynomial; a direction of its own for every tensor, twice.
    for (String name : gradients.names()) {
      Tensor parameter = objective.parameters().get(name);
      Tensor before = parameter.copy();
      for (int trial = 0; trial < 2; trial++) {
        Tensor direction =
            GaussianMatrix.of(DType.F64, trial + name.hashCode(), 1, before.length())
                .reshape(before.shape());
        double step = 1e-5;
        Arithmetic.axpy(step, direction, parameter);
        double up = objective.loss(objective.parameters());
        Arithmetic.axpy(-step, direction, parameter.assign(before));
        double down = objective.loss(objective.parameters());
        parameter.assign(before);
        double expected = (up - down) / (2 * step);
        double actual = Arithmetic.dot(gradients.get(name), direction);
        assertEquals(expected, actual, 1e-6 * Math.max(1, Math.abs(expected)), name);
      }
    }
  }

  /** Half the squared distance to fixed weights: cheap, and all gradients differ. */
  private static final class SumOfSquares implements Objective {
    private final Tensors target;

    SumOfSquares(Architecture architecture) {
      target = FixedOperatorsTest.random(architecture, 5);
    }

    @Override
    public double loss(Tensors parameters) {
      double sum = 0;
      for (String name : target.names()) {
        Tensor d = Arithmetic.subtract(parameters.get(name), target.get(name));
        sum += 0.5 * Arithmetic.dot(d, d);
      }
      return sum / 100;
    }

    @Override
    public double lossAndGradient(Tensors parameters, Tensors gradients) {
      gradients.forEach(
          (name, g) -> {
            g.assign(Arithmetic.subtract(parameters.get(name), target.get(name)));
            Arithmetic.scale(0.01, g);
          });
      return loss(parameters);
    }
  }

  @Test
  void learnsWithTheSameBitsForAnyThreads(@TempDir Path folder) throws IOException {
    GrowthOperator first = WorkerPool.of(1).call(CoupledTermTest::learned);
    GrowthOperator second = WorkerPool.of(4).call(CoupledTermTest::learned);
    Path path = folder.resolve("coupled.safetensors");
    GrowthOperatorFile.write(first, path);
    GrowthOperator read = GrowthOperatorFile.read(path, PLAN);
    GrowthOperator copy = LearnedStart.from(read);
    Tensors x = FixedOperatorsTest.random(SMALL, 3);
    for (String name : first.parameters().names()) {
      double[] numbers = first.parameters().get(name).toDoubles();
      assertArrayEquals(numbers, second.parameters().get(name).toDoubles(), name);
      assertArrayEquals(numbers, read.parameters().get(name).toDoubles(), name);
    }
    GrowthData.assertClose(first.apply(x), copy.apply(x), 1e-13);
  }

  @Test
  void badInput() {
    refuse("at least 1", () -> LearnedStart.PUBLISHED.coupled(PLAN, DType.F64, 0, 1));
    CoupledTerm term = random(1).coupled().getFirst();
    Tensors c = term.parameters();
    refuse(
        "core \"kinds\"",
        () ->
            CoupledTerm.of(
                PLAN,
                c.get("out"),
                c.get("in"),
                Tensor.zeros(DType.F64, 1, 1, 3, 3),
                c.get("layers")));
    GrowthPlan other = GrowthPlan.of(SMALL, Architecture.gpt(5, 3, 4, 2, 4));
    refuse(
        "core \"layers\"",
        () -> {
          GrowthOperator operator = LearnedStart.PUBLISHED.operator(other, DType.F64, 1);
          operator.plus(
              CoupledTerm.of(other, c.get("out"), c.get("in"), c.get("kinds"), c.get("layers")));
        });
    GrowthOperator operator = random(1);
    TensorRule covered = term.members().getFirst().rule();
    refuse("as a whole", () -> operator.grow(covered, List.of()));
    GrowthPlan next = GrowthPlan.of(LARGE, Architecture.gpt(5, 3, 6, 3, 3));
    refuse("coupled", () -> LearnedStart.PUBLISHED.operator(next, DType.F64, 1).after(operator));
    refuse("terms", () -> operator.shrink(FixedOperatorsTest.random(LARGE, 1)));
    refuse(
        "coupled term of F32",
        () ->
            operator.plus(
                LearnedStart.PUBLISHED.coupled(PLAN, DType.F32, 1, 1).coupled().getFirst()));
  }

  private static GrowthOperator learned() {
    Transformer model = Transformer.random(LARGE, DType.F64, 1);
    Batch batch = Batch.of(new int[] {1, 3, 2}, 1, 3).withTargets(new int[] {3, 2, 4});
    GrowthOperator operator = LearnedStart.PUBLISHED.coupled(PLAN, DType.F64, 2, 3);
    LearnedGrowth learned =
        GrowthLearning.of(
                operator,
                FixedOperatorsTest.random(SMALL, 8),
                StepObjective.fixed(model.objective(batch)),
                LearningSettings.OURS.withSteps(15))
            .run();
    assertTrue(learned.losses()[14] < learned.losses()[0]);
    return operator;
  }

  /** All cores random. */
  private static GrowthOperator random(int rank) {
    GrowthOperator operator = LearnedStart.PUBLISHED.coupled(PLAN, DType.F64, rank, 3);
    Tensors cores = operator.coupled().getFirst().parameters();
    cores.forEach(
        (name, core) -> {
          int rows = core.size(2) * rank * rank;
          Tensor drawn = GaussianMatrix.of(DType.F64, name.length() + rows, rows, core.size(3));
          core.assign(Arithmetic.scale(0.3, drawn).reshape(core.shape()));
        });
    return operator;
  }

  private static Tensor block(Tensor w, CoupledTerm.Member member, int i, int size) {
    int row = i / member.across() * size;
    int col = i % member.across() * size;
    return w.slice(0, row, row + size).slice(1, col, col + size);
  }

  private static double dot(Tensors a, Tensors b) {
    double sum = 0;
    for (String name : a.names()) {
      sum += Arithmetic.dot(a.get(name), b.get(name));
    }
    return sum;
  }

  private static void refuse(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
