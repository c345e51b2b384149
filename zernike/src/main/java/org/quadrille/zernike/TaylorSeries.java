package org.quadrille.zernike;

/**
 * Arithmetic of truncated power series: coefficient k of {@code z^k}, arrays of one length in, a
 * new array of that length out.
 */
final class TaylorSeries {
  private TaylorSeries() {}

  static double[] multiply(double[] a, double[] b, int length) {
    double[] c = new double[length];
    for (int k = 0; k < length; k++) {
      double sum = 0;
      for (int i = 0; i <= k; i++) {
        sum += a[i] * b[k - i];
      }
      c[k] = sum;
    }
    return c;
  }

  /** {@code a / b}, b_0 not 0. */
  static double[] divide(double[] a, double[] b, int length) {
    double[] c = new double[length];
    for (int k = 0; k < length; k++) {
      double sum = a[k];
      for (int i = 1; i <= k; i++) {
        sum -= b[i] * c[k - i];
      }
      c[k] = sum / b[0];
    }
    return c;
  }

  /** Square root, a_0 above 0. */
  static double[] sqrt(double[] a, int length) {
    double[] c = new double[length];
    c[0] = Math.sqrt(a[0]);
    for (int k = 1; k < length; k++) {
      double sum = a[k];
      for (int i = 1; i < k; i++) {
        sum -= c[i] * c[k - i];
      }
      c[k] = sum / (2 * c[0]);
    }
    return c;
  }

  /** Derivative; {@code length} is one less than that of a, or shorter. */
  static double[] derivative(double[] a, int length) {
    double[] c = new double[length];
    for (int k = 0; k < length; k++) {
      c[k] = (k + 1) * a[k + 1];
    }
    return c;
  }
}
