package org.quadrille.growth;

import org.quadrille.optim.Adam;
import org.quadrille.optim.GradientDescent;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;

/** The optimizer that learns a growth operator, as numbers that can be compared and printed. */
public sealed interface LearningMethod {

  /** A new optimizer for these groups. */
  Optimizer optimizer(ParameterGroups groups);

  /**
   * Adam, with decoupled decay if a rate has one (Loshchilov and Hutter 2019).
   *
   * @param beta1 decay of the mean of gradients, from 0 to below 1
   * @param beta2 decay of the mean of squared gradients, from 0 to below 1
   * @param epsilon added to the root, above 0
   */
  record AdamMethod(double beta1, double beta2, double epsilon) implements LearningMethod {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public AdamMethod {
      options(beta1, beta2, epsilon);
    }

    private static Adam.Options options(double beta1, double beta2, double epsilon) {
      return new Adam.Options(beta1, beta2, epsilon);
    }

    @Override
    public Optimizer optimizer(ParameterGroups groups) {
      return new Adam(groups, options(beta1, beta2, epsilon));
    }
  }

  /**
   * Stochastic gradient descent.
   *
   * @param momentum from 0 (none) to below 1
   */
  record Descent(double momentum) implements LearningMethod {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public Descent {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException(
            "momentum: given " + momentum + ", expected a number from 0 to below 1");
      }
    }

    @Override
    public Optimizer optimizer(ParameterGroups groups) {
      return new GradientDescent(groups, momentum);
    }
  }
}
