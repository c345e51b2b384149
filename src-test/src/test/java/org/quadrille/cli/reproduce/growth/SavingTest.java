package org.quadrille.cli.reproduce.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SavingTest {
  private static final StudySetting SETTING =
      new StudySetting("both", StudyTask.NEXT_CHARACTER, 1, 16, 2, 24);

  private static StudySeries series(
      GrowthMethod method, double start, int[] budgets, double learning, double[]... losses) {
    double[] starts = new double[losses.length];
    java.util.Arrays.fill(starts, start);
    int[] seeds = new int[losses.length];
    java.util.Arrays.setAll(seeds, s -> s + 1);
    double source = method.isScratch() ? 0 : 3000;
    return new StudySeries(
        SETTING, method, seeds, budgets, starts, losses, 10, learning, source, starts);
  }

  @Test
  void budgetsAreInterpolatedInTheLoss() {
    int[] budgets = {100, 200, 400};
    double[] losses = {2, 1.5, 1.25};
    assertEquals(50, Saving.budget(budgets, 3, losses, 2.5), 1e-9);
    assertEquals(150, Saving.budget(budgets, 3, losses, 1.75), 1e-9);
    assertEquals(200, Saving.budget(budgets, 3, losses, 1.5), 1e-9);
    assertEquals(400, Saving.budget(budgets, 3, losses, 1.25), 1e-9);
    assertEquals(0, Saving.budget(budgets, 3, losses, 3.5), 0);
    assertTrue(Double.isNaN(Saving.budget(budgets, 3, losses, 1.2)));
  }

  /** 1000 steps of 10 from scratch; 200 steps, 500 for growing, 3000 for the source. */
  @Test
  void savingsCountGrowthAndOnceTheSource() {
    StudySeries scratch =
        series(GrowthMethods.SCRATCH, 4, new int[] {500, 1000}, 0, new double[] {2, 1});
    StudySeries grown =
        series(GrowthMethods.LIGO, 3, new int[] {100, 300}, 500, new double[] {1.5, 0.5});
    Saving saving = Saving.of(grown, scratch);
    assertEquals(200, saving.budget(), 1e-9);
    assertEquals(1 - 2500.0 / 10000, saving.saving(), 1e-12);
    assertEquals(1 - 5500.0 / 10000, saving.savingWithSource(), 1e-12);
    assertEquals(10000 / 2500.0 - 1, saving.speedUp(), 1e-12);
    assertEquals(10000 / 5500.0 - 1, saving.speedUpWithSource(), 1e-12);
  }

  @Test
  void whatIsNotReachedIsNoSaving() {
    StudySeries scratch =
        series(GrowthMethods.SCRATCH, 4, new int[] {1000}, 0, new double[] {1}, new double[] {3});
    StudySeries grown =
        series(GrowthMethods.LIGO, 4, new int[] {300}, 0, new double[] {2.5}, new double[] {2.75});
    assertFalse(Saving.of(grown, scratch).reached());
    assertTrue(Double.isNaN(Saving.of(grown, scratch).saving()));
    assertFalse(Saving.of(grown, scratch, 0).reached());
    // The second seed from scratch ends at 3: reached after 240 steps.
    assertEquals(240, Saving.of(grown, scratch, 1).budget(), 1e-9);
  }
}
