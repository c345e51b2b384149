package org.quadrille.linalg;

/**
 * Row-oriented loops over small upper triangular matrices in double: Cholesky factor, inverse,
 * norm.
 *
 * <p>Inner loops run along rows, so the compiler vectorizes them without changing a bit.
 */
final class UpperTriangle {
  private UpperTriangle() {}

  /**
   * Overwrites the upper triangle of the symmetric matrix {@code a}, n x n at {@code offset} with
   * row stride {@code stride}, by R with {@code a = R^T R} (Golub and Van Loan, section 4.2). The
   * part below the diagonal is neither read nor written. n^3 / 3 flops.
   *
   * @return -1, or the index of the first pivot that is not positive (nor finite)
   */
  static int factor(double[] a, int offset, int stride, int n) {
    for (int k = 0; k < n; k++) {
      int rowK = offset + k * stride;
      double pivot = a[rowK + k];
      if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
        return k;
      }
      double root = Math.sqrt(pivot);
      a[rowK + k] = root;
      for (int j = k + 1; j < n; j++) {
        a[rowK + j] /= root;
      }
      // a_ij := a_ij - r_ki r_kj
      for (int i = k + 1; i < n; i++) {
        subtractMultiple(a, offset + i * stride + i, a[rowK + i], a, rowK + i, n - i);
      }
    }
    return -1;
  }

  /**
   * Writes R^-1 of the upper triangular matrix R (n x n at {@code offset} of {@code r}) to {@code
   * inverse}, an n x n contiguous array that holds zeros. n^3 / 3 flops.
   */
  static void invert(double[] r, int offset, int stride, int n, double[] inverse) {
    for (int i = n - 1; i >= 0; i--) {
      int rowR = offset + i * stride;
      int rowX = i * n;
      // r_ii x_i = e_i - sum_{k > i} r_ik x_k
      for (int k = i + 1; k < n; k++) {
        subtractMultiple(inverse, rowX + k, r[rowR + k], inverse, k * n + k, n - k);
      }
      double pivot = r[rowR + i];
      for (int j = i + 1; j < n; j++) {
        inverse[rowX + j] /= pivot;
      }
      inverse[rowX + i] = 1 / pivot;
    }
  }

  /** Largest sum of absolute values of a column of a contiguous n x n matrix. */
  static double norm1(double[] a, int n) {
    double[] sums = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sums[j] += Math.abs(a[i * n + j]);
      }
    }
    double max = 0;
    for (double sum : sums) {
      max = Math.max(max, sum);
    }
    return max;
  }

  private static void subtractMultiple(
      double[] y, int yAt, double factor, double[] x, int xAt, int n) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] -= factor * x[xAt + j];
    }
  }
}
