package org.quadrille.cli.reproduce.growth;

import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.LearningSettings;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/**
 * A way to start the large model.
 *
 * @param name short, for keys and tables; the same name always means the same start
 * @param label in words
 * @param start the operator before learning; null for training from scratch
 * @param learning how it is learned; no steps for fixed operators
 */
record GrowthMethod(String name, String label, Starter start, LearningSettings learning) {

  /** Makes an operator for one pair of models. */
  @FunctionalInterface
  interface Starter {
    /**
     * The operator.
     *
     * @param seed of its random choices
     */
    Start of(Architecture small, Architecture large, long seed);
  }

  /**
   * An operator and the model that its weights belong to.
   *
   * @param operator not yet learned
   * @param large may differ from what was asked for in the epsilon of its normalizations
   */
  record Start(GrowthOperator operator, Architecture large) {
    static Start of(FixedGrowth growth) {
      return new Start(growth.operator(), growth.large());
    }

    Tensors grow(Tensors small) {
      return operator.apply(small);
    }
  }

  /** A start that nothing is learned of. */
  static GrowthMethod fixed(String name, String label, Starter start) {
    return new GrowthMethod(name, label, start, LearningSettings.OURS.withSteps(0));
  }

  /** Nothing is grown. */
  boolean isScratch() {
    return start == null;
  }

  /** Whether an operator is learned. */
  boolean isLearned() {
    return learning.steps() > 0;
  }

  /** The same with another number of learning steps. */
  GrowthMethod withSteps(int steps) {
    return new GrowthMethod(name, label, start, learning.withSteps(steps));
  }
}
