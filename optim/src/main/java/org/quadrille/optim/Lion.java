package org.quadrille.optim;

import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2): every
 * element moves by the learning rate, in the direction of a mean of gradients.
 *
 * <pre>
 *   theta := theta - rate * sign(beta1 m + (1 - beta1) g),   m := beta2 m + (1 - beta2) g
 * </pre>
 *
 * <p>With {@link DecayRule#STEPWISE} it is the decoupled Lion of MosaicML. The penalty of {@link
 * DecayRule#GRADIENT} is not defined for a sign and is refused. Memory: one tensor for each trained
 * one.
 */
public final class Lion extends ElementwiseOptimizer {

  private final double beta1;
  private final double beta2;
  private Tensor[] means;

  /** Lion with beta 0.9 and 0.99. */
  public Lion(ParameterGroups groups) {
    this(groups, 0.9, 0.99);
  }

  /**
   * Lion.
   *
   * @param beta1 weight of the mean in the direction, from 0 to below 1
   * @param beta2 decay of the mean, from 0 to below 1
   */
  public Lion(ParameterGroups groups, double beta1, double beta2) {
    super(groups);
    this.beta1 = ParameterGroups.requireBelowOne("beta1", beta1);
    this.beta2 = ParameterGroups.requireBelowOne("beta2", beta2);
  }

  @Override
  void check(ParameterGroups.Group group) {
    if (group.rule() == DecayRule.GRADIENT && group.decay() > 0) {
      throw new IllegalArgumentException(
          "decay rule GRADIENT: Lion takes signs; use PYTORCH, STEPWISE or TOWARDS_START");
    }
  }

  @Override
  void begin(ParameterBlocks blocks) {
    means = memory.kind("mean", blocks.names(), parameters(blocks));
  }

  @Override
  void update(
      Kernels kernels,
      ParameterBlocks blocks,
      int tensor,
      int from,
      int n,
      double rate,
      double decay,
      double gradientDecay) {
    Tensor theta = blocks.parameter(tensor);
    Tensor gradient = blocks.gradient(tensor);
    Tensor mean = means[tensor];
    int at = theta.offset() + from;
    int gradientAt = gradient.offset() + from;
    if (theta.dtype() == DType.F32) {
      kernels.lion(
          n,
          decay,
          rate,
          beta1,
          beta2,
          theta.floats(),
          at,
          gradient.floats(),
          gradientAt,
          mean.floats(),
          from);
    } else {
      kernels.lion(
          n,
          decay,
          rate,
          beta1,
          beta2,
          theta.doubles(),
          at,
          gradient.doubles(),
          gradientAt,
          mean.doubles(),
          from);
    }
  }
}
