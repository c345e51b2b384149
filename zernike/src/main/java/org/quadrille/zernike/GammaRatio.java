package org.quadrille.zernike;

/** Quotients of gamma functions, without the overflow and cancellation of the functions. */
final class GammaRatio {
  /** From here on Stirling's series with the terms below reaches rounding. */
  private static final double LARGE = 16;

  private GammaRatio() {}

  /**
   * {@code Gamma(x + b) / Gamma(x)}.
   *
   * @param x above 0
   * @param b with x + b above 0
   */
  static double of(double x, double b) {
    if (b == Math.rint(b) && b >= 0 && b <= LARGE) {
      double product = 1;
      for (int k = 0; k < b; k++) {
        product *= x + k;
      }
      return product;
    }
    double shifted = x;
    double product = 1;
    while (Math.min(shifted, shifted + b) < LARGE) {
      // Gamma(x + 1) = x Gamma(x)
      product *= shifted / (shifted + b);
      shifted++;
    }
    // (x - 1/2) log(1 + b/x) + b log(x + b) - b and the series
    double logarithm =
        (shifted - 0.5) * Math.log1p(b / shifted) - b + (series(shifted + b) - series(shifted));
    return product * Math.exp(logarithm) * Math.pow(shifted + b, b);
  }

  /** {@code 1/(12 x) - 1/(360 x^3) + 1/(1260 x^5) - 1/(1680 x^7) + 1/(1188 x^9)}. */
  private static double series(double x) {
    double z = 1 / (x * x);
    double sum = 1.0 / 1188;
    sum = Math.fma(sum, z, -1.0 / 1680);
    sum = Math.fma(sum, z, 1.0 / 1260);
    sum = Math.fma(sum, z, -1.0 / 360);
    sum = Math.fma(sum, z, 1.0 / 12);
    return sum / x;
  }
}
