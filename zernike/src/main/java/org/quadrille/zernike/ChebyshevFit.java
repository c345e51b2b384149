package org.quadrille.zernike;

/**
 * Polynomial interpolation of a function on an interval in Chebyshev points of the first kind.
 *
 * <p>The value in the middle is kept apart, so that the rounding error of the sum is that of the
 * variation of the function, not of its size.
 */
final class ChebyshevFit {
  /** Number of points and coefficients. */
  static final int POINTS = 20;

  /** Relative to the value, a fraction of the unit roundoff. */
  private static final double NEGLIGIBLE = 0x1p-57;

  /** {@code cos(pi (k + 1/2) / POINTS)}. */
  private static final double[] NODES = new double[POINTS];

  /** {@code cos(pi j (k + 1/2) / POINTS)} at [j][k]. */
  private static final double[][] COSINES = new double[POINTS][POINTS];

  static {
    for (int j = 0; j < POINTS; j++) {
      for (int k = 0; k < POINTS; k++) {
        // the angle as an exact fraction of pi, reduced to a quarter circle
        int numerator = j * (2 * k + 1) % (4 * POINTS);
        COSINES[j][k] = Math.cos(Math.PI * numerator / (2 * POINTS));
      }
      NODES[j] = Math.cos(Math.PI * (2 * j + 1) / (2 * POINTS));
    }
  }

  private final double middle;
  private final double halfWidth;
  private final double reference;
  private final double[] coefficients;

  private ChebyshevFit(double middle, double halfWidth, double reference, double[] coefficients) {
    this.middle = middle;
    this.halfWidth = halfWidth;
    this.reference = reference;
    this.coefficients = coefficients;
  }

  /** Point number k on an interval. */
  static double point(double from, double to, int k) {
    return 0.5 * (from + to) + 0.5 * (to - from) * NODES[k];
  }

  /**
   * Fits values.
   *
   * @param values at the points 0 to POINTS - 1
   */
  static ChebyshevFit of(double from, double to, double[] values) {
    double reference = values[POINTS / 2];
    double[] coefficients = new double[POINTS];
    for (int j = 0; j < POINTS; j++) {
      double sum = 0;
      for (int k = 0; k < POINTS; k++) {
        sum += (values[k] - reference) * COSINES[j][k];
      }
      coefficients[j] = (j == 0 ? 1.0 : 2.0) / POINTS * sum;
    }
    return new ChebyshevFit(0.5 * (from + to), 0.5 * (to - from), reference, coefficients);
  }

  /** Coefficients without those that are below rounding: at least one. */
  int significantTerms() {
    double largest = Math.abs(reference);
    for (double coefficient : coefficients) {
      largest = Math.max(largest, Math.abs(coefficient));
    }
    int terms = POINTS;
    double dropped = 0;
    while (terms > 1) {
      dropped += Math.abs(coefficients[terms - 1]);
      if (dropped > NEGLIGIBLE * largest) {
        break;
      }
      terms--;
    }
    return terms;
  }

  /** Values at many points, as {@link #at} but for negligible terms. */
  void at(int count, double[] x, double[] out, Scratch scratch) {
    double[] z = scratch.z;
    double[] b1 = scratch.b1;
    double[] b2 = scratch.b2;
    double scale = 1 / halfWidth;
    for (int i = 0; i < count; i++) {
      z[i] = (x[i] - middle) * scale;
      b1[i] = 0;
      b2[i] = 0;
    }
    for (int k = significantTerms() - 1; k > 0; k--) {
      double c = coefficients[k];
      for (int i = 0; i < count; i++) {
        // the new b goes where the oldest was: the two arrays change roles
        b2[i] = Math.fma(2 * z[i], b1[i], c - b2[i]);
      }
      double[] newest = b2;
      b2 = b1;
      b1 = newest;
    }
    double constant = coefficients[0];
    for (int i = 0; i < count; i++) {
      out[i] = reference + Math.fma(z[i], b1[i], constant - b2[i]);
    }
  }

  /** Memory for values at many points. */
  static final class Scratch {
    private final double[] z;
    private final double[] b1;
    private final double[] b2;

    Scratch(int points) {
      z = new double[points];
      b1 = new double[points];
      b2 = new double[points];
    }
  }

  /** Value at x, by Clenshaw's recurrence. */
  double at(double x) {
    double z = (x - middle) / halfWidth;
    double twice = 2 * z;
    double b1 = 0;
    double b2 = 0;
    for (int k = POINTS - 1; k > 0; k--) {
      double b = Math.fma(twice, b1, coefficients[k] - b2);
      b2 = b1;
      b1 = b;
    }
    return reference + Math.fma(z, b1, coefficients[0] - b2);
  }

  /** The integral from {@code start}, which is one end of the interval. */
  ChebyshevFit integral(double start) {
    double[] c = new double[POINTS + 2];
    System.arraycopy(coefficients, 0, c, 0, POINTS);
    c[0] += reference;
    double[] integral = new double[POINTS];
    for (int k = 1; k < POINTS; k++) {
      double before = k == 1 ? 2 * c[0] : c[k - 1];
      integral[k] = halfWidth * (before - c[k + 1]) / (2 * k);
    }
    ChebyshevFit indefinite = new ChebyshevFit(middle, halfWidth, 0, integral);
    integral[0] = -indefinite.at(start);
    return indefinite;
  }
}
