package org.quadrille.federated.gaussian;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/**
 * The precision (inverse covariance) of a Gaussian as a symmetric operator in float64.
 *
 * <p>A precision need not be positive definite: quotients of Gaussians, and sites, may be improper.
 * Only {@link #solve}, {@link #logDeterminant} and {@link #correlate} need it to be. Views share
 * their numbers with the Gaussian they come from.
 */
public sealed interface Precision extends LinearOperator
    permits ScaledIdentity, DiagonalPrecision, FullPrecision {

  /** How it is stored. */
  PrecisionShape shape();

  /** The stored numbers, shape [{@link PrecisionShape#length}], shared. */
  Tensor values();

  /** The diagonal of the matrix, shape [d], in a new tensor. */
  Tensor diagonal();

  /** The trace of the matrix. */
  double trace();

  /** Euclidean norm of all d^2 entries of the matrix. */
  double frobenius();

  /** Whether every number is finite and the matrix is positive definite to working precision. */
  boolean isPositiveDefinite();

  /**
   * A number that no eigenvalue is below: the smallest diagonal entry, or for a full precision the
   * smallest computed eigenvalue less the bound d u |Lambda| of its rounding error.
   *
   * @throws IllegalArgumentException if a number is not finite
   */
  double minEigenBound();

  /**
   * {@code log det Lambda}.
   *
   * @throws IllegalArgumentException if the precision is not positive definite
   */
  double logDeterminant();

  /**
   * {@code Lambda^-1 b} in a new tensor.
   *
   * @param b shape [d], F64, not modified
   * @throws IllegalArgumentException if the precision is not positive definite or b does not fit
   */
  Tensor solve(Tensor b);

  /**
   * The covariance {@code Lambda^-1} restricted to its diagonal, shape [d], in a new tensor.
   *
   * @throws IllegalArgumentException if the precision is not positive definite
   */
  Tensor variances();

  /**
   * Turns white noise into noise of covariance {@code Lambda^-1}: {@code L^-T z} with {@code Lambda
   * = L L^T}, in a new tensor.
   *
   * @param z shape [d], F64, independent standard normal numbers, not modified
   * @throws IllegalArgumentException if the precision is not positive definite or z does not fit
   */
  Tensor correlate(Tensor z);

  @Override
  default DType dtype() {
    return DType.F64;
  }

  @Override
  default int cols() {
    return rows();
  }

  /** The matrix is symmetric, so this is {@link #apply(Tensor, Tensor)}. */
  @Override
  default Tensor applyTransposed(Tensor y, Tensor out) {
    return apply(y, out);
  }

  @Override
  default long parameterCount() {
    return values().length();
  }

  @Override
  default long storageBits() {
    return parameterCount() * Double.SIZE;
  }
}
