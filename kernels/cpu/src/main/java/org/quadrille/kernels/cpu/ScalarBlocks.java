package org.quadrille.kernels.cpu;

/**
 * Blockwise quantization in plain Java: the definition of every result of the block loops of {@link
 * Kernels}.
 */
final class ScalarBlocks {
  /** Partial sums of a squared error: weight i of a block goes to partial sum i mod 8. */
  static final int ERROR_PARTIALS = 8;

  private ScalarBlocks() {}

  static void maxima(
      int n, int blockSize, float[] a, int aOffset, float[] maxima, int maximaOffset) {
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int end = Math.min(n - first, blockSize);
      maxima[maximaOffset + block] = largest(end, a, aOffset + first);
    }
  }

  /** Patterns without the sign bit order like magnitudes, with infinity and then NaN on top. */
  static float largest(int n, float[] a, int aOffset) {
    int largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(a[aOffset + i]) & 0x7fffffff);
    }
    return Float.intBitsToFloat(largest);
  }

  static void quantize(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      byte[] codes,
      int codesOffset) {
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int end = first + Math.min(n - first, blockSize);
      float divisor = divisor(scales[scalesOffset + block]);
      for (int i = first; i < end; i++) {
        codes[codesOffset + i] = (byte) code(a[aOffset + i] / divisor, boundaries);
      }
    }
  }

  static void dequantize(
      int n,
      int blockSize,
      byte[] codes,
      int codesOffset,
      float[] scales,
      int scalesOffset,
      float[] levels,
      float[] out,
      int outOffset) {
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int end = first + Math.min(n - first, blockSize);
      float scale = scales[scalesOffset + block];
      for (int i = first; i < end; i++) {
        out[outOffset + i] = levels[codes[codesOffset + i] & 0xff] * scale;
      }
    }
  }

  static double round(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels,
      float[] out,
      int outOffset) {
    double[] partial = new double[ERROR_PARTIALS];
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int end = first + Math.min(n - first, blockSize);
      float scale = scales[scalesOffset + block];
      float divisor = divisor(scale);
      for (int i = first; i < end; i++) {
        float value = a[aOffset + i];
        float rounded = levels[code(value / divisor, boundaries)] * scale;
        double error = (double) value - rounded;
        partial[(i - first) % ERROR_PARTIALS] += error * error;
        out[outOffset + i] = rounded;
      }
    }
    return SumOrder.tree(partial, ERROR_PARTIALS);
  }

  /** A finite number over this is the quotient to be coded: 0 where the scale is 0. */
  static float divisor(float scale) {
    return scale == 0 ? Float.POSITIVE_INFINITY : scale;
  }

  /** Number of boundaries strictly below x, by halving; there are 2^k - 1 of them. */
  static int code(float x, float[] boundaries) {
    int code = 0;
    for (int half = (boundaries.length + 1) / 2; half > 0; half /= 2) {
      code += x > boundaries[code + half - 1] ? half : 0;
    }
    return code;
  }
}
