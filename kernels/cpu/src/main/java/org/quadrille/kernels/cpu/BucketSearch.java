package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Number of boundaries below x by one table lookup: [-1, 1] is cut into buckets so narrow that each
 * holds at most one boundary.
 *
 * <p>The bucket of x is a monotone function of x even in floating point. So all boundaries in lower
 * buckets are below x, all in higher ones above, and only the one in its own bucket is compared:
 * the count is exact.
 *
 * @param base number of boundaries in lower buckets
 * @param split the boundary in the bucket, or infinity
 */
record BucketSearch(int[] base, float[] split) {
  private static final int BUCKETS = 1024;

  /** The search, or null where a bucket would hold two boundaries. */
  static BucketSearch of(float[] boundaries) {
    int[] base = new int[BUCKETS];
    float[] split = new float[BUCKETS];
    Arrays.fill(split, Float.POSITIVE_INFINITY);
    int counted = 0;
    int next = 0;
    for (float boundary : boundaries) {
      if (boundary == Float.POSITIVE_INFINITY) {
        break; // padding
      }
      int bucket = bucket(boundary);
      if (split[bucket] != Float.POSITIVE_INFINITY) {
        return null;
      }
      split[bucket] = boundary + 0f; // never -0: 0 - 0 must not be negative
      Arrays.fill(base, next, bucket + 1, counted);
      next = bucket + 1;
      counted++;
    }
    Arrays.fill(base, next, BUCKETS, counted);
    return new BucketSearch(base, split);
  }

  private static int bucket(float x) {
    return Math.max(0, Math.min(BUCKETS - 1, (int) (x * (BUCKETS / 2) + BUCKETS / 2)));
  }

  /** Number of boundaries strictly below x. */
  int code(float x) {
    int bucket = bucket(x);
    // x > split as the sign of the difference: a branch would often be predicted wrongly
    return base[bucket] + (Float.floatToIntBits(split[bucket] - x) >>> 31);
  }

  /** Codes of the weights of one block. */
  void quantize(int n, float[] a, int from, float divisor, byte[] codes, int to) {
    for (int i = 0; i < n; i++) {
      codes[to + i] = (byte) code(a[from + i] / divisor);
    }
  }

  /** Rounded weights of one block. */
  void round(int n, float[] a, int from, float scale, float[] levels, float[] out) {
    float divisor = ScalarBlocks.divisor(scale);
    for (int i = 0; i < n; i++) {
      out[i] = levels[code(a[from + i] / divisor)] * scale;
    }
  }
}
