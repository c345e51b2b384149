package org.quadrille.optim;

import org.quadrille.kernels.cpu.AdamStep;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Adam (Kingma and Ba 2015, algorithm 1); with {@link DecayRule#PYTORCH} or {@link
 * DecayRule#STEPWISE} it is AdamW (Loshchilov and Hutter 2019, algorithm 2), with {@link
 * DecayRule#GRADIENT} Adam with an L2 penalty.
 *
 * <pre>
 *   m := beta1 m + (1 - beta1) g,   v := beta2 v + (1 - beta2) g^2
 *   theta := theta - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>Memory: two tensors for each trained one, in its precision. Cost: one pass over four tensors.
 */
public final class Adam extends ElementwiseOptimizer {

  /**
   * Numbers of the method.
   *
   * @param beta1 decay of the mean of gradients, from 0 to below 1
   * @param beta2 decay of the mean of squared gradients, from 0 to below 1
   * @param epsilon added to the root, above 0
   */
  public record Options(double beta1, double beta2, double epsilon) {
    /** 0.9, 0.999, 1e-8. */
    public static final Options DEFAULT = new Options(0.9, 0.999, 1e-8);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      ParameterGroups.requireBelowOne("beta1", beta1);
      ParameterGroups.requireBelowOne("beta2", beta2);
      if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException(
            "epsilon: given " + epsilon + ", expected a finite number above 0");
      }
    }

    /** The same with other decays of the means. */
    public Options withBetas(double newBeta1, double newBeta2) {
      return new Options(newBeta1, newBeta2, epsilon);
    }
  }

  private final Options options;
  private Tensor[] means;
  private Tensor[] squares;
  private double meanCorrection;
  private double rootScale;

  /** Adam with the default numbers. */
  public Adam(ParameterGroups groups) {
    this(groups, Options.DEFAULT);
  }

  /** Adam with rates and decays by group. */
  public Adam(ParameterGroups groups, Options options) {
    super(groups);
    this.options = options;
  }

  @Override
  void begin(ParameterBlocks blocks) {
    means = memory.kind("mean", blocks.names(), parameters(blocks));
    squares = memory.kind("square", blocks.names(), parameters(blocks));
  }

  @Override
  void beginStep(long step) {
    // StrictMath: the same bits on every machine, interpreted and compiled.
    meanCorrection = 1 - StrictMath.pow(options.beta1(), (double) step);
    rootScale = 1 / Math.sqrt(1 - StrictMath.pow(options.beta2(), (double) step));
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
    AdamStep step =
        new AdamStep(
            decay,
            gradientDecay,
            options.beta1(),
            options.beta2(),
            rate / meanCorrection,
            rootScale,
            options.epsilon());
    Tensor theta = blocks.parameter(tensor);
    Tensor gradient = blocks.gradient(tensor);
    int at = theta.offset() + from;
    int gradientAt = gradient.offset() + from;
    if (theta.dtype() == DType.F32) {
      kernels.adam(
          n,
          step,
          theta.floats(),
          at,
          gradient.floats(),
          gradientAt,
          means[tensor].floats(),
          from,
          squares[tensor].floats(),
          from);
    } else {
      kernels.adam(
          n,
          step,
          theta.doubles(),
          at,
          gradient.doubles(),
          gradientAt,
          means[tensor].doubles(),
          from,
          squares[tensor].doubles(),
          from);
    }
  }
}
