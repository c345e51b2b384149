package org.quadrille.cli.reproduce.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;

/** Verdicts, page and table from made-up losses whose answers are known. */
class GrowthClaimsTest {
  private static final int[] SEEDS = {1, 2, 3};

  /** A step costs 10, learning one 12, growing 20, the source 1000 steps. */
  private static final StudyCosts COSTS = new StudyCosts(10, 10_000, 20, 12);

  @TempDir private Path folder;

  /**
   * Losses fall from the start by 1/8 at half and 1/4 at the full budget; the seeds lie 0.01 apart.
   */
  private static StudySeries series(StudyPart part, GrowthMethod method, double start, double end) {
    boolean scratch = method.isScratch();
    List<Integer> steps = new ArrayList<>(scratch ? part.scratchBudgets() : part.budgets());
    int equal = Math.max(0, steps.getLast() - COSTS.startInSteps(method));
    if (!steps.contains(equal)) {
      steps.add(equal);
    }
    int[] budgets = steps.stream().mapToInt(b -> b).sorted().toArray();
    double[][] losses = new double[SEEDS.length][budgets.length];
    double[] starts = new double[SEEDS.length];
    double[] sources = new double[SEEDS.length];
    for (int s = 0; s < SEEDS.length; s++) {
      starts[s] = start + 0.01 * s;
      sources[s] = scratch ? Double.NaN : 1.25 + 0.01 * s;
      for (int b = 0; b < budgets.length; b++) {
        double done = (double) budgets[b] / budgets[budgets.length - 1];
        losses[s][b] = starts[s] + done * (end - start);
      }
    }
    return new StudySeries(
        part.setting(),
        method,
        SEEDS,
        budgets,
        starts,
        losses,
        COSTS.step(),
        COSTS.start(method),
        scratch ? 0 : COSTS.source(),
        sources);
  }

  private static PartResult result(StudyPart part, Map<String, double[]> losses) {
    List<StudySeries> series =
        part.methods().stream()
            .map(
                method -> {
                  double[] ends = losses.getOrDefault(method.name(), new double[] {2, 1.3});
                  return series(part, method, ends[0], ends[1]);
                })
            .toList();
    return new PartResult(part, COSTS, series(part, GrowthMethods.SCRATCH, 3.6, 1.24), series);
  }

  private static StudyResult study(Map<String, double[]> losses) {
    return new StudyResult(
        StudyPlan.full().parts().stream().map(part -> result(part, losses)).toList());
  }

  private static Claim claim(List<Claim> claims, String words) {
    return claims.stream().filter(c -> c.claim().contains(words)).findFirst().orElseThrow();
  }

  @Test
  void verdictsFollowTheLosses() {
    List<Claim> claims =
        GrowthClaims.of(
            study(
                Map.of(
                    "lossless", new double[] {1.25, 1.22},
                    "mixed", new double[] {1.25, 1.21},
                    "ligo", new double[] {1.26, 1.225},
                    "ligo-mixed", new double[] {1.24, 1.2})));
    // From 1.26 to 1.24 of 1.225: 4/7 of the budget, and 102 tenths of a step for 100 learned ones.
    Claim saves = claim(claims, "saves at least 40 %");
    assertEquals(Verdict.HOLDS, saves.verdict(), saves.measured());
    assertTrue(saves.measured().contains("learning worth 122"), saves.measured());
    assertEquals(Verdict.HOLDS, claim(claims, "beats every baseline of the paper").verdict());
    assertEquals(Verdict.FAILS, claim(claims, "beats growth that keeps").verdict());
    assertEquals(Verdict.HOLDS, claim(claims, "the lossless one included").verdict());
    assertEquals(Verdict.HOLDS, claim(claims, "as good as the source").verdict());
    assertEquals(Verdict.FAILS, claim(claims, "settings of the released code").verdict());
    assertEquals(Verdict.HOLDS, claim(claims, "starts at the loss of the source").verdict());
  }

  /** Ahead at equal steps but behind at equal operations is not ahead. */
  @Test
  void learningIsNotFree() {
    List<Claim> claims =
        GrowthClaims.of(
            study(
                Map.of(
                    "lossless", new double[] {1.25, 1.2005},
                    "ligo-mixed", new double[] {1.25, 1.2})));
    assertEquals(Verdict.HOLDS, claim(claims, "the lossless one included").verdict());
    Claim paid = claim(claims, "paid for with training steps");
    assertEquals(Verdict.FAILS, paid.verdict(), paid.measured());
  }

  @Test
  void whatDoesNotReachTheReferenceSavesNothing() {
    List<Claim> claims = GrowthClaims.of(study(Map.of("ligo", new double[] {1.4, 1.3})));
    Claim saves = claim(claims, "saves at least 40 %");
    assertEquals(Verdict.FAILS, saves.verdict());
    assertTrue(saves.measured().contains("not there"), saves.measured());
    assertEquals(Verdict.FAILS, claim(claims, "training of the source is counted").verdict());
  }

  @Test
  void pageTableAndChartAreWritten() throws IOException {
    StudyResult result = study(Map.of("ligo", new double[] {1.26, 1.225}));
    GrowthReport.write(result, GrowthClaims.of(result), folder);
    String page = Files.readString(folder.resolve("report.html"));
    for (StudyPart part : StudyPlan.full().parts()) {
      assertTrue(page.contains(part.title()), part.title());
    }
    assertTrue(page.contains("not reached"));
    assertFalse(page.contains("NaN"), "NaN on the page");
    assertTrue(Files.readString(folder.resolve("losses.svg")).contains("band"));
    List<String> lines = Files.readAllLines(folder.resolve("losses.csv"));
    long runs =
        result.parts().stream()
            .mapToLong(
                p ->
                    3L * p.scratch().budgets().length
                        + p.series().stream().mapToLong(s -> 3L * s.budgets().length).sum())
            .sum();
    assertEquals(runs + 1, lines.size());
    assertEquals(lines.getFirst().split(",").length, lines.getLast().split(",").length);
    assertTrue(Arrays.asList(lines.get(1).split(",")).contains("scratch"), lines.get(1));
  }
}
