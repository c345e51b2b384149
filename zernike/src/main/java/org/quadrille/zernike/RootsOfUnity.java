package org.quadrille.zernike;

/**
 * Cosines and sines of the equispaced angles {@code 2 pi j / n}, each within a unit in the last
 * place: the angle is reduced to an eighth of the circle in integers.
 */
final class RootsOfUnity {
  private RootsOfUnity() {}

  /** {@code cos(2 pi j / n)}, j = 0 to n - 1. */
  static double[] cosines(int n) {
    double[] cosines = new double[n];
    for (int j = 0; j < n; j++) {
      cosines[j] = cosine(j, n);
    }
    return cosines;
  }

  /** {@code sin(2 pi j / n)}, j = 0 to n - 1. */
  static double[] sines(int n) {
    double[] sines = new double[n];
    for (int j = 0; j < n; j++) {
      sines[j] = sine(j, n);
    }
    return sines;
  }

  /** {@code cos(2 pi j / n)}, 0 <= j < n. */
  static double cosine(long j, long n) {
    // the angle is pi a / n with 0 <= a <= n
    long a = Math.min(2 * j, 2 * (n - j));
    return 2 * a > n ? -ofQuarter(n - a, n) : ofQuarter(a, n);
  }

  /** {@code sin(2 pi j / n)}, 0 <= j < n. */
  static double sine(long j, long n) {
    // sin(x) = cos(pi/2 - x); in units of pi / (2n), 4j of the sine becomes n - 4j of the cosine
    long quarter = Math.floorMod(n - 4 * j, 4 * n);
    return cosine(quarter, 4 * n);
  }

  /** {@code cos(pi a / n)} for 0 <= 2a <= n. */
  private static double ofQuarter(long a, long n) {
    return 4 * a > n
        ? Math.sin(Math.PI * (n - 2 * a) / (2.0 * n))
        : Math.cos(Math.PI * a / (double) n);
  }
}
