package org.quadrille.zernike.ball;

/**
 * Fully normalized associated Legendre functions of one order m, degrees m to L: {@code integral
 * over [-1, 1] of P^2 = 1}, without the sign (-1)^m of Condon and Shortley.
 *
 * <p>{@code P_N = a_N (c P_(N-1) - b_N P_(N-2))} with {@code a_N^2 = (4 N^2 - 1) / (N^2 - m^2)},
 * {@code b_N = 1 / a_(N-1)}, from {@code P_m = ((2m+1)!! / (2 (2m)!!))^(1/2) s^m}. The start may
 * lie far below the range of doubles: values carry an exponent of their own. Immutable.
 */
final class LegendreColumn {
  private static final double SCALE = 0x1p400;
  private static final int SCALE_EXPONENT = 400;
  private static final double LOG_2 = Math.log(2);

  private final int order;
  private final int degree;

  /** {@code P_m / s^m}. */
  private final double start;

  /** a_N, and b_N times it, at N - m. */
  private final double[] ratios;

  private final double[] backward;

  LegendreColumn(int order, int degree) {
    this.order = order;
    this.degree = degree;
    double square = 0.5;
    for (int k = 1; k <= order; k++) {
      square *= (2.0 * k + 1) / (2.0 * k);
    }
    start = Math.sqrt(square);
    ratios = new double[degree - order + 1];
    backward = new double[degree - order + 1];
    for (int n = order + 1; n <= degree; n++) {
      double product = (double) (n - order) * (n + order);
      ratios[n - order] = Math.sqrt((2.0 * n - 1) * (2.0 * n + 1) / product);
      // P_(N-2) comes in with 1 / a_(N-1); there is none for N = m + 1
      backward[n - order] = n == order + 1 ? 0 : ratios[n - order] / ratios[n - order - 1];
    }
  }

  /** Degrees m to L: {@code L - m + 1}. */
  int count() {
    return degree - order + 1;
  }

  /**
   * Values at a cosine.
   *
   * @param c cosine of the polar angle
   * @param s its sine, 0 or more
   * @param out value of degree m + i at offset + i
   */
  void values(double c, double s, double[] out, int offset) {
    double value = start;
    int exponent = 0;
    double power = Math.pow(s, order);
    if (power > 1 / SCALE || s == 0) {
      value *= power;
    } else {
      double logarithm = order * Math.log(s);
      exponent = (int) Math.max(-1_000_000_000, Math.rint(logarithm / LOG_2));
      value *= Math.exp(logarithm - exponent * LOG_2);
    }
    double before = 0;
    for (int i = 0; i < ratios.length; i++) {
      if (i > 0) {
        double next = ratios[i] * c * value - backward[i] * before;
        before = value;
        value = next;
        if (Math.abs(value) > SCALE) {
          value /= SCALE;
          before /= SCALE;
          exponent += SCALE_EXPONENT;
        }
      }
      out[offset + i] = exponent == 0 ? value : Math.scalb(value, exponent);
    }
  }
}
