package org.quadrille.quant;

/**
 * Random signs and a Walsh-Hadamard rotation of each run of 2^k columns: an orthogonal T that
 * spreads outliers evenly over their run, so that the values become nearly normal (J. Chee et al.,
 * "QuIP", 2023; A. Tseng et al., "QuIP#", 2024, section 3).
 *
 * <p>T = D H with D = diag(+-1) and H symmetric, {@code H[i][j] = (-1)^popcount(i & j) / sqrt(n)}
 * within a run. Columns that do not fill a run of {@link #blockSize()} are cut into the largest
 * powers of two that fit. The sign of column j is bit j mod 64 of output j / 64 of SplitMix64 under
 * the seed: 1 means negative. Sums that exceed the largest float become it.
 *
 * <p><b>Cost</b>: log2(blockSize) additions a value. <b>Bits</b>: single precision in a fixed
 * order.
 *
 * @param cols number of columns, at least 1
 * @param blockSize longest run, a power of two from 1 to 2^20
 * @param seed of the signs
 */
public record RandomizedHadamard(int cols, int blockSize, long seed) implements ColumnTransform {
  /** Usual length of a run. */
  public static final int USUAL_BLOCK = 128;

  private static final int LARGEST_BLOCK = 1 << 20;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** Checks the sizes. */
  public RandomizedHadamard {
    if (cols < 1) {
      throw new IllegalArgumentException("cols: given " + cols + ", expected at least 1");
    }
    if (blockSize < 1 || blockSize > LARGEST_BLOCK || Integer.bitCount(blockSize) != 1) {
      throw new IllegalArgumentException(
          "blockSize: given " + blockSize + ", expected a power of two up to " + LARGEST_BLOCK);
    }
  }

  /** The 64 bits of the seed. */
  @Override
  public long storageBits() {
    return Long.SIZE;
  }

  /** Signs, then rotation. */
  @Override
  public void transform(float[] rows, int offset, int count) {
    DiagonalScaling.checkRows(cols, rows, offset, count);
    for (int row = 0; row < count; row++) {
      flipSigns(rows, offset + row * cols);
      rotate(rows, offset + row * cols);
    }
  }

  /** Rotation, then signs, as both are their own inverses. */
  @Override
  public void restore(float[] rows, int offset, int count) {
    DiagonalScaling.checkRows(cols, rows, offset, count);
    for (int row = 0; row < count; row++) {
      int at = offset + row * cols;
      rotate(rows, at);
      flipSigns(rows, at);
    }
  }

  /** As {@link #transform}: T is orthogonal, so T^-T is T. */
  @Override
  public void transformOperand(float[] rows, int offset, int count) {
    transform(rows, offset, count);
  }

  private void flipSigns(float[] row, int offset) {
    for (int first = 0; first < cols; first += Long.SIZE) {
      long signs = signs(first / Long.SIZE);
      int end = Math.min(cols, first + Long.SIZE);
      for (int j = first; j < end; j++) {
        // moves the sign of column j to the sign bit of the float
        int sign = (int) (signs >>> (j - first)) << 31;
        row[offset + j] = Float.intBitsToFloat(Float.floatToRawIntBits(row[offset + j]) ^ sign);
      }
    }
  }

  /** Output number {@code index} of SplitMix64 (Steele, Lea and Flood 2014). */
  private long signs(int index) {
    long z = seed + (index + 1) * GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private void rotate(float[] row, int offset) {
    int at = 0;
    while (at < cols) {
      int run = Math.min(blockSize, Integer.highestOneBit(cols - at));
      rotate(row, offset + at, run);
      at += run;
    }
  }

  /** Butterflies of growing span over n = 2^k values that were scaled by 1/sqrt(n) before. */
  private static void rotate(float[] values, int offset, int n) {
    float largest = 0;
    for (int i = offset; i < offset + n; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    // sums of n such values may overflow: take an n-th of each
    boolean isHuge = largest > Float.MAX_VALUE / n;
    float scale = (float) (1 / Math.sqrt(n)) / (isHuge ? n : 1);
    for (int i = offset; i < offset + n; i++) {
      values[i] *= scale;
    }
    for (int span = 1; span < n; span *= 2) {
      for (int first = offset; first < offset + n; first += 2 * span) {
        for (int i = first; i < first + span; i++) {
          float a = values[i];
          float b = values[i + span];
          values[i] = a + b;
          values[i + span] = a - b;
        }
      }
    }
    if (isHuge) {
      for (int i = offset; i < offset + n; i++) {
        values[i] = Math.clamp(values[i] * n, -Float.MAX_VALUE, Float.MAX_VALUE);
      }
    }
  }
}
