package org.quadrille.linalg;

/**
 * Scaling by powers of two, which is exact, so that squares of very large or very small entries
 * neither overflow nor vanish.
 */
final class PowerOfTwo {
  private PowerOfTwo() {}

  /**
   * The power of two at or below {@code value} if that is far from 1, else 1 (most matrices need no
   * scaling). Values of 2^-1000 and less, and zero, give 2^-1000.
   */
  static double near(double value) {
    int exponent = value == 0 ? 0 : Math.getExponent(value);
    return Math.abs(exponent) < 20 ? 1 : Math.scalb(1.0, Math.max(-1000, exponent));
  }

  /** {@code x := x / scale}. */
  static Tensor divide(Tensor x, double scale) {
    return multiply(x, 1 / scale);
  }

  /** {@code x := x * scale}, in two exact steps where the dtype cannot hold the factor itself. */
  static Tensor multiply(Tensor x, double scale) {
    if (scale == 1) {
      return x;
    }
    int exponent = Math.getExponent(scale);
    int half = exponent / 2;
    Arithmetic.scale(Math.scalb(1.0, half), x);
    return Arithmetic.scale(Math.scalb(1.0, exponent - half), x);
  }
}
