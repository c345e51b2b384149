package org.quadrille.cli.reproduce.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Methods compared in one setting.
 *
 * @param title in words
 * @param recipe how models are trained
 * @param setting sizes
 * @param methods how the large model starts, training from scratch left out
 * @param budgets training steps of each
 * @param scratchBudgets training steps from scratch; the last is the reference
 * @param seeds how many
 */
record StudyPart(
    String title,
    StudyRecipe recipe,
    StudySetting setting,
    List<GrowthMethod> methods,
    List<Integer> budgets,
    List<Integer> scratchBudgets,
    int seeds) {

  /**
   * Training steps of a method whose operations, those of its start included, are the largest
   * budget; 0 if the start alone costs as much.
   */
  int equalOperations(GrowthMethod method, StudyText text) {
    StudyCosts costs = StudyCosts.of(setting, text, recipe);
    return Math.max(0, budgets.getLast() - costs.startInSteps(method));
  }

  /** All runs; learned methods are also trained for fewer steps, at equal operations. */
  List<StudyRun> runs(StudyText text) {
    List<StudyRun> runs = new ArrayList<>();
    // Long runs first: the last ones to end are then short.
    for (int budget : scratchBudgets.reversed()) {
      IntStream.rangeClosed(1, seeds)
          .forEach(seed -> runs.add(new StudyRun(setting, GrowthMethods.SCRATCH, budget, seed)));
    }
    for (int budget : budgets.reversed()) {
      for (int seed = 1; seed <= seeds; seed++) {
        for (GrowthMethod method : methods) {
          runs.add(new StudyRun(setting, method, budget, seed));
        }
      }
    }
    for (GrowthMethod method : methods) {
      int fewer = equalOperations(method, text);
      for (int seed = 1; seed <= seeds && !budgets.contains(fewer); seed++) {
        runs.add(new StudyRun(setting, method, fewer, seed));
      }
    }
    return runs;
  }
}
