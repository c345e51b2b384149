package org.quadrille.linalg;

import java.util.Optional;

/**
 * Cholesky factorization {@code A = L L^T} of a symmetric positive definite matrix, in the
 * precision of the matrix.
 *
 * <p>Recursive over the matrix product kernels (Golub and Van Loan, section 4.2.7). Only the upper
 * triangle of A is read.
 *
 * {@snippet :
 * Cholesky cholesky = Cholesky.decompose(a);
 * Tensor x = cholesky.solve(b); // A x = b
 * }
 *
 * <p><b>Accuracy</b>: {@code |A - L L^T|} within a small multiple of n u |A|. <b>Cost</b>: n^3 / 3
 * flops. <b>Bits</b>: the same for every number of threads and every backend.
 *
 * @param lower shape [n, n], the dtype of A, lower triangular with positive diagonal; its columns
 *     are contiguous (strides 1 and n)
 */
public record Cholesky(Tensor lower) {

  /**
   * Factors {@code a}.
   *
   * @param a shape [n, n], symmetric, either dtype, not modified
   * @throws IllegalArgumentException if a is not square, has a NaN or infinite element, or is not
   *     positive definite to working precision
   */
  public static Cholesky decompose(Tensor a) {
    Tensor r = checkedCopy(a);
    int pivot = CholeskyBlocks.factor(r);
    if (pivot >= 0) {
      throw new IllegalArgumentException(
          "Cholesky: "
              + a
              + " is not positive definite: pivot "
              + pivot
              + " is "
              + r.get(pivot, pivot)
              + ", expected a positive number; add a multiple of the identity, or use"
              + " SymmetricEigen");
    }
    return ofUpper(r);
  }

  /**
   * Factors {@code a} if it is positive definite to working precision; empty if it is not.
   *
   * @param a shape [n, n], symmetric, either dtype, not modified
   * @throws IllegalArgumentException if a is not square or has a NaN or infinite element
   */
  public static Optional<Cholesky> tryDecompose(Tensor a) {
    Tensor r = checkedCopy(a);
    return CholeskyBlocks.factor(r) >= 0 ? Optional.empty() : Optional.of(ofUpper(r));
  }

  private static Tensor checkedCopy(Tensor a) {
    if (a.rank() != 2 || a.size(0) != a.size(1)) {
      throw new IllegalArgumentException("Cholesky: given " + a + ", expected a square matrix");
    }
    Norms.requireFinite("Cholesky", a);
    return a.copy();
  }

  private static Cholesky ofUpper(Tensor r) {
    TriangularBlocks.clearBelowDiagonal(r);
    return new Cholesky(r.transpose());
  }

  /**
   * The solution of {@code A x = b} by forward and back substitution, 2 n^2 k flops.
   *
   * @param b shape [n] or [n, k], the dtype of A, not modified
   * @return a new tensor of the shape of b
   * @throws IllegalArgumentException if shape or dtype do not fit, b is not finite, or the solution
   *     overflows
   */
  public Tensor solve(Tensor b) {
    Triangular l = Triangular.lower(lower);
    return l.transpose().solveInPlace(l.solve(b));
  }

  /**
   * The inverse of A, symmetric to the last bit, {@code 4/3 n^3} flops. To apply it, {@link #solve}
   * is quicker and more accurate.
   *
   * @return a new tensor of shape [n, n]
   * @throws IllegalArgumentException if the inverse overflows
   */
  public Tensor inverse() {
    // A^-1 = L^-T L^-1
    return Triangular.requireFiniteResult(
        "inverse", SymmetricRankUpdate.gram(Triangular.lower(lower).inverse()));
  }

  /** Natural logarithm of the determinant of A; 0 for an empty matrix. */
  public double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < lower.size(0); i++) {
      sum += 2 * StrictMath.log(lower.get(i, i));
    }
    return sum;
  }
}
