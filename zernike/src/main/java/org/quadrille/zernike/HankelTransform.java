package org.quadrille.zernike;

/**
 * Hankel transforms of radial polynomials, in closed form:
 *
 * <pre>int_0^1 J_a(bx) (bx)^(-p/2) R_{N,n}(x) x^(p+1) dx = (-1)^n J_{a+2n+1}(b) / b^(p/2+1)</pre>
 *
 * with a = N + p/2 in dimension p + 2 (F. Zernike, 1934, on the disk; Greengard and Serkh, "Zernike
 * Polynomials: Evaluation, Quadrature, and Interpolation", 2018). On the disk, p = 0, this is the
 * radial part of the Fourier transform of a mode. <b>Accuracy</b>: that of {@link BesselFunction}.
 * <b>Thread safety</b>: no state.
 */
public final class HankelTransform {
  private HankelTransform() {}

  /**
   * The transform of one polynomial.
   *
   * @param order angular order N, 0 or more
   * @param radialIndex n, 0 or more
   * @param p dimension minus 2, 0 on the disk
   * @param b wave number, 0 or more; NaN gives NaN
   * @return 0 where the value is below the double range
   */
  public static double ofRadial(int order, int radialIndex, int p, double b) {
    if (order < 0 || radialIndex < 0 || p < 0 || b < 0) {
      throw new IllegalArgumentException(
          "order "
              + order
              + ", radial index "
              + radialIndex
              + ", p "
              + p
              + ", b "
              + b
              + ": expected numbers from 0 on");
    }
    double degree = order + 2.0 * radialIndex;
    double sign = (radialIndex & 1) == 0 ? 1 : -1;
    // J_{a+2n+1} = J_{d+p/2+1}
    double besselOrder = degree + 0.5 * p + 1;
    return b * b < 4 * (besselOrder + 1)
        ? sign * powerSeries(degree, p, b)
        : sign * BesselFunction.value(besselOrder, b) / Math.pow(b, 0.5 * p + 1);
  }

  /**
   * {@code J_c(b) / b^(p/2+1)}, c = d + p/2 + 1, where the terms of the series fall: the quotient
   * may be a double where the Bessel function is not.
   */
  private static double powerSeries(double degree, int p, double b) {
    double leading = atZero(p);
    for (int k = 1; k <= degree; k++) {
      leading *= 0.5 * b / (0.5 * p + 1 + k);
    }
    double square = -0.25 * b * b;
    double term = 1;
    double sum = 1;
    for (int k = 1; Math.abs(term) > 1e-18; k++) {
      term *= square / (k * (degree + 0.5 * p + 1 + k));
      sum += term;
    }
    return leading * sum;
  }

  /** Below this b, terms of order b^2 are far below rounding. */
  private static final double TINY = 1e-20;

  /** {@code 1 / (2^(a+1) Gamma(a+2))}, a = p/2: the transform of 1 at b = 0. */
  private static double atZero(int p) {
    // 1/2 for a = 0, 1 / (2^(3/2) Gamma(5/2)) = (2 / pi)^(1/2) / 3 for a = 1/2
    double value = p % 2 == 0 ? 0.5 : Math.sqrt(2 / Math.PI) / 3;
    // Gamma(a + 2) = (a + 1) Gamma(a + 1)
    for (double a = p % 2 == 0 ? 1 : 1.5; a <= 0.5 * p; a++) {
      value /= 2 * (a + 1);
    }
    return value;
  }

  /**
   * {@code int_0^1 f(r) J_N(br) r dr} of a sum {@code f = sum_n c_n R_{N,n}} on the disk.
   *
   * @param order angular order N, 0 or more
   * @param coefficients c_n, not modified
   * @param b wave number, 0 or more
   */
  public static double ofSeries(int order, double[] coefficients, double b) {
    if (order < 0 || b < 0) {
      throw new IllegalArgumentException(
          "order " + order + ", b " + b + ": expected numbers from 0 on");
    }
    if (coefficients.length == 0) {
      return 0;
    }
    double[] ratios = besselOverArgument(order + 2 * coefficients.length - 2, b);
    double sum = 0;
    for (int n = coefficients.length - 1; n >= 0; n--) {
      double term = coefficients[n] * ratios[order + 2 * n];
      sum += (n & 1) == 0 ? term : -term;
    }
    return sum;
  }

  /** {@code J_{d+1}(b) / b} for degrees d from 0 to the largest; 1/2 and zeros at b = 0. */
  static double[] besselOverArgument(int largestDegree, double b) {
    double[] bessel = new double[largestDegree + 2];
    double[] ratios = new double[largestDegree + 1];
    if (b < TINY) {
      ratios[0] = 0.5;
      return ratios;
    }
    BesselFunction.integerOrders(b, bessel);
    for (int d = 0; d <= largestDegree; d++) {
      ratios[d] = bessel[d + 1] / b;
    }
    return ratios;
  }
}
