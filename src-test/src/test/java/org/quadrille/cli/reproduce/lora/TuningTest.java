package org.quadrille.cli.reproduce.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.study.TradeOff;
import org.quadrille.optim.DecayRule;

/** Runs of finetuning in seconds: what is kept, what repeats, and how results are read. */
class TuningTest {
  private static final StudyScale TINY =
      new StudyScale("tiny", 16, 1, 16, 4, 30, 3e-3, 12, 6, List.of(4, 12));
  private static final TuningMethod LORA = TuningMethod.lora(2, 1e-2);
  private static final TuningMethod FULL = TuningMethod.full(3e-3);

  @TempDir static Path folder;

  private TuningOutcome run(TuningMethod method, Path kept) throws IOException {
    TuningRunner runner = new TuningRunner(StudyTexts.shipped(), new RunStore(kept), 0);
    return runner.outcome(new TuningRunner.Run(TINY, method, 1));
  }

  @Test
  void adaptersChangeByTheirRankAndNothingElse() throws IOException {
    TuningOutcome lora = run(LORA, folder);
    // (out + in) r over four square maps and two of 16 and 64.
    assertEquals(2 * (4 * 32 + 2 * 80), lora.trained());
    for (TuningOutcome.MatrixChange change : lora.matrices().values()) {
      double[] values = change.singularValues();
      assertTrue(values[1] > 0 && values[2] < 1e-6 * values[0], "rank 2, no more");
    }
    TuningOutcome full = run(FULL, folder);
    assertEquals(TINY.architecture(38).parameterCount(), full.trained());
    assertTrue(full.end().rank90() > 2);
    assertEquals(lora.start(), full.start());
    assertTrue(full.end().target() < full.start().target());
    assertTrue(full.end().divergence() > 0);
    assertEquals(List.of(0, 4, 12), full.curve().stream().map(p -> p.step()).toList());
    TuningOutcome blocks = run(TuningMethod.blocks(3e-3), folder);
    assertEquals(4 * 256 + 2 * 1024, blocks.trained());
    // Resumed: nothing is made anew, and what is read is what was made.
    long files;
    try (var list = Files.list(folder)) {
      files = list.count();
    }
    assertEquals(full.curve(), run(FULL, folder).curve());
    try (var list = Files.list(folder)) {
      assertEquals(files, list.count());
    }
  }

  @Test
  void everyMethodHasTheSameBitsOnAnyThreads() throws IOException {
    for (TuningMethod method :
        List.of(
            FULL.decaying("decay", 1, DecayRule.TOWARDS_START)
                .dropping("dropout", 0.1, 0.1)
                .replaying("all of it", 0.25),
            TuningMethod.adapted("dropped", 1e-2, LORA.adapters().withDropout(0.1)))) {
      StudyTexts texts = StudyTexts.shipped();
      TuningRunner runner = new TuningRunner(texts, new RunStore(folder), 0);
      var base = runner.base(new TuningRunner.Run(TINY, null, 1));
      TuningOutcome one =
          WorkerPool.of(1).call(() -> new Tuning(TINY, texts, method, base, 5).run());
      TuningOutcome four =
          WorkerPool.of(4).call(() -> new Tuning(TINY, texts, method, base, 5).run());
      assertEquals(one.curve(), four.curve(), method.name());
    }
  }

  @Test
  void claimsAreJudgedByTheRunsThatThereAre() throws IOException {
    Map<TuningRunner.Run, TuningOutcome> outcomes =
        Map.of(
            new TuningRunner.Run(TINY, FULL, 1), run(FULL, folder),
            new TuningRunner.Run(TINY, LORA, 1), run(LORA, folder));
    StudyResult result = StudyResult.of(TINY, outcomes);
    // None of the methods that the claims speak of but one.
    assertEquals(List.of(), new LoraClaims(result).all());
    assertEquals(
        List.of(new TradeOff.Point(result.target(FULL), result.source(FULL))),
        result.fullEnds(1, 1));
    assertEquals(0, StudyResult.of(StudyScale.MAIN, outcomes).outcomes().size());
    assertEquals(2, result.toJson().size());
  }

  @Test
  void divergenceIsThatOfTheDistributions() {
    Tensor p = Tensor.of(new double[] {Math.log(0.5), Math.log(0.25), Math.log(0.25)}, 1, 3);
    Tensor q =
        Tensor.of(new double[] {7 + Math.log(0.25), 7 + Math.log(0.5), 7 + Math.log(0.25)}, 1, 3);
    // 0.5 log 2 - 0.25 log 2
    assertEquals(0.25 * Math.log(2), Divergence.mean(p, q), 1e-12);
    Tensor random = GaussianMatrix.of(DType.F32, 1, 5, 7);
    assertEquals(0, Divergence.mean(random, random), 1e-12);
  }

  @Test
  void rankOfEnergy() {
    assertEquals(0, StudyResult.rank90(new double[] {0, 0}));
    assertEquals(1, StudyResult.rank90(new double[] {3, 1}));
    assertEquals(2, StudyResult.rank90(new double[] {2, 1}));
  }
}
