package org.quadrille.optim;

import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Gradient descent, with momentum if wanted (Polyak 1964): {@code m := momentum * m + g; theta :=
 * theta - rate * m}, the mean starting at the first gradient.
 *
 * <p>With {@link DecayRule#GRADIENT} it is the usual stochastic gradient descent with weight decay.
 * Memory: none without momentum, else one tensor for each trained one.
 */
public final class GradientDescent extends ElementwiseOptimizer {

  private final double momentum;
  private Tensor[] means;

  /** Plain gradient descent. */
  public GradientDescent(ParameterGroups groups) {
    this(groups, 0);
  }

  /**
   * Gradient descent with momentum.
   *
   * @param momentum from 0 (none) to below 1
   */
  public GradientDescent(ParameterGroups groups, double momentum) {
    super(groups);
    this.momentum = ParameterGroups.requireBelowOne("momentum", momentum);
  }

  @Override
  void begin(ParameterBlocks blocks) {
    means = momentum > 0 ? memory.kind("mean", blocks.names(), parameters(blocks)) : null;
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
    int at = theta.offset() + from;
    int gradientAt = gradient.offset() + from;
    boolean single = theta.dtype() == DType.F32;
    if (means == null && single) {
      kernels.descend(
          n, decay, gradientDecay, rate, theta.floats(), at, gradient.floats(), gradientAt);
    } else if (means == null) {
      kernels.descend(
          n, decay, gradientDecay, rate, theta.doubles(), at, gradient.doubles(), gradientAt);
    } else if (single) {
      kernels.momentum(
          n,
          decay,
          gradientDecay,
          rate,
          momentum,
          theta.floats(),
          at,
          gradient.floats(),
          gradientAt,
          means[tensor].floats(),
          from);
    } else {
      kernels.momentum(
          n,
          decay,
          gradientDecay,
          rate,
          momentum,
          theta.doubles(),
          at,
          gradient.doubles(),
          gradientAt,
          means[tensor].doubles(),
          from);
    }
  }
}
