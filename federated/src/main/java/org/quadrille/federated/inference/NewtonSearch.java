package org.quadrille.federated.inference;

import java.util.Optional;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * The mode of a tilted distribution by Newton's method with step halving, to rounding.
 *
 * <p>For log-concave likelihoods; each iteration costs one Hessian and {@code d^3 / 3} flops.
 */
final class NewtonSearch {
  private static final int MOST = 100;
  private static final int HALVINGS = 40;

  private final TiltedFunction function;
  private Tensor theta;
  private int iterations;

  NewtonSearch(TiltedProblem problem) {
    function = new TiltedFunction(problem);
    theta = Tensor.of(problem.start().clone(), problem.start().length);
  }

  /** The mode, or an empty array if the search fails. */
  double[] mode() {
    Tensor gradient = Tensor.zeros(DType.F64, theta.length());
    double value = function.gradient(theta, gradient);
    double last = Double.POSITIVE_INFINITY;
    while (iterations++ < MOST) {
      if (!Double.isFinite(value) || !gradient.isFinite()) {
        return new double[0];
      }
      Optional<Cholesky> hessian = Cholesky.tryDecompose(function.hessian(theta));
      if (hessian.isEmpty()) {
        return new double[0];
      }
      Tensor step = Arithmetic.scale(-1, hessian.get().solve(gradient));
      double length = Norms.max(step);
      theta = descend(step, value, Arithmetic.dot(gradient, step));
      value = function.gradient(theta, gradient);
      double scale = Math.max(1, Norms.max(theta));
      // Converged, or as near as rounding lets it come: steps no longer shrink.
      if (length <= Math.ulp(scale) || (length < 1e-10 * scale && length >= last)) {
        return theta.toDoubles();
      }
      last = length;
    }
    return new double[0];
  }

  /** Halves the step until the function falls as its slope promises (Armijo). */
  private Tensor descend(Tensor step, double value, double slope) {
    double noise = 1e-13 * Math.max(1, Math.abs(value));
    double factor = 1;
    for (int i = 0; i < HALVINGS; i++, factor /= 2) {
      Tensor next = Arithmetic.axpy(factor, step, theta.copy());
      if (function.value(next) <= value + 1e-4 * factor * slope + noise) {
        return next;
      }
    }
    return theta;
  }

  double iterations() {
    return iterations;
  }
}
