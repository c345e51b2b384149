package org.quadrille.kernels.cpu;

/** The last step of the Euclidean norm, common to all implementations. */
final class EuclideanNorm {

  /** Below this a sum of squares may have lost terms to underflow that still matter. */
  private static final double SAFE_SUM = 0x1p-960;

  /** Largest power of two applied, so that the scale itself stays a normal number. */
  private static final int LARGEST_SHIFT = 1000;

  /** A sum of squares of scaled values. */
  @FunctionalInterface
  interface ScaledSum {
    double of(double factor);
  }

  private EuclideanNorm() {}

  /** Whether the root of the plain sum of squares is the norm, without rescaling. */
  static boolean isSafe(double sumOfSquares) {
    return sumOfSquares >= SAFE_SUM && sumOfSquares < Double.POSITIVE_INFINITY;
  }

  /** The norm where the plain sum is not safe: scaled by a power of two, which rounds nothing. */
  static double rescaled(double largest, ScaledSum sum) {
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    int shift = Math.clamp(-Math.getExponent(largest), -LARGEST_SHIFT, LARGEST_SHIFT);
    double factor = Math.scalb(1.0, shift);
    // The root of a finite sum is below 2^(1023 + 12), so dividing may overflow only if the norm
    // does.
    return Math.sqrt(sum.of(factor)) / factor;
  }
}
