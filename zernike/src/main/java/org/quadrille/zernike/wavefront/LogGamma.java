package org.quadrille.zernike.wavefront;

/**
 * Logarithm of the gamma function, absolute error below 4e-15 of the larger of 1 and the result.
 */
final class LogGamma {
  /** From here on, Stirling's series has all digits. */
  private static final double LARGE = 12;

  /** {@code B_2k / (2k (2k - 1))}, k from 1. */
  private static final double[] STIRLING = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
  };

  private LogGamma() {}

  /** {@code ln |Gamma(x)|}, x not 0, -1, -2, ... */
  static double of(double x) {
    if (x < 0.5) {
      // Gamma(x) Gamma(1 - x) = pi / sin(pi x)
      return Math.log(Math.PI / Math.abs(sineOfPi(x))) - of(1 - x);
    }
    double product = 1;
    double y = x;
    while (y < LARGE) {
      product *= y;
      y += 1;
    }
    double inverse = 1 / y;
    double square = inverse * inverse;
    double series = 0;
    for (int k = STIRLING.length - 1; k >= 0; k--) {
      series = series * square + STIRLING[k];
    }
    double large = (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series * inverse;
    return large - Math.log(product);
  }

  /** The sign of Gamma(x). */
  static int sign(double x) {
    return x > 0 || Math.floorMod((long) Math.floor(x), 2) == 0 ? 1 : -1;
  }

  /** {@code sin(pi x)}, reduced before it is multiplied by pi. */
  private static double sineOfPi(double x) {
    return Math.sin(Math.PI * (x - 2 * Math.rint(0.5 * x)));
  }
}
