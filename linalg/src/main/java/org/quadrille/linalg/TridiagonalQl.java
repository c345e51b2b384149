package org.quadrille.linalg;

/**
 * Eigenvalues and eigenvectors of a small symmetric tridiagonal matrix by implicit QL steps with
 * Wilkinson's shift (Golub and Van Loan, section 8.3; LAPACK's steqr).
 *
 * <p>An unreduced block whose last diagonal element is smaller than its first is turned around
 * first, so that graded matrices lose no more than their size allows. Vectors are kept in rows.
 */
final class TridiagonalQl {
  private static final double UNIT_ROUNDOFF = 0x1p-53;

  /** Steps allowed for each eigenvalue; two are usual. */
  private static final int STEPS = 60;

  private final int n;
  private final double[] d;
  private final double[] e;

  /** Eigenvectors, one per row, in the order of d. */
  private final double[] vectors;

  private TridiagonalQl(double[] d, double[] e) {
    n = d.length;
    this.d = d;
    this.e = e;
    vectors = new double[n * n];
    for (int i = 0; i < n; i++) {
      vectors[i * n + i] = 1;
    }
  }

  /**
   * Overwrites {@code d} with the eigenvalues, in no order.
   *
   * @param d diagonal, length n
   * @param e elements beside the diagonal, length n (the last one is not used); destroyed
   * @return eigenvectors in rows, [n, n]
   * @throws NotConvergedException after 60 steps for one eigenvalue
   */
  static double[] decompose(double[] d, double[] e) {
    TridiagonalQl ql = new TridiagonalQl(d, e);
    int blockEnd = -1;
    for (int l = 0; l < ql.n; l++) {
      if (l > blockEnd) {
        blockEnd = ql.blockEnd(l);
        if (Math.abs(d[blockEnd]) < Math.abs(d[l])) {
          ql.turnAround(l, blockEnd);
        }
      }
      for (int steps = 0; ; steps++) {
        int m = ql.blockEnd(l);
        if (m == l) {
          break;
        }
        if (steps == STEPS) {
          throw new NotConvergedException(
              "QL iteration", STEPS, Math.abs(e[l]), UNIT_ROUNDOFF * Math.abs(d[l]), null);
        }
        ql.step(l, m);
      }
    }
    return ql.vectors;
  }

  /** Last index of the block from {@code l} on that no negligible element cuts. */
  private int blockEnd(int l) {
    int m = l;
    while (m < n - 1 && !isNegligible(e[m], d[m], d[m + 1])) {
      m++;
    }
    return m;
  }

  /** Whether dropping {@code e} changes the eigenvalues by no more than rounding does. */
  static boolean isNegligible(double e, double before, double after) {
    return Math.abs(e) <= UNIT_ROUNDOFF * Math.sqrt(Math.abs(before)) * Math.sqrt(Math.abs(after))
        || Math.abs(e) < Double.MIN_NORMAL;
  }

  private void turnAround(int from, int to) {
    for (int i = from, j = to; i < j; i++, j--) {
      double swap = d[i];
      d[i] = d[j];
      d[j] = swap;
      for (int k = 0; k < n; k++) {
        double element = vectors[i * n + k];
        vectors[i * n + k] = vectors[j * n + k];
        vectors[j * n + k] = element;
      }
    }
    for (int i = from, j = to - 1; i < j; i++, j--) {
      double swap = e[i];
      e[i] = e[j];
      e[j] = swap;
    }
  }

  /** One implicit QL step on the block l..m: chases the bulge from its end to its start. */
  private void step(int l, int m) {
    // Eigenvalue of the leading 2 x 2 block nearer to d_l
    double g = (d[l + 1] - d[l]) / (2 * e[l]);
    double r = Norms.hypot(Math.abs(g), 1);
    g = d[m] - d[l] + e[l] / (g + Math.copySign(r, g));
    double s = 1;
    double c = 1;
    double p = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = s * e[i];
      double b = c * e[i];
      r = Norms.hypot(Math.abs(f), Math.abs(g));
      e[i + 1] = r;
      if (r == 0) {
        // The bulge vanished: the block has come apart here.
        d[i + 1] -= p;
        e[m] = 0;
        return;
      }
      s = f / r;
      c = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
      rotate(i, c, s);
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
  }

  /** Rows i and i + 1: {@code (c x - s y, s x + c y)}. */
  private void rotate(int i, double c, double s) {
    int x = i * n;
    int y = x + n;
    for (int k = 0; k < n; k++) {
      double xk = vectors[x + k];
      double yk = vectors[y + k];
      vectors[x + k] = c * xk - s * yk;
      vectors[y + k] = s * xk + c * yk;
    }
  }
}
