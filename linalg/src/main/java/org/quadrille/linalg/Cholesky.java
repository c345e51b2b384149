package org.quadrille.linalg;

/**
 * Cholesky factorization {@code A = L L^T} of a symmetric positive definite matrix.
 *
 * <p>Right-looking by blocks over the matrix product kernels (Golub and Van Loan, section 4.2.6),
 * in double; float matrices are converted. Only the upper triangle of A is read.
 *
 * <p><b>Accuracy</b>: {@code |A - L L^T|} within a small multiple of n 2^-53 |A|. <b>Cost</b>: n^3
 * / 3 flops in the limit.
 *
 * @param lower F64, shape [n, n], lower triangular with positive diagonal
 */
public record Cholesky(Tensor lower) {
  private static final int BLOCK = 64;

  /**
   * Factors {@code a}.
   *
   * @param a shape [n, n], symmetric, either dtype, not modified
   * @throws IllegalArgumentException if a is not square, has a NaN or infinite element, or is not
   *     positive definite to working precision
   */
  public static Cholesky decompose(Tensor a) {
    if (a.rank() != 2 || a.size(0) != a.size(1)) {
      throw new IllegalArgumentException("Cholesky: given " + a + ", expected a square matrix");
    }
    Norms.requireFinite("Cholesky", a);
    int n = a.size(0);
    Tensor r = Tensor.zeros(DType.F64, n, n).assign(a);
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(n, from + BLOCK);
      int pivot = UpperTriangle.factor(r.doubles(), from * n + from, n, to - from);
      if (pivot >= 0) {
        throw new IllegalArgumentException(
            "Cholesky: "
                + a
                + " is not positive definite: pivot "
                + (from + pivot)
                + " is "
                + r.get(from + pivot, from + pivot)
                + ", expected a positive number; add a multiple of the identity, or use"
                + " SymmetricEigen");
      }
      if (to < n) {
        eliminate(r, from, to);
      }
    }
    Tensor lower = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      lower.row(i).slice(0, 0, i + 1).assign(r.transpose().row(i).slice(0, 0, i + 1));
    }
    return new Cholesky(lower);
  }

  /** The rows of the block right of its diagonal, and their effect on what follows. */
  private static void eliminate(Tensor r, int from, int to) {
    int n = r.size(0);
    int b = to - from;
    double[] inverse = new double[b * b];
    UpperTriangle.invert(r.doubles(), from * n + from, n, b, inverse);
    Tensor rows = r.slice(0, from, to).slice(1, to, n);
    // R_12 = R_11^-T A_12
    rows.assign(MatrixProduct.multiply(Tensor.of(inverse, b, b).transpose(), rows.copy()));
    // A_22 := A_22 - R_12^T R_12, block row by block row of its upper part
    for (int i = to; i < n; i += BLOCK) {
      int end = Math.min(n, i + BLOCK);
      Tensor part = r.slice(0, from, to).slice(1, i, end).transpose();
      Tensor right = r.slice(0, from, to).slice(1, i, n);
      MatrixProduct.multiply(-1, part, right, 1, r.slice(0, i, end).slice(1, i, n));
    }
  }

  /**
   * The solution of {@code A x = b} by forward and back substitution.
   *
   * @param b shape [n] or [n, k], either dtype, not modified
   * @return F64, the shape of b
   * @throws IllegalArgumentException if the shape does not fit or b is not finite
   */
  public Tensor solve(Tensor b) {
    int n = lower.size(0);
    if ((b.rank() != 1 && b.rank() != 2) || b.size(0) != n) {
      throw new IllegalArgumentException(
          "solve: given " + b + ", expected shape [" + n + "] or [" + n + ", k]");
    }
    Norms.requireFinite("solve", b);
    Tensor x = Tensor.zeros(DType.F64, b.shape()).assign(b);
    Tensor columns = OperatorChecks.columns(x);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        Arithmetic.axpy(-lower.get(i, k), columns.row(k), columns.row(i));
      }
      Arithmetic.scale(1 / lower.get(i, i), columns.row(i));
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        Arithmetic.axpy(-lower.get(k, i), columns.row(k), columns.row(i));
      }
      Arithmetic.scale(1 / lower.get(i, i), columns.row(i));
    }
    return x;
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
