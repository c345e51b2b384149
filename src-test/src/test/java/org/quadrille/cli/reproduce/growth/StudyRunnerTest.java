package org.quadrille.cli.reproduce.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.growth.LearningSettings;
import org.quadrille.kernels.cpu.WorkerPool;

/** A study of a few steps: complete, resumable, and the same on any number of threads. */
class StudyRunnerTest {
  private static final StudyRecipe TINY = new StudyRecipe(16, 2, 4, 12, 6e-3, 1.5e-3, 2, 8);

  @TempDir private Path folder;

  private static StudyPart part(StudyTask task) {
    GrowthMethod ligo = GrowthMethods.LIGO.withSteps(2);
    return new StudyPart(
        "tiny",
        TINY,
        new StudySetting("tiny", task, 1, 8, 2, 12),
        List.of(GrowthMethods.STACK, GrowthMethods.LOSSLESS, ligo),
        List.of(4, 8),
        List.of(6, 12),
        2);
  }

  private static PartResult run(StudyPart part, Path folder, long seed) throws IOException {
    StringWriter nowhere = new StringWriter();
    Console console = new Console(new PrintWriter(nowhere), new PrintWriter(nowhere), false, 0);
    StudyText text = StudyText.shipped("jargon");
    StudyRunner runner = new StudyRunner(text, part.recipe(), new RunStore(folder), seed);
    return PartResult.of(part, text, runner.run("tiny", part.runs(text), console));
  }

  private Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void runsAreMadeOnceAndGoOnWhereTheyStopped() throws IOException {
    StudyPart part = part(StudyTask.NEXT_CHARACTER);
    PartResult first = run(part, folder, 1);
    Map<String, FileTime> before = times();
    // 2 seeds: sources, 2 from scratch, 3 methods of 2 budgets, the learned one at a third, starts.
    assertEquals(2 * (2 + 2 + 3 * 2 + 1 + 2), before.size(), before.keySet().toString());
    Path lost =
        folder.resolve(
            before.keySet().stream()
                .filter(n -> n.startsWith("tiny-stack-1-8"))
                .findFirst()
                .orElseThrow());
    Files.delete(lost);
    PartResult again = run(part, folder, 1);
    assertEquals(first.toJson(), again.toJson());
    Map<String, FileTime> after = times();
    assertEquals(before.keySet(), after.keySet());
    after.remove(lost.getFileName().toString());
    after.forEach((name, time) -> assertEquals(before.get(name), time, name));
  }

  @Test
  void sameBitsOnAnyNumberOfThreads() throws IOException {
    StudyPart part = part(StudyTask.MASKED_CHARACTERS);
    PartResult one = WorkerPool.of(1).call(() -> unchecked(part, folder.resolve("one")));
    PartResult four = WorkerPool.of(4).call(() -> unchecked(part, folder.resolve("four")));
    assertEquals(one.toJson(), four.toJson());
    StudySeries ligo = one.get(GrowthMethods.LIGO);
    // Two steps of learning cost more than two of training.
    int equal = one.equalOperations(ligo);
    assertTrue(equal < 6 && equal > 3, "equal at " + equal);
    assertTrue(ligo.has(equal) && ligo.has(4) && ligo.has(8));
    double spent = equal * ligo.stepFlops() + ligo.learningFlops();
    assertEquals(8 * ligo.stepFlops(), spent, ligo.stepFlops() / 2);
    assertNotEquals(ligo.loss(0, 8), ligo.loss(1, 8));
    assertTrue(ligo.learningFlops() > 2 * ligo.stepFlops());
  }

  private static PartResult unchecked(StudyPart part, Path folder) {
    try {
      return run(part, folder, 1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void losslessStartsAtTheSource() throws IOException {
    StudySeries lossless =
        run(part(StudyTask.NEXT_CHARACTER), folder, 3).get(GrowthMethods.LOSSLESS);
    for (int s = 0; s < 2; s++) {
      assertEquals(lossless.sourceLosses()[s], lossless.starts()[s], 1e-4);
    }
  }

  /** A learned start is what its settings say: another number of steps is another run. */
  @Test
  void settingsAreInTheKeys() throws IOException {
    StudyPart part = part(StudyTask.NEXT_CHARACTER);
    StudyPart longer =
        new StudyPart(
            part.title(),
            part.recipe(),
            part.setting(),
            List.of(
                GrowthMethods.LIGO.withSteps(3),
                new GrowthMethod(
                    "ligo",
                    "LiGO",
                    GrowthMethods.LIGO.start(),
                    LearningSettings.OURS.withSteps(3).withRate(2e-2))),
            part.budgets(),
            part.scratchBudgets(),
            1);
    StringWriter nowhere = new StringWriter();
    StudyText text = StudyText.shipped("jargon");
    Map<StudyRun, StudyOutcome> outcomes =
        new StudyRunner(text, TINY, new RunStore(folder), 1)
            .run(
                "tiny",
                longer.runs(text),
                new Console(new PrintWriter(nowhere), new PrintWriter(nowhere), false, 0));
    double[] ends =
        longer.methods().stream()
            .mapToDouble(m -> outcomes.get(new StudyRun(longer.setting(), m, 8, 1)).after())
            .toArray();
    assertNotEquals(ends[0], ends[1]);
  }
}
