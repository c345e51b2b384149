package org.quadrille.zernike;

/**
 * Powers {@code x^N}, N = 0 to a largest order, of many radii {@code x = t^(1/2)}, multiplied in
 * twice the working precision, so that each is rounded once.
 */
final class RadialPowers {
  private final int radii;
  private final double[] powers;

  /**
   * Computes all powers.
   *
   * @param t squares, to their full relative accuracy
   * @param s 1 - t, likewise
   */
  RadialPowers(double[] t, double[] s, int largestOrder) {
    radii = t.length;
    powers = new double[Math.multiplyExact(radii, largestOrder + 1)];
    for (int i = 0; i < radii; i++) {
      // t as a sum of two numbers, from whichever of t and s is the accurate one
      double low = t[i] < 0.5 ? 0 : (1 - t[i]) - s[i];
      double root = Math.sqrt(t[i]);
      // root^2 + 2 root rootLow = t + low
      double rootLow = root == 0 ? 0 : (Math.fma(-root, root, t[i]) + low) / (2 * root);
      double high = 1;
      double highLow = 0;
      for (int order = 0; order <= largestOrder; order++) {
        powers[order * radii + i] = high;
        double product = high * root;
        double error = Math.fma(high, root, -product);
        double rest = error + Math.fma(high, rootLow, highLow * root);
        high = product + rest;
        highLow = rest - (high - product);
      }
    }
  }

  /** {@code x_i^order}; 0 where it falls below the double range. */
  double power(int order, int i) {
    return powers[order * radii + i];
  }

  /** {@code x_i^order} of consecutive radii. */
  void copy(int order, int from, int count, double[] out) {
    System.arraycopy(powers, order * radii + from, out, 0, count);
  }
}
