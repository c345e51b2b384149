package org.quadrille.optim;

import java.util.SplittableRandom;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Compares a gradient with central differences of the loss: {@code (L(theta + h) - L(theta - h)) /
 * 2h} with {@code h = 1e-5 max(1, |theta|)}, in double precision.
 *
 * <p>Two errors meet: rounding, about {@code 1e-11 |L|}, and the third derivative times {@code h^2
 * / 6}. Cost: two losses for each compared entry.
 */
public final class GradientCheck {

  private static final double STEP = 1e-5;

  /**
   * The entry that agrees least.
   *
   * @param name of its tensor
   * @param index in row-major order
   * @param gradient by the objective
   * @param difference by central differences
   * @param error of the two, relative to the largest entry of the whole gradient
   */
  public record Worst(String name, int index, double gradient, double difference, double error) {}

  private GradientCheck() {}

  /**
   * Compares every entry.
   *
   * @see #worst(Objective, Tensors, Tensors, int, long)
   */
  public static Worst worst(Objective objective, Tensors parameters, Tensors gradients) {
    return worst(objective, parameters, gradients, Integer.MAX_VALUE, 0);
  }

  /**
   * Compares up to a number of entries of each tensor, drawn with a seed.
   *
   * @param parameters F64; entries are moved and put back exactly
   * @param gradients overwritten; names the tensors to check
   * @param entries of each tensor, at least 1
   * @throws IllegalArgumentException if a tensor is not F64, or nothing is to be checked
   */
  public static Worst worst(
      Objective objective, Tensors parameters, Tensors gradients, int entries, long seed) {
    if (entries < 1 || gradients.elementCount() == 0) {
      throw new IllegalArgumentException(
          "gradient check: given "
              + entries
              + " entries of each of "
              + gradients
              + ", expected something to check");
    }
    for (String name : gradients.names()) {
      if (parameters.get(name).dtype() != DType.F64) {
        throw new IllegalArgumentException(
            name + ": " + parameters.get(name) + ", expected F64: differences need the digits");
      }
    }
    objective.lossAndGradient(parameters, gradients);
    double scale = 0;
    for (String name : gradients.names()) {
      scale = Math.max(scale, Norms.max(gradients.get(name)));
    }
    SplittableRandom random = new SplittableRandom(seed);
    Worst worst = null;
    for (String name : gradients.names()) {
      Tensor theta = parameters.get(name);
      double[] gradient = gradients.get(name).toDoubles();
      int count = Math.min(entries, gradient.length);
      for (int i = 0; i < count; i++) {
        int at = count == gradient.length ? i : random.nextInt(gradient.length);
        double difference = difference(objective, parameters, theta, at);
        double error = Math.abs(difference - gradient[at]) / (scale > 0 ? scale : 1);
        if (worst == null || Double.compare(error, worst.error()) > 0) { // NaN is the largest
          worst = new Worst(name, at, gradient[at], difference, error);
        }
      }
    }
    return worst;
  }

  private static double difference(
      Objective objective, Tensors parameters, Tensor theta, int flat) {
    int[] index = new int[theta.rank()];
    int rest = flat;
    for (int axis = theta.rank() - 1; axis >= 0; axis--) {
      index[axis] = rest % theta.size(axis);
      rest /= theta.size(axis);
    }
    double value = theta.get(index);
    double step = STEP * Math.max(1, Math.abs(value));
    try {
      theta.set(value + step, index);
      double up = theta.get(index);
      double above = objective.loss(parameters);
      theta.set(value - step, index);
      // What the sum rounded to, so that the step is exact.
      double down = theta.get(index);
      return (above - objective.loss(parameters)) / (up - down);
    } finally {
      theta.set(value, index);
    }
  }
}
