package org.quadrille.cli.reproduce.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.kernels.cpu.WorkerPool;

/** Small models: orderings and bands of learning, forgetting and rank, one seed, minutes. */
@Tag("study")
class LoraStudyTest {
  private static final TuningMethod FULL = TuningMethod.full(3e-3);
  private static final TuningMethod LORA16 = TuningMethod.lora(16, 1e-2);
  private static final TuningMethod LORA4 = TuningMethod.lora(4, 1e-2);
  private static final TuningMethod LORA1 = TuningMethod.lora(1, 1e-2);

  @TempDir Path folder;

  @Test
  void adaptersLearnLessAndForgetLess() throws IOException {
    TuningRunner runner = new TuningRunner(StudyTexts.shipped(), new RunStore(folder), 0);
    List<TuningMethod> methods = List.of(FULL, LORA16, LORA4, LORA1);
    runner.base(new TuningRunner.Run(StudyScale.SMALL, null, 1));
    TuningOutcome[] made = new TuningOutcome[methods.size()];
    WorkerPool.shared()
        .forEach(
            made.length,
            i ->
                made[i] =
                    runner.outcome(new TuningRunner.Run(StudyScale.SMALL, methods.get(i), 1)));
    Map<TuningMethod, TuningOutcome> outcomes = new LinkedHashMap<>();
    for (int i = 0; i < made.length; i++) {
      outcomes.put(methods.get(i), made[i]);
    }
    ToDoubleFunction<TuningMethod> target = method -> outcomes.get(method).end().target();
    ToDoubleFunction<TuningMethod> source = method -> outcomes.get(method).end().source();
    ToDoubleFunction<TuningMethod> rank = method -> outcomes.get(method).end().rank90();
    TuningOutcome.Point start = outcomes.get(FULL).start();
    assertBetween(1.60, 1.85, start.source());
    assertBetween(2.40, 2.60, start.target());
    assertBetween(2.00, 2.15, target.applyAsDouble(FULL));
    assertGap(target, FULL, LORA16, 0.015);
    assertGap(target, LORA16, LORA4, 0.04);
    assertGap(target, LORA4, LORA1, 0.05);
    assertGap(source, LORA1, LORA4, 0.01);
    assertGap(source, LORA4, LORA16, 0.01);
    assertGap(source, LORA16, FULL, 0.01);
    assertTrue(start.source() < source.applyAsDouble(LORA1));
    assertTrue(rank.applyAsDouble(FULL) >= 10 * rank.applyAsDouble(LORA1));
    assertTrue(rank.applyAsDouble(FULL) >= 3 * rank.applyAsDouble(LORA4));
    assertTrue(rank.applyAsDouble(FULL) >= 1.5 * rank.applyAsDouble(LORA16));
    for (TuningOutcome.MatrixChange change : outcomes.get(LORA4).matrices().values()) {
      double[] values = change.singularValues();
      assertTrue(values[3] > 1e-6 * values[0] && values[4] < 1e-6 * values[0]);
    }
    List<TuningOutcome.Point> curve = outcomes.get(FULL).curve();
    for (int i = 2; i < curve.size(); i++) {
      assertTrue(curve.get(i).rank90() >= curve.get(i - 1).rank90() - 1);
    }
    assertEquals(107_904, outcomes.get(FULL).trained());
    assertEquals(36_864, outcomes.get(LORA16).trained());
  }

  private static void assertBetween(double low, double high, double value) {
    assertTrue(low < value && value < high, value + " in " + low + " to " + high);
  }

  private static void assertGap(
      ToDoubleFunction<TuningMethod> figure, TuningMethod less, TuningMethod more, double gap) {
    double difference = figure.applyAsDouble(more) - figure.applyAsDouble(less);
    assertTrue(difference >= gap, less.label() + " to " + more.label() + ": " + difference);
  }
}
