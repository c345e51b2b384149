package org.quadrille.kernels.cpu.device;

/**
 * The three-term recurrence of radial Zernike polynomials, one step at a time: plain arithmetic
 * that device kernels call too.
 *
 * <p>With {@code x = 2 r^2 - 1} and {@code P_k = P_k^(0,m)} (Jacobi), {@code R_(m+2k)^m = r^m
 * P_k(x) } and
 *
 * <pre>  2 k (k+m) (2k+m-2) P_k = (2k+m-1) ((2k+m) (2k+m-2) x - m^2) P_(k-1)
 *                            - 2 (k-1) (k+m-1) (2k+m) P_(k-2)</pre>
 *
 * (NIST Digital Library of Mathematical Functions, 18.9.2, with the sign that the value at r = 1 is
 * 1).
 */
public final class RadialRecurrence {
  private RadialRecurrence() {}

  /**
   * {@code P_k} from the two before it.
   *
   * @param k at least 1; {@code P_-1} counts as 0
   * @param m the angular order, at least 0
   * @param x {@code 2 r^2 - 1}
   * @param last {@code P_(k-1)}
   * @param beforeLast {@code P_(k-2)}
   */
  public static double next(int k, int m, double x, double last, double beforeLast) {
    double a = k;
    double b = m;
    if (k == 1) {
      // P_1 = ((m + 2) x - m) / 2
      return 0.5 * ((b + 2.0) * x - b) * last;
    }
    double twice = 2.0 * a + b;
    double first = (twice - 1.0) * (twice * (twice - 2.0) * x - b * b) * last;
    double second = 2.0 * (a - 1.0) * (a + b - 1.0) * twice * beforeLast;
    return (first - second) / (2.0 * a * (a + b) * (twice - 2.0));
  }

  /** {@code r^m} by repeated squaring. */
  public static double power(double r, int m) {
    double result = 1.0;
    double square = r;
    for (int rest = m; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
