package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/** Learning of growth operators: what moves, when it ends, the same bits. */
class GrowthLearningTest {
  private static final Architecture SMALL = Architecture.gpt(11, 8, 8, 2, 2);
  private static final Architecture LARGE = Architecture.gpt(11, 8, 12, 3, 3);
  private static final GrowthPlan PLAN = GrowthPlan.of(SMALL, LARGE);
  private static final LearningSettings SHORT = LearningSettings.OURS.withSteps(4);

  @Test
  void theLossFallsAndOnlyTheOperatorMoves() {
    for (DType dtype : DType.values()) {
      Tensors small = small(dtype);
      Tensors before = small.copy();
      List<Integer> told = new ArrayList<>();
      LearnedGrowth learned =
          GrowthLearning.of(start(dtype), small, data(dtype), LearningSettings.OURS.withSteps(40))
              .telling((step, loss) -> told.add(step))
              .run();
      assertEquals(LearnedGrowth.End.DONE, learned.end());
      assertEquals(40, learned.steps());
      assertEquals(40, told.size());
      double[] losses = learned.losses();
      assertTrue(losses[39] < losses[0] - 0.1, Arrays.toString(losses));
      assertTrue(small == learned.small());
      assertSame(small, before);
      assertEquals(40 * 2.5, learned.flops(2.5));
    }
  }

  @Test
  void noStepsLeaveTheStart() {
    GrowthOperator operator = start(DType.F64);
    Tensors before = operator.parameters().copy();
    LearnedGrowth learned =
        GrowthLearning.of(operator, small(), data(DType.F64), SHORT.withSteps(0)).run();
    assertEquals(0, learned.steps());
    assertEquals(0, learned.losses().length);
    assertSame(operator.parameters(), before);
    // Nothing to learn is no error if nothing is asked.
    GrowthOperator fixed =
        FixedOperators.directCopy(SMALL, LARGE, DType.F64, 1, 0, 1, 1).operator();
    LearningSettings none = SHORT.withRate(0);
    assertEquals(
        0, GrowthLearning.of(fixed, small(), data(DType.F64), none.withSteps(0)).run().steps());
    assertThrows(
        IllegalArgumentException.class,
        () -> GrowthLearning.of(fixed, small(), data(DType.F64), none));
  }

  @Test
  void whatHasNoRateStays() {
    Map<String, LearningSettings> cases =
        Map.of(
            "depth.", SHORT.withMaps(LearningSettings.Rate.FROZEN),
            "maps.", SHORT.withMixtures(LearningSettings.Rate.FROZEN));
    for (Map.Entry<String, LearningSettings> each : cases.entrySet()) {
      GrowthOperator operator = start(DType.F64);
      Tensors before = operator.parameters().copy();
      GrowthLearning.of(operator, small(), data(DType.F64), each.getValue()).run();
      for (String name : before.names()) {
        boolean same =
            Arrays.equals(
                before.get(name).toDoubles(), operator.parameters().get(name).toDoubles());
        assertEquals(!name.startsWith(each.getKey()), same, name);
      }
    }
  }

  @Test
  void freePartsAndSmallWeightsHaveRatesOfTheirOwn() {
    Tensor part = Tensor.zeros(DType.F64, 11, 12);
    GrowthOperator operator =
        start(DType.F64).plus(Map.of("embeddings.token.weight", Dense.of(part)));
    Tensors small = small();
    Tensors before = small.copy();
    LearningSettings settings =
        SHORT.withRate(0).withSmall(LearningSettings.Rate.of(1e-3)).withSteps(3);
    LearnedGrowth learned = GrowthLearning.of(operator, small, data(DType.F64), settings).run();
    assertSame(small, before);
    assertTrue(largestMove(before, learned.small()) > 5e-4);
    assertTrue(largestMove(before, learned.small()) < 3.1e-3, "three steps of Adam");
    assertArrayEquals(new double[part.length()], part.toDoubles());
    GrowthLearning.of(
            operator,
            small,
            data(DType.F64),
            SHORT.withRate(0).withResidual(LearningSettings.Rate.of(1e-3)).withSteps(1))
        .run();
    // The first step of Adam is the rate.
    double largest = Arrays.stream(part.toDoubles()).map(Math::abs).max().orElse(0);
    assertEquals(1e-3, largest, 1e-6);
  }

  @Test
  void publishedRatesHardlyMoveTheOperator() {
    GrowthOperator operator = start(DType.F64);
    Tensors before = operator.parameters().copy();
    LearnedGrowth learned =
        GrowthLearning.of(operator, small(), data(DType.F64), LearningSettings.PUBLISHED).run();
    assertEquals(100, learned.steps());
    double moved = largestMove(before, operator.parameters());
    // The rates add up to 2e-4 (0 + 1 + ... + 99) / 10000.
    assertTrue(moved > 1e-5 && moved < 2e-4, "moved by " + moved);
  }

  @Test
  void endsWithTheLastGoodOperator() {
    for (int bad : new int[] {0, 3}) {
      for (Failure failure : Failure.values()) {
        int good = failure == Failure.LOSS ? Math.max(bad - 1, 0) : bad;
        Tensors expected = start(DType.F64).parameters();
        if (good > 0) {
          GrowthOperator until = start(DType.F64);
          // The course of the rates depends on the number of all steps: compare a constant one.
          GrowthLearning.of(until, small(), data(DType.F64), SHORT.withCourse(0, 1).withSteps(good))
              .run();
          expected = until.parameters();
        }
        GrowthOperator operator = start(DType.F64);
        StepObjective breaking = failing(bad, failure);
        LearnedGrowth learned =
            GrowthLearning.of(operator, small(), breaking, SHORT.withCourse(0, 1)).run();
        assertEquals(LearnedGrowth.End.DIVERGED, learned.end());
        assertEquals(good, learned.steps());
        assertTrue(learned.reason().contains("NaN"), learned.reason());
        assertSame(operator.parameters(), expected);
        for (double loss : learned.losses()) {
          assertTrue(Double.isFinite(loss));
        }
      }
    }
  }

  @Test
  void aLastStepBeyondAllNumbersIsTakenBack() {
    GrowthOperator operator = start(DType.F32);
    Tensors before = operator.parameters().copy();
    LearnedGrowth learned =
        GrowthLearning.of(
                operator, small(DType.F32), data(DType.F32), SHORT.withSteps(1).withRate(1e38))
            .run();
    assertEquals(LearnedGrowth.End.DIVERGED, learned.end());
    assertEquals(0, learned.steps());
    assertSame(operator.parameters(), before);
  }

  @Test
  void stopsAfterAStep() {
    GrowthLearning learning = GrowthLearning.of(start(DType.F64), small(), data(DType.F64), SHORT);
    LearnedGrowth learned =
        learning
            .telling(
                (step, loss) -> {
                  if (step == 1) {
                    learning.stop();
                  }
                })
            .run();
    assertEquals(LearnedGrowth.End.STOPPED, learned.end());
    assertEquals(2, learned.steps());
    assertEquals(2, learned.losses().length);
  }

  @Test
  void anyNumberOfThreadsAndEitherBackendGivesTheSameBits() {
    for (DType dtype : DType.values()) {
      Tensors expected = WorkerPool.of(1).call(() -> learnedNumbers(dtype));
      assertSame(expected, WorkerPool.of(4).call(() -> learnedNumbers(dtype)));
      Tensors[] scalar = new Tensors[1];
      KernelProvider.with(KernelProvider.scalar(), () -> scalar[0] = learnedNumbers(dtype));
      assertSame(expected, scalar[0]);
    }
  }

  @Test
  void badNumbers() {
    assertThrows(IllegalArgumentException.class, () -> SHORT.withSteps(-1));
    assertThrows(IllegalArgumentException.class, () -> SHORT.withCourse(-1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> SHORT.withCourse(0, 1.1));
    assertThrows(IllegalArgumentException.class, () -> SHORT.withClipping(0));
    assertThrows(IllegalArgumentException.class, () -> SHORT.withRate(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SHORT.withMethod(null));
    assertThrows(IllegalArgumentException.class, () -> new LearningMethod.Descent(1));
    assertThrows(IllegalArgumentException.class, () -> new LearningMethod.AdamMethod(0.9, 0.95, 0));
    Tensors lacking = Tensors.of("other", Tensor.zeros(DType.F64, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> GrowthLearning.of(start(DType.F64), lacking, data(DType.F64), SHORT));
  }

  private enum Failure {
    LOSS,
    GRADIENT
  }

  private static StepObjective failing(int bad, Failure failure) {
    StepObjective good = data(DType.F64);
    return step ->
        new Objective() {
          @Override
          public double loss(Tensors parameters) {
            return good.at(step).loss(parameters);
          }

          @Override
          public double lossAndGradient(Tensors parameters, Tensors gradients) {
            double loss = good.at(step).lossAndGradient(parameters, gradients);
            if (step == bad && failure == Failure.GRADIENT) {
              gradients.get("final.norm.weight").set(Double.NaN, 11);
            }
            return step == bad && failure == Failure.LOSS ? Double.NaN : loss;
          }
        };
  }

  private static Tensors learnedNumbers(DType dtype) {
    GrowthOperator operator = start(dtype);
    GrowthLearning.of(operator, small(dtype), data(dtype), SHORT).run();
    return operator.parameters();
  }

  private static GrowthOperator start(DType dtype) {
    return LearnedStart.PUBLISHED.operator(PLAN, dtype, 5);
  }

  private static Tensors small() {
    return FixedOperatorsTest.random(SMALL, 3);
  }

  private static Tensors small(DType dtype) {
    Tensors converted = Tensors.empty();
    small().forEach((name, tensor) -> converted.put(name, tensor.to(dtype)));
    return converted;
  }

  /** The same text all the time, so that there is something to learn. */
  private static StepObjective data(DType dtype) {
    Transformer model = Transformer.random(LARGE, dtype, 1);
    return step -> {
      int[] tokens = new int[16];
      int[] next = new int[16];
      for (int i = 0; i < 16; i++) {
        tokens[i] = (int) ((3 * i + step) % 11);
        next[i] = (tokens[i] + 3) % 11;
      }
      return model.objective(Batch.of(tokens, 2, 8).withTargets(next));
    };
  }

  private static double largestMove(Tensors from, Tensors to) {
    double largest = 0;
    for (String name : from.names()) {
      double[] a = from.get(name).toDoubles();
      double[] b = to.get(name).toDoubles();
      for (int i = 0; i < a.length; i++) {
        largest = Math.max(largest, Math.abs(a[i] - b[i]));
      }
    }
    return largest;
  }

  private static void assertSame(Tensors expected, Tensors actual) {
    for (String name : expected.names()) {
      assertArrayEquals(expected.get(name).toDoubles(), actual.get(name).toDoubles(), name);
    }
  }
}
