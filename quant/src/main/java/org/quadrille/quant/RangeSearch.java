package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Scales and zero codes of small squared error for blocks with a zero code: {@link ScaleSearch}
 * with multiples of the range, and for each the zero code of the whole range and its neighbours.
 */
final class RangeSearch {
  private static final float[] MULTIPLES = {0.5f, 0.6f, 0.7f, 0.75f, 0.8f, 0.85f, 0.9f, 0.95f, 1f};
  private static final float[] UNIT_SCALE = {1};

  private final Kernels kernels = KernelProvider.active();
  private final Codebook codebook;
  private final int blockSize;
  private final float[] rounded;
  private final double[] gains;

  RangeSearch(Codebook codebook, int blockSize, int weights) {
    this.codebook = codebook;
    this.blockSize = blockSize;
    this.rounded = new float[weights];
    this.gains = new double[Math.ceilDiv(weights, blockSize)];
  }

  /** Replaces ranges and zero codes of the blocks of a piece by better ones. */
  void search(int count, float[] a, int offset, float[] ranges, byte[] zeroCodes, int firstBlock) {
    float[] widest = Arrays.copyOfRange(ranges, firstBlock, firstBlock + gains.length);
    byte[] middle = Arrays.copyOfRange(zeroCodes, firstBlock, firstBlock + gains.length);
    Arrays.fill(gains, 0);
    for (float multiple : MULTIPLES) {
      for (int step = -1; step <= 1; step++) {
        tryScales(count, a, offset, multiple, step, widest, middle, ranges, zeroCodes, firstBlock);
      }
    }
  }

  private int zeroCode(byte middle, int step) {
    return Math.clamp((middle & 0xff) + step, 0, codebook.size() - 1);
  }

  private void tryScales(
      int count,
      float[] a,
      int offset,
      float multiple,
      int step,
      float[] widest,
      byte[] middle,
      float[] ranges,
      byte[] zeroCodes,
      int firstBlock) {
    for (int block = 0, from = 0; from < count; block++, from += blockSize) {
      int to = (int) Math.min(count, (long) from + blockSize);
      float scale = multiple * widest[block];
      float divisor = scale == 0 ? Float.POSITIVE_INFINITY : scale;
      float zero = codebook.level(zeroCode(middle[block], step));
      for (int i = from; i < to; i++) {
        rounded[i] = a[offset + i] / divisor + zero;
      }
    }
    kernels.roundBlocks(
        count,
        count,
        rounded,
        0,
        UNIT_SCALE,
        0,
        codebook.boundaryTable(),
        codebook.levelTable(),
        rounded,
        0);
    for (int block = 0, from = 0; from < count; block++, from += blockSize) {
      int to = (int) Math.min(count, (long) from + blockSize);
      int zeroCode = zeroCode(middle[block], step);
      float zero = codebook.level(zeroCode);
      double product = 0;
      double square = 0;
      for (int i = from; i < to; i++) {
        double level = rounded[i] - zero;
        product += a[offset + i] * level;
        square += level * level;
      }
      // with levels fixed, the error falls by (sum a l)^2 / sum l^2 at s = sum a l / sum l^2
      double gain = product * product / square;
      if (product > 0 && gain > gains[block]) {
        gains[block] = gain;
        ranges[firstBlock + block] = (float) Math.min(product / square, Float.MAX_VALUE);
        zeroCodes[firstBlock + block] = (byte) zeroCode;
      }
    }
  }
}
