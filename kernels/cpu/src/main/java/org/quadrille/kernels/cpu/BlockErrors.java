package org.quadrille.kernels.cpu;

/**
 * Squared error of blockwise rounding in plain Java, without the rounded weights: the definition of
 * {@link Kernels#blockErrors}.
 *
 * <p>Levels and boundaries of a block are multiplied by its scale once, which replaces a division
 * for each weight. A weight that lies within rounding of a boundary may so be counted with the
 * level on the other side, which is as near.
 */
final class BlockErrors {
  private BlockErrors() {}

  /** Whether there is a loop for that many levels. */
  static boolean fits(int levels) {
    return levels == 4 || levels == 8 || levels == 16;
  }

  static double sum(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      float[] levels) {
    double[] partial = new double[ScalarBlocks.ERROR_PARTIALS];
    float[] b = new float[boundaries.length];
    float[] q = new float[levels.length];
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int length = Math.min(n - first, blockSize);
      float scale = scales[scalesOffset + block];
      scale(boundaries, scale, b);
      scale(levels, scale, q);
      int from = aOffset + first;
      switch (levels.length) {
        case 4 -> add4(length, a, from, b, q, partial);
        case 8 -> add8(length, a, from, b, q, partial);
        default -> add16(length, a, from, b, q, partial);
      }
    }
    return SumOrder.tree(partial, ScalarBlocks.ERROR_PARTIALS);
  }

  private static void scale(float[] values, float scale, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i] * scale;
    }
  }

  /** 1 where x is above the boundary; the sign of a difference, since a branch is a coin toss. */
  private static int above(float boundary, float x) {
    return Float.floatToRawIntBits(boundary - x) >>> 31;
  }

  private static double squared(float x, float level) {
    double error = x - level;
    return error * error;
  }

  private static double error4(float x, float[] b, float[] q) {
    int half = 2 * above(b[1], x);
    return squared(x, q[half + above(b[half], x)]);
  }

  private static double error8(float x, float[] b, float[] q) {
    int half = 4 * above(b[3], x);
    int quarter = half + 2 * above(b[half + 1], x);
    return squared(x, q[quarter + above(b[quarter], x)]);
  }

  private static double error16(float x, float[] b, float[] q) {
    int half = 8 * above(b[7], x);
    int quarter = half + 4 * above(b[half + 3], x);
    int eighth = quarter + 2 * above(b[quarter + 1], x);
    return squared(x, q[eighth + above(b[eighth], x)]);
  }

  private static void add4(int n, float[] a, int from, float[] b, float[] q, double[] sums) {
    for (int i = 0; i < n; i++) {
      sums[i % ScalarBlocks.ERROR_PARTIALS] += error4(a[from + i], b, q);
    }
  }

  private static void add8(int n, float[] a, int from, float[] b, float[] q, double[] sums) {
    for (int i = 0; i < n; i++) {
      sums[i % ScalarBlocks.ERROR_PARTIALS] += error8(a[from + i], b, q);
    }
  }

  private static void add16(int n, float[] a, int from, float[] b, float[] q, double[] sums) {
    for (int i = 0; i < n; i++) {
      sums[i % ScalarBlocks.ERROR_PARTIALS] += error16(a[from + i], b, q);
    }
  }
}
