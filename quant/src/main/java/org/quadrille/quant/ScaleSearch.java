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
 *
 * <p>All this happens with blocks divided by their largest magnitude, so that no square leaves the
 * range of floats.
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
  private final float[] unit;
  private final float[] rounded;
  private final float[] scales;
  private final float[] best;
  private final double[] gains;

  /**
   * Scratch space for one piece.
   *
   * @param weights number of weights of the piece
   */
  ScaleSearch(Codebook codebook, int blockSize, int weights) {
    this.boundaries = codebook.boundaryTable();
    this.levels = codebook.levelTable();
    this.blockSize = blockSize;
    this.unit = new float[weights];
    this.rounded = new float[weights];
    this.scales = new float[Math.ceilDiv(weights, blockSize)];
    this.best = new float[scales.length];
    this.gains = new double[scales.length];
  }

  /**
   * Replaces the largest magnitudes of the blocks of a piece by better scales.
   *
   * @param a weights from {@code aOffset} on, not modified
   * @param maxima largest magnitudes from {@code firstBlock} on, overwritten
   */
  void search(float[] a, int aOffset, float[] maxima, int firstBlock) {
    for (int block = 0; block < scales.length; block++) {
      float largest = maxima[firstBlock + block];
      float divisor = largest == 0 ? Float.POSITIVE_INFINITY : largest;
      int end = blockEnd(block);
      for (int i = block * blockSize; i < end; i++) {
        unit[i] = a[aOffset + i] / divisor;
      }
    }
    Arrays.fill(best, 1);
    for (float multiple : MULTIPLES) {
      Arrays.fill(scales, multiple);
      tryScales();
    }
    // the best refitted scale has other nearest levels: refit once more
    System.arraycopy(best, 0, scales, 0, scales.length);
    tryScales();
    for (int block = 0; block < scales.length; block++) {
      double scale = (double) best[block] * maxima[firstBlock + block];
      maxima[firstBlock + block] = (float) Math.min(scale, Float.MAX_VALUE);
    }
  }

  private int blockEnd(int block) {
    return (int) Math.min(unit.length, (block + 1L) * blockSize);
  }

  /** Keeps the refitted scale of every block whose error it lowers. */
  private void tryScales() {
    kernels.roundBlocks(unit.length, blockSize, unit, 0, scales, 0, boundaries, levels, rounded, 0);
    for (int block = 0; block < scales.length; block++) {
      int from = block * blockSize;
      int n = blockEnd(block) - from;
      double product = kernels.dot(n, unit, from, 1, rounded, from, 1);
      double square = kernels.dot(n, rounded, from, 1, rounded, from, 1);
      double gain = product * product / square;
      if (product > 0 && gain > gains[block]) {
        gains[block] = gain;
        // rounded = scale l, so sum a l / sum l^2 = scale product / square
        best[block] = (float) (scales[block] * (product / square));
      }
    }
  }
}
