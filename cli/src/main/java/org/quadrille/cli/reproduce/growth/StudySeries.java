package org.quadrille.cli.reproduce.growth;

import java.util.Arrays;
import java.util.Map;

/**
 * The runs of one method in one setting: losses by seed and budget, and what they cost.
 *
 * @param setting sizes
 * @param method how they start
 * @param seeds numbers of the seeds
 * @param budgets ascending
 * @param starts held-out loss of the start by seed
 * @param losses held-out loss at the end of each budget, by seed, then budget
 * @param stepFlops of a training step of the target
 * @param learningFlops of making the start, the mean of the seeds
 * @param sourceFlops of the small model
 * @param sourceLosses of the small model by seed; NaN from scratch
 */
record StudySeries(
    StudySetting setting,
    GrowthMethod method,
    int[] seeds,
    int[] budgets,
    double[] starts,
    double[][] losses,
    double stepFlops,
    double learningFlops,
    double sourceFlops,
    double[] sourceLosses) {

  /**
   * Collects the runs of a method.
   *
   * @throws IllegalArgumentException if there are none, or a seed lacks a budget that another has
   */
  static StudySeries of(
      StudySetting setting, GrowthMethod method, Map<StudyRun, StudyOutcome> outcomes) {
    int[] seeds =
        own(setting, method, outcomes).mapToInt(StudyRun::seed).distinct().sorted().toArray();
    int[] budgets =
        own(setting, method, outcomes).mapToInt(StudyRun::budget).distinct().sorted().toArray();
    if (seeds.length == 0) {
      throw new IllegalArgumentException(
          "no runs of " + method.name() + " in " + setting.name() + "; expected at least one");
    }
    double[] starts = new double[seeds.length];
    double[] sources = new double[seeds.length];
    double[][] losses = new double[seeds.length][budgets.length];
    double learning = 0;
    StudyOutcome outcome = null;
    for (int s = 0; s < seeds.length; s++) {
      for (int b = 0; b < budgets.length; b++) {
        outcome = outcomes.get(new StudyRun(setting, method, budgets[b], seeds[s]));
        if (outcome == null) {
          throw new IllegalArgumentException(
              method.name()
                  + " in "
                  + setting.name()
                  + ": seed "
                  + seeds[s]
                  + " has no run of "
                  + budgets[b]
                  + " steps; give all seeds the same budgets");
        }
        losses[s][b] = outcome.after();
      }
      starts[s] = outcome.before();
      sources[s] = outcome.sourceLoss();
      learning += outcome.learningFlops() / seeds.length;
    }
    double step = outcome.trainingFlops() / budgets[budgets.length - 1];
    return new StudySeries(
        setting,
        method,
        seeds,
        budgets,
        starts,
        losses,
        step,
        learning,
        outcome.sourceFlops(),
        sources);
  }

  private static java.util.stream.Stream<StudyRun> own(
      StudySetting setting, GrowthMethod method, Map<StudyRun, StudyOutcome> outcomes) {
    return outcomes.keySet().stream()
        .filter(run -> run.setting().equals(setting) && run.method().equals(method));
  }

  /** Mean loss over the seeds at each budget. */
  double[] meanLosses() {
    double[] means = new double[budgets.length];
    Arrays.setAll(
        means, b -> Arrays.stream(losses).mapToDouble(seed -> seed[b]).average().orElseThrow());
    return means;
  }

  /** Mean loss over the seeds at one budget. */
  double meanLoss(int budget) {
    return meanLosses()[index(budget)];
  }

  /** Loss of one seed, by its position, at one budget. */
  double loss(int seed, int budget) {
    return losses[seed][index(budget)];
  }

  /** Mean loss of the starts. */
  double meanStart() {
    return Arrays.stream(starts).average().orElseThrow();
  }

  /** Mean loss of the sources. */
  double meanSource() {
    return Arrays.stream(sourceLosses).average().orElseThrow();
  }

  /** The largest budget. */
  int fullBudget() {
    return budgets[budgets.length - 1];
  }

  /** Whether there are runs of a budget. */
  boolean has(int budget) {
    return Arrays.binarySearch(budgets, budget) >= 0;
  }

  private int index(int budget) {
    int index = Arrays.binarySearch(budgets, budget);
    if (index < 0) {
      throw new IllegalArgumentException(
          method.name()
              + ": no run of "
              + budget
              + " steps; there are "
              + Arrays.toString(budgets));
    }
    return index;
  }
}
