package org.quadrille.cli.reproduce.growth;

import org.quadrille.growth.GrowthFlops;
import org.quadrille.transformer.Architecture;

/**
 * Floating-point operations in one setting, a multiply-add counting two; see {@link
 * Architecture#forwardFlops} and {@link GrowthFlops} for what is counted.
 *
 * @param step a training step of the target
 * @param source training the source
 * @param growing making the large weights once
 * @param learningStep a step of learning the operator: a training step of the target, growing, and
 *     the way back through the operator
 */
record StudyCosts(double step, double source, double growing, double learningStep) {

  static StudyCosts of(StudySetting setting, StudyText text, StudyRecipe recipe) {
    Architecture small = setting.small(text, recipe);
    Architecture large = setting.large(text, recipe);
    GrowthFlops growth = GrowthFlops.of(small, large);
    return new StudyCosts(
        recipe.stepFlops(large),
        recipe.sourceSteps() * recipe.stepFlops(small),
        growth.forward(),
        growth.step(large, recipe.batch(), recipe.length()));
  }

  /** Making the start of a method: nothing from scratch, else learning and growing. */
  double start(GrowthMethod method) {
    return method.isScratch() ? 0 : method.learning().steps() * learningStep + growing;
  }

  /** Training steps that cost as much as the start of a method, rounded. */
  int startInSteps(GrowthMethod method) {
    return (int) Math.round(start(method) / step);
  }
}
