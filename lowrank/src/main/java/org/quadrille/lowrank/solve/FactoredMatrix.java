package org.quadrille.lowrank.solve;

import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;

/**
 * A square matrix that was factored, so that systems with it are cheap: what {@link WoodburySolver}
 * needs to know of the matrix that is changed.
 */
public interface FactoredMatrix {

  /** Number of rows and columns. */
  int size();

  /** Precision of right-hand sides and solutions. */
  DType dtype();

  /**
   * The solution of {@code W x = b}.
   *
   * @param b shape [n] or [n, k], not modified
   * @return a new tensor of the shape of b
   * @throws IllegalArgumentException if shape or dtype do not fit or b is not finite
   */
  Tensor solve(Tensor b);

  /**
   * The solution of {@code W^T x = b}.
   *
   * @param b shape [n] or [n, k], not modified
   * @return a new tensor of the shape of b
   * @throws IllegalArgumentException if shape or dtype do not fit or b is not finite
   */
  Tensor solveTransposed(Tensor b);

  /** Natural logarithm of the absolute value of the determinant. */
  double logDeterminant();

  /** Sign of the determinant, 1 or -1. */
  int determinantSign();

  /** A symmetric positive definite matrix; 2 n^2 flops a right-hand side. */
  static FactoredMatrix of(Cholesky cholesky) {
    return new FactoredCholesky(cholesky);
  }

  /**
   * Any square matrix of full rank; 3 n^2 flops a right-hand side, and {@code 2/3 n^3} once for the
   * sign of the determinant of Q.
   *
   * @throws IllegalArgumentException if it is not square or is singular
   */
  static FactoredMatrix of(Qr qr) {
    return new FactoredQr(qr);
  }

  /**
   * A diagonal matrix; n flops a right-hand side.
   *
   * @param diagonal shape [n], finite, no zeros; shared
   * @throws IllegalArgumentException if it is not such
   */
  static FactoredMatrix diagonal(Tensor diagonal) {
    return new FactoredDiagonal(diagonal);
  }
}
