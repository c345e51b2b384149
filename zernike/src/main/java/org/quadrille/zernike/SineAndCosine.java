package org.quadrille.zernike;

/**
 * Sine and cosine of angles from 0 to 1 by their power series, in loops that become vector code;
 * relative error below 2 units in the last place.
 */
final class SineAndCosine {
  /** Terms for angles to 1: the next one is below 2^-62 of the value. */
  private static final int TERMS = 11;

  /** {@code (-1)^k / (2k + 1)!}. */
  private static final double[] SINE = new double[TERMS];

  /** {@code (-1)^k / (2k)!}. */
  private static final double[] COSINE = new double[TERMS];

  static {
    double factorial = 1;
    for (int k = 0; k < TERMS; k++) {
      double sign = (k & 1) == 0 ? 1 : -1;
      COSINE[k] = sign / factorial;
      factorial *= 2 * k + 1;
      SINE[k] = sign / factorial;
      factorial *= 2 * k + 2;
    }
  }

  private SineAndCosine() {}

  /**
   * Both functions.
   *
   * @param angles from 0 to 1
   * @param squares overwritten by the squares of the angles
   */
  static void of(int count, double[] angles, double[] squares, double[] sines, double[] cosines) {
    for (int i = 0; i < count; i++) {
      squares[i] = angles[i] * angles[i];
      sines[i] = SINE[TERMS - 1];
      cosines[i] = COSINE[TERMS - 1];
    }
    for (int k = TERMS - 2; k >= 1; k--) {
      double s = SINE[k];
      double c = COSINE[k];
      for (int i = 0; i < count; i++) {
        sines[i] = Math.fma(sines[i], squares[i], s);
        cosines[i] = Math.fma(cosines[i], squares[i], c);
      }
    }
    for (int i = 0; i < count; i++) {
      double x = angles[i];
      sines[i] = Math.fma(x * squares[i], sines[i], x);
      cosines[i] = Math.fma(squares[i], cosines[i], 1);
    }
  }
}
