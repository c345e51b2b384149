package org.quadrille.linalg;

/**
 * QR factorization {@code A = Q R} in thin form: Q has orthonormal columns, R is upper triangular
 * (trapezoidal if A has more columns than rows) with a diagonal that is not negative.
 *
 * <p>Blocked Householder reflections (Golub and Van Loan, "Matrix Computations", 4th edition,
 * sections 5.2.2 and 5.2.3) over the matrix product kernels.
 *
 * {@snippet :
 * Qr qr = Qr.decompose(a);
 * Tensor projection = MatrixProduct.multiply(qr.q().transpose(), b);
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

  /** Q D and D R with a diagonal D of signs is the same product. */
  static void makeDiagonalNonNegative(Tensor qTransposed, Tensor r) {
    for (int i = 0; i < r.size(0); i++) {
      if (r.get(i, i) < 0) {
        Arithmetic.scale(-1, r.row(i).slice(0, i, r.size(1)));
        Arithmetic.scale(-1, qTransposed.row(i));
      }
    }
  }
}
