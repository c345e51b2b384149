package org.quadrille.linalg;

/**
 * QR factorization {@code A = Q R} in thin form: Q has orthonormal columns, R is upper triangular
 * (trapezoidal if A has more columns than rows) with a diagonal that is not negative.
 *
 * <p>Blocked Householder reflections (Golub and Van Loan, "Matrix Computations", 4th edition,
 * sections 5.2.2 and 5.2.3) over the matrix product kernels, panels by recursion on halves.
 *
 * {@snippet :
 * Qr qr = Qr.decompose(a);
 * Tensor projection = MatrixProduct.multiply(qr.q().transpose(), b);
 * Tensor x = qr.solve(b); // least squares
 * }
 *
 * <p><b>Accuracy</b>: {@code |A - Q R|} and {@code |Q^T Q - I|} within a small multiple of n u
 * (times |A|), for any A, rank-deficient or not, in any scale. <b>Cost</b>: 4 m n min(m, n) flops,
 * two copies of A. <b>Special values</b>: an empty matrix has empty factors. <b>Bits</b>: the same
 * for every number of threads and every backend.
 *
 * @param q shape [m, min(m, n)], orthonormal columns
 * @param r shape [min(m, n), n], upper triangular
 */
public record Qr(Tensor q, Tensor r) {

  /**
   * Factors {@code a}.
   *
   * @param a shape [m, n], not modified
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   */
  public static Qr decompose(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("QR: given " + a + ", expected a matrix");
    }
    Norms.requireFinite("QR", a);
    HouseholderQr factors = new HouseholderQr(a);
    Tensor qTransposed = factors.thinTransposed();
    Tensor r = factors.triangle();
    makeDiagonalNonNegative(qTransposed, r);
    return new Qr(qTransposed.transpose().copy(), r);
  }

  /**
   * The triangle alone, in a third to half of the time and memory: with the right-hand side as last
   * column, {@code R} of {@code [A b]} holds {@code Q^T b} above and the norm of the residual in
   * the corner, all that least squares need. For many rows, go on with the triangle stacked on the
   * next rows.
   *
   * @param a shape [m, n], not modified
   * @return shape [min(m, n), n], the R of {@link #decompose}; 2 m n min(m, n) flops
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   */
  public static Tensor triangle(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("QR: given " + a + ", expected a matrix");
    }
    Norms.requireFinite("QR", a);
    Tensor r = new HouseholderQr(a).triangle();
    makeDiagonalNonNegative(null, r);
    return r;
  }

  /**
   * The least-squares solution of {@code A x = b}, {@code R^-1 Q^T b}: the x of smallest {@code |A
   * x - b|} (Golub and Van Loan, section 5.3.3). 2 m n k flops.
   *
   * @param b shape [m] or [m, k], the dtype of A, not modified
   * @return a new tensor of shape [n] or [n, k]
   * @throws IllegalArgumentException if A has more columns than rows, shape or dtype do not fit, b
   *     is not finite, or A does not have full rank (an element of the diagonal of R is 0)
   */
  public Tensor solve(Tensor b) {
    int m = q.size(0);
    int n = r.size(1);
    if (m < n) {
      throw new IllegalArgumentException(
          "solve: the matrix has shape ["
              + m
              + ", "
              + n
              + "], expected at least as many rows as columns; use Svd for the shortest solution");
    }
    if ((b.rank() != 1 && b.rank() != 2) || b.size(0) != m || b.dtype() != q.dtype()) {
      throw new IllegalArgumentException(
          "solve: given "
              + b
              + ", expected "
              + q.dtype()
              + " of shape ["
              + m
              + "] or ["
              + m
              + ", k]");
    }
    Norms.requireFinite("solve", b);
    return Triangular.upper(r).solveInPlace(MatrixProduct.multiply(q.transpose(), b));
  }

  /** Q D and D R with a diagonal D of signs is the same product; Q may be null. */
  static void makeDiagonalNonNegative(Tensor qTransposed, Tensor r) {
    for (int i = 0; i < r.size(0); i++) {
      if (r.get(i, i) < 0) {
        Arithmetic.scale(-1, r.row(i).slice(0, i, r.size(1)));
        if (qTransposed != null) {
          Arithmetic.scale(-1, qTransposed.row(i));
        }
      }
    }
  }
}
