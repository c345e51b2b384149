package org.quadrille.federated.gaussian;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * How a distribution is approximated by a Gaussian whose precision has a smaller shape.
 *
 * <p>The two differ: {@code 1 / diag(Lambda^-1) <= diag(Lambda)}, so {@link #MOMENT} gives the
 * wider Gaussian. For {@link PrecisionShape#FULL} both are exact.
 */
public enum Projection {
  /**
   * The Gaussian of the same mean and variances, the minimizer of {@code KL(t || q)}: {@code Sigma
   * = diag(Cov_t)}, or {@code sigma^2 = tr(Cov_t) / d}.
   */
  MOMENT,
  /**
   * The Gaussian of the same mean and diagonal of the precision, for Gaussian t the minimizer of
   * {@code KL(q || t)}: {@code Lambda = diag(Lambda_t)}, or {@code lambda = tr(Lambda_t) / d}. What
   * Laplace approximations and variational inference give.
   */
  PRECISION;

  /**
   * Approximates a proper Gaussian.
   *
   * @param tilted the Gaussian t, not modified
   * @param shape the shape wanted; a larger one than that of t keeps t exactly
   * @throws IllegalArgumentException if t is not proper
   */
  public Gaussian project(Gaussian tilted, PrecisionShape shape) {
    if (shape.compareTo(tilted.shape()) >= 0) {
      return tilted.as(shape);
    }
    Precision precision = tilted.precision();
    Tensor mean = tilted.mean();
    if (shape == PrecisionShape.DIAGONAL) {
      Tensor diagonal = this == MOMENT ? inverted(precision.variances()) : precision.diagonal();
      return Gaussian.ofMean(shape, mean, diagonal);
    }
    int d = tilted.dimension();
    double lambda = this == MOMENT ? d / sum(precision.variances()) : precision.trace() / d;
    return Gaussian.isotropic(shape, lambda, mean);
  }

  /**
   * Approximates any distribution of known mean and covariance, as {@link #project} does the
   * Gaussian of these moments.
   *
   * @param mean shape [d], not modified
   * @param covariance shape [d, d], symmetric positive definite, not modified
   * @throws IllegalArgumentException if the covariance is not positive definite
   */
  public Gaussian ofMoments(Tensor mean, Tensor covariance, PrecisionShape shape) {
    return project(Gaussian.ofMoments(mean, covariance), shape);
  }

  private static Tensor inverted(Tensor x) {
    Tensor inverse = Tensor.zeros(DType.F64, x.length());
    for (int i = 0; i < x.length(); i++) {
      inverse.set(1 / x.get(i), i);
    }
    return inverse;
  }

  private static double sum(Tensor x) {
    double sum = 0;
    for (int i = 0; i < x.length(); i++) {
      sum += x.get(i);
    }
    return sum;
  }
}
