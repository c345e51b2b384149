package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Singular value decomposition of a small matrix in double by plain loops: Householder reflections
 * from both sides (Golub and Kahan 1965; Golub and Van Loan, section 5.4.8), then QR iteration on
 * the bidiagonal matrix. Up to about 120 columns this is quicker than calling kernels for every
 * column.
 *
 * <p>Columns and vectors are arrays of their own, so that the loops over pairs of them have one
 * index and compile to vector code.
 */
final class SmallSvd {
  private final int m;
  private final int n;

  /** Columns of A; column c becomes {@code v} of its reflection below the diagonal. */
  private final double[][] columns;

  /** {@code w} of the reflection from the right of each row, from c + 2 on. */
  private final double[][] rows;

  private final double[] leftFactors;
  private final double[] rightFactors;
  private final double[] d;
  private final double[] e;

  /**
   * Reduces a matrix to bidiagonal form.
   *
   * @param columns the transposed matrix, [n, m] with m >= n, of either dtype and moderate scale;
   *     not modified
   */
  private SmallSvd(Tensor columns) {
    n = columns.size(0);
    m = columns.size(1);
    double[] elements = columns.toDoubles();
    this.columns = new double[n][];
    for (int c = 0; c < n; c++) {
      this.columns[c] = Arrays.copyOfRange(elements, c * m, (c + 1) * m);
    }
    rows = new double[n][n];
    leftFactors = new double[n];
    rightFactors = new double[n];
    d = new double[n];
    e = new double[n];
    for (int c = 0; c < n; c++) {
      reduce(c);
    }
  }

  /** All singular values and vectors in double, sorted. */
  static Svd decompose(Tensor columns) {
    SmallSvd svd = new SmallSvd(columns);
    double[][] left = vectors(svd.columns, svd.leftFactors, svd.m, 0);
    double[][] right = vectors(svd.rows, svd.rightFactors, svd.n, 1);
    BidiagonalQr.diagonalize(svd.d, svd.e, left, right);
    return sorted(svd.m, svd.d, left, right);
  }

  /** All singular values in no order. */
  static double[] values(Tensor columns) {
    SmallSvd svd = new SmallSvd(columns);
    BidiagonalQr.diagonalize(svd.d, svd.e, null, null);
    return svd.d;
  }

  private void reduce(int c) {
    double[] v = columns[c];
    leftFactors[c] = reflect(v, c);
    d[c] = v[c];
    v[c] = 1;
    double[] w = rows[c];
    for (int j = c + 1; j < n; j++) {
      reflect(v, leftFactors[c], c, columns[j]);
      w[j] = columns[j][c];
    }
    if (c + 1 < n) {
      rightFactors[c] = reflect(w, c + 1);
      e[c] = w[c + 1];
      w[c + 1] = 1;
      if (rightFactors[c] != 0) {
        double[] x = new double[m];
        for (int j = c + 1; j < n; j++) {
          axpy(w[j], columns[j], c + 1, x);
        }
        for (int j = c + 1; j < n; j++) {
          axpy(-rightFactors[c] * w[j], x, c + 1, columns[j]);
        }
      }
    }
  }

  /**
   * Columns of the product of reflections, one per array.
   *
   * @param shift reflection c starts at element c + shift
   */
  private static double[][] vectors(double[][] reflections, double[] factors, int size, int shift) {
    int n = factors.length;
    double[][] vectors = new double[n][size];
    for (int c = n - 1; c >= 0; c--) {
      vectors[c][c] = 1;
      // Later columns are untouched unit vectors where this reflection does not reach.
      for (int k = c; k < n && factors[c] != 0; k++) {
        reflect(reflections[c], factors[c], c + shift, vectors[k]);
      }
    }
    return vectors;
  }

  /** Makes x from {@code at} on a reflection {@code beta, v_1, ...}; returns its factor. */
  private static double reflect(double[] x, int at) {
    double squares = dot(x, x, at + 1);
    // Below this, against a matrix with entries of about 1, the vector is zero to rounding.
    if (squares < 0x1p-1000) {
      for (int i = at + 1; i < x.length; i++) {
        x[i] = 0;
      }
      return 0;
    }
    double alpha = x[at];
    double beta = -Math.copySign(Math.sqrt(squares + alpha * alpha), alpha);
    double scale = 1 / (alpha - beta);
    for (int i = at + 1; i < x.length; i++) {
      x[i] *= scale;
    }
    x[at] = beta;
    return (beta - alpha) / beta;
  }

  /** {@code y := y - factor v (v^T y)} from element {@code at} on. */
  private static void reflect(double[] v, double factor, int at, double[] y) {
    axpy(-factor * dot(v, y, at), v, at, y);
  }

  private static void axpy(double alpha, double[] x, int at, double[] y) {
    for (int i = at; i < x.length; i++) {
      y[i] += alpha * x[i];
    }
  }

  /** Four sums, because one would wait for each addition. */
  private static double dot(double[] x, double[] y, int at) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = at;
    for (; i < x.length - 3; i += 4) {
      s0 += x[i] * y[i];
      s1 += x[i + 1] * y[i + 1];
      s2 += x[i + 2] * y[i + 2];
      s3 += x[i + 3] * y[i + 3];
    }
    for (; i < x.length; i++) {
      s0 += x[i] * y[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static Svd sorted(int m, double[] s, double[][] left, double[][] right) {
    int n = s.length;
    int[] order = Descending.order(s);
    double[] u = new double[m * n];
    double[] v = new double[n * n];
    double[] values = new double[n];
    for (int j = 0; j < n; j++) {
      values[j] = s[order[j]];
      for (int i = 0; i < m; i++) {
        u[i * n + j] = left[order[j]][i];
      }
      for (int i = 0; i < n; i++) {
        v[i * n + j] = right[order[j]][i];
      }
    }
    return new Svd(Tensor.of(u, m, n), Tensor.of(values, n), Tensor.of(v, n, n));
  }
}
