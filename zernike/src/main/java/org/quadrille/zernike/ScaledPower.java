package org.quadrille.zernike;

/**
 * {@code x^N = mantissa 2^exponent}, where the power itself may be far below the range of doubles.
 *
 * @param mantissa 1 to about 2 in size unless the power is within range; 0 for 0
 * @param exponent 0 where the power is within range
 */
record ScaledPower(double mantissa, int exponent) {
  /** Powers from here on to 1 / SMALL are kept as they are. */
  private static final double SMALL = 0x1p-500;

  private static final double LOG_2 = Math.log(2);
  private static final double LOG_2_LOW = 2.3190468138462996e-17;

  /** From x itself: products of powers that are in range, each rounded once. */
  static ScaledPower ofRadius(double x, int order) {
    if (order == 0) {
      return new ScaledPower(1, 0);
    }
    double whole = Math.pow(x, order);
    if ((whole >= SMALL && whole <= 1 / SMALL) || x == 0 || !(x < Double.POSITIVE_INFINITY)) {
      return new ScaledPower(whole, 0);
    }
    // so many factors x at a time that one power stays in range
    int step = (int) Math.max(1, 500 * LOG_2 / Math.abs(Math.log(x)));
    double mantissa = 1;
    long exponent = 0;
    for (int left = order; left > 0; left -= step) {
      mantissa *= Math.pow(x, Math.min(step, left));
      int part = Math.getExponent(mantissa);
      mantissa = Math.scalb(mantissa, -part);
      exponent += part;
    }
    return new ScaledPower(mantissa, clamp(exponent));
  }

  /** From t = x^2 and s = 1 - t, whichever is accurate. */
  static ScaledPower ofSquare(double t, double s, int order) {
    if (order == 0) {
      return new ScaledPower(1, 0);
    }
    if (t == 0) {
      return new ScaledPower(0, 0);
    }
    double logarithm = 0.5 * order * (t < 0.5 ? Math.log(t) : Math.log1p(-s));
    if (Math.abs(logarithm) < 500 * LOG_2) {
      return new ScaledPower(Math.exp(logarithm), 0);
    }
    double exponent = Math.rint(logarithm / LOG_2);
    double rest = Math.fma(-exponent, LOG_2, logarithm) - exponent * LOG_2_LOW;
    return new ScaledPower(Math.exp(rest), clamp((long) exponent));
  }

  private static int clamp(long exponent) {
    return (int) Math.max(-1_000_000_000L, Math.min(1_000_000_000L, exponent));
  }
}
