package org.quadrille.cli.reproduce.growth;

import org.quadrille.formats.JsonObject;
import org.quadrille.growth.GrowthFlops;

/**
 * What a method saves against training from scratch to the same loss. The budget of a method is the
 * smallest number of steps after which its loss, annealed over just that budget, is at or below
 * that of the full budget from scratch; between tried budgets the loss is interpolated linearly.
 *
 * @param reached whether the method got there at all; if not, all figures are NaN
 * @param budget training steps needed
 * @param saving part of the operations saved, growth included, source not
 * @param savingWithSource the same with the training of the source counted
 * @param speedUp operations from scratch over those of the method, less 1
 * @param speedUpWithSource the same with the source
 */
record Saving(
    boolean reached,
    double budget,
    double saving,
    double savingWithSource,
    double speedUp,
    double speedUpWithSource) {

  private static final Saving NONE =
      new Saving(false, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** From mean losses. */
  static Saving of(StudySeries method, StudySeries scratch) {
    double[] losses = method.meanLosses();
    double[] reference = scratch.meanLosses();
    return of(method, method.meanStart(), losses, scratch, reference[reference.length - 1]);
  }

  /** From the losses of one seed, by its position; data and seed are those of the reference. */
  static Saving of(StudySeries method, StudySeries scratch, int seed) {
    double[] reference = scratch.losses()[seed];
    return of(
        method,
        method.starts()[seed],
        method.losses()[seed],
        scratch,
        reference[reference.length - 1]);
  }

  private static Saving of(
      StudySeries method, double start, double[] losses, StudySeries scratch, double target) {
    double budget = budget(method.budgets(), start, losses, target);
    if (Double.isNaN(budget)) {
      return NONE;
    }
    double cost = budget * method.stepFlops() + method.learningFlops();
    double whole = scratch.fullBudget() * scratch.stepFlops();
    double[] saving = GrowthFlops.saving(Math.max(cost, 1), method.sourceFlops(), whole);
    double[] speedUp = GrowthFlops.speedUp(Math.max(cost, 1), method.sourceFlops(), whole);
    return new Saving(true, budget, saving[0], saving[1], speedUp[0], speedUp[1]);
  }

  /** Steps to a loss; NaN if no budget gets there. The start counts as the budget of no steps. */
  static double budget(int[] budgets, double start, double[] losses, double target) {
    if (start <= target) {
      return 0;
    }
    double fromLoss = start;
    double from = 0;
    for (int b = 0; b < budgets.length; b++) {
      if (losses[b] <= target) {
        return from + (budgets[b] - from) * (fromLoss - target) / (fromLoss - losses[b]);
      }
      fromLoss = losses[b];
      from = budgets[b];
    }
    return Double.NaN;
  }

  JsonObject toJson() {
    if (!reached) {
      return new JsonObject().put("reached", false);
    }
    return new JsonObject()
        .put("reached", true)
        .put("budget", budget)
        .put("saving", saving)
        .put("savingWithSource", savingWithSource)
        .put("speedUp", speedUp)
        .put("speedUpWithSource", speedUpWithSource);
  }
}
