package org.quadrille.zernike;

/**
 * Arithmetic of many truncated power series at once: row k of an array holds the coefficients of
 * {@code z^k} of all series, and the inner loops run over the series.
 */
final class PowerSeriesRows {
  private PowerSeriesRows() {}

  /** Coefficient k of {@code a^2}, from coefficients 0 to k of a. */
  static void square(double[][] a, int k, double[] out) {
    int half = k / 2;
    double[] middle = a[half];
    boolean isEven = (k & 1) == 0;
    double[] other = a[k - half];
    double weight = isEven ? 1 : 2;
    for (int i = 0; i < out.length; i++) {
      out[i] = weight * middle[i] * other[i];
    }
    int j = 0;
    for (; j + 1 < half; j += 2) {
      double[] a0 = a[j];
      double[] b0 = a[k - j];
      double[] a1 = a[j + 1];
      double[] b1 = a[k - j - 1];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.fma(2 * a1[i], b1[i], Math.fma(2 * a0[i], b0[i], out[i]));
      }
    }
    if (j < half) {
      double[] a0 = a[j];
      double[] b0 = a[k - j];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.fma(2 * a0[i], b0[i], out[i]);
      }
    }
  }

  /** Coefficient k of {@code l = u' / (2 u)}, from coefficients 0 to k - 1 of l, in place. */
  static void quotientOfDerivative(double[][] u, double[][] l, int k) {
    // u_0 l_k = (k + 1) u_(k+1) / 2 - sum over j = 1 .. k of u_j l_(k-j)
    double[] out = l[k];
    double[] slope = u[k + 1];
    double factor = 0.5 * (k + 1);
    for (int i = 0; i < out.length; i++) {
      out[i] = factor * slope[i];
    }
    int j = 1;
    for (; j < k; j += 2) {
      double[] u0 = u[j];
      double[] l0 = l[k - j];
      double[] u1 = u[j + 1];
      double[] l1 = l[k - j - 1];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.fma(-u1[i], l1[i], Math.fma(-u0[i], l0[i], out[i]));
      }
    }
    if (j == k) {
      double[] u0 = u[j];
      double[] l0 = l[0];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.fma(-u0[i], l0[i], out[i]);
      }
    }
    double[] constant = u[0];
    for (int i = 0; i < out.length; i++) {
      out[i] /= constant[i];
    }
  }
}
