package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Block scales of small squared error: for each multiple m of the largest magnitude the weights a
 * get the levels l nearest to {@code a / (m max)}, and the scale is refitted to them.
 *
 * <p>With levels fixed, {@code sum (a - s l)^2} is least at {@code s = sum a l / sum l^2}, and is
 * then {@code sum a^2 - (sum a l)^2 / sum l^2}: the multiple of largest {@code (sum a l)^2 / sum
 * l^2} wins. The result is never worse than the largest magnitude itself, before scales are coded.
 */
final class ScaleSearch {
  /**
   * Levels that end at 1 want from about a third of the largest magnitude (2 bits) to all of it.
   */
  static final float[] MULTIPLES = {
    0.3f, 0.36f, 0.42f, 0.48f, 0.54f, 0.6f, 0.66f, 0.72f, 0.78f, 0.84f, 0.9f, 0.95f, 1f, 1.05f
  };

  private final Kernels kernels = KernelProvider.active();
  private final float[] boundaries;
  private final float[] levels;
  private final int blockSize;
  private final float[] rounded;
  private final float[] scales;
  private final double[] gains;
  private double product;
  private double square;

  /**
   * Scratch space for one task.
   *
   * @param weights most weights of a piece
   */
  ScaleSearch(Codebook codebook, int blockSize, int weights) {
    this.boundaries = codebook.boundaryTable();
    this.levels = codebook.levelTable();
    this.blockSize = blockSize;
    this.rounded = new float[weights];
    this.scales = new float[Math.ceilDiv(weights, blockSize)];
    this.gains = new double[scales.length];
  }

  /**
   * Replaces the largest magnitudes of the blocks of a piece by better scales.
   *
   * @param a weights from {@code aOffset} on, not modified
   * @param maxima largest magnitudes from {@code firstBlock} on, overwritten
   */
  void search(int count, float[] a, int aOffset, float[] maxima, int firstBlock) {
    int blocks = Math.ceilDiv(count, blockSize);
    float[] largest = Arrays.copyOfRange(maxima, firstBlock, firstBlock + blocks);
    Arrays.fill(gains, 0);
    for (float multiple : MULTIPLES) {
      for (int block = 0; block < blocks; block++) {
        scales[block] = Math.min(multiple * largest[block], Float.MAX_VALUE);
      }
      tryScales(count, a, aOffset, maxima, firstBlock);
    }
    // the best refitted scale has other nearest levels: refit once more
    System.arraycopy(maxima, firstBlock, scales, 0, blocks);
    tryScales(count, a, aOffset, maxima, firstBlock);
  }

  /**
   * Sums of products and of squares, each as four partial sums of every fourth term, so that
   * additions need not wait for each other.
   */
  private void sum(int n, float[] a, int aOffset, int offset) {
    double p0 = 0;
    double p1 = 0;
    double p2 = 0;
    double p3 = 0;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      double l0 = rounded[offset + i];
      double l1 = rounded[offset + i + 1];
      double l2 = rounded[offset + i + 2];
      double l3 = rounded[offset + i + 3];
      p0 += a[aOffset + i] * l0;
      p1 += a[aOffset + i + 1] * l1;
      p2 += a[aOffset + i + 2] * l2;
      p3 += a[aOffset + i + 3] * l3;
      s0 += l0 * l0;
      s1 += l1 * l1;
      s2 += l2 * l2;
      s3 += l3 * l3;
    }
    for (; i < n; i++) {
      double l = rounded[offset + i];
      p0 += a[aOffset + i] * l;
      s0 += l * l;
    }
    product = (p0 + p1) + (p2 + p3);
    square = (s0 + s1) + (s2 + s3);
  }

  /** Keeps the refitted scale of every block whose error it lowers. */
  private void tryScales(int count, float[] a, int aOffset, float[] best, int firstBlock) {
    kernels.roundBlocks(count, blockSize, a, aOffset, scales, 0, boundaries, levels, rounded, 0);
    for (int block = 0, from = 0; from < count; block++, from += blockSize) {
      int to = (int) Math.min(count, (long) from + blockSize);
      sum(to - from, a, aOffset + from, from);
      double gain = product * product / square;
      if (product > 0 && gain > gains[block]) {
        gains[block] = gain;
        // rounded = scale l, so sum a l / sum l^2 = scale product / square
        double fitted = scales[block] * (product / square);
        best[firstBlock + block] = (float) Math.min(fitted, Float.MAX_VALUE);
      }
    }
  }
}
