package org.quadrille.kernels.cpu;

/**
 * The order of floating-point additions that every implementation keeps, whatever its hardware:
 * constants of the release, since changing one changes the bits of results.
 *
 * <p>A sum over a vector runs in a fixed number of <em>partial sums</em>: term i goes to partial
 * sum {@code i mod count}, in the order of i, and the partial sums are added in a halving tree. The
 * counts are multiples of the lanes of every vector up to 512 bits.
 *
 * <p>A matrix product sums each element of C over blocks of a fixed depth, one chain of fused
 * multiply-adds from 0 per block, and adds the blocks to C one after the other.
 */
final class SumOrder {

  /** Depth of the blocks of a single-precision matrix product. */
  static final int GEMM_DEPTH_FLOAT = 512;

  /** Depth of the blocks of a double-precision matrix product. */
  static final int GEMM_DEPTH_DOUBLE = 512;

  /** Partial sums of a float dot product: four accumulators of 512 bits. */
  static final int DOT_PARTIALS_FLOAT = 64;

  /** Partial sums of a double dot product and of every norm. */
  static final int DOT_PARTIALS_DOUBLE = 32;

  /** Partial sums of one row of a float matrix-vector product: one accumulator of 512 bits. */
  static final int GEMV_PARTIALS_FLOAT = 16;

  /** Partial sums of one row of a double matrix-vector product. */
  static final int GEMV_PARTIALS_DOUBLE = 8;

  /** Rows of a strip of a symmetric matrix, at least; strips may run at the same time. */
  private static final int SYMMETRIC_STRIP = 256;

  private static final int MOST_SYMMETRIC_STRIPS = 16;

  private SumOrder() {}

  /** Number of strips that a product of a symmetric n x n matrix and a vector is cut into. */
  static int symmetricStrips(int n) {
    return Math.clamp(n / SYMMETRIC_STRIP, 1, MOST_SYMMETRIC_STRIPS);
  }

  /** Sum of the first {@code count} values, a power of two, by halving. Values are overwritten. */
  static float tree(float[] partial, int count) {
    for (int half = count / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        partial[i] += partial[i + half];
      }
    }
    return partial[0];
  }

  /** Sum of the first {@code count} values, a power of two, by halving. Values are overwritten. */
  static double tree(double[] partial, int count) {
    for (int half = count / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        partial[i] += partial[i + half];
      }
    }
    return partial[0];
  }

  /** The halving tree over the {@link #GEMV_PARTIALS_FLOAT} values from {@code at} on. */
  static float rowTree(float[] s, int at) {
    float s0 = (s[at] + s[at + 8]) + (s[at + 4] + s[at + 12]);
    float s1 = (s[at + 1] + s[at + 9]) + (s[at + 5] + s[at + 13]);
    float s2 = (s[at + 2] + s[at + 10]) + (s[at + 6] + s[at + 14]);
    float s3 = (s[at + 3] + s[at + 11]) + (s[at + 7] + s[at + 15]);
    return (s0 + s2) + (s1 + s3);
  }

  /** The halving tree over the {@link #GEMV_PARTIALS_DOUBLE} values from {@code at} on. */
  static double rowTree(double[] s, int at) {
    double even = (s[at] + s[at + 4]) + (s[at + 2] + s[at + 6]);
    double odd = (s[at + 1] + s[at + 5]) + (s[at + 3] + s[at + 7]);
    return even + odd;
  }
}
