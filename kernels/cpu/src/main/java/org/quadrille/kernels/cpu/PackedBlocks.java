package org.quadrille.kernels.cpu;

/** Where the blocks of a {@link PackedMatrix} lie, and their scales. */
final class PackedBlocks {
  private PackedBlocks() {}

  /** Number of the block of a weight. */
  static long block(PackedMatrix a, int row, int col) {
    return a.alignedRows()
        ? (long) row * Math.ceilDiv(a.cols(), a.blockSize()) + col / a.blockSize()
        : ((long) row * a.cols() + col) / a.blockSize();
  }

  /** Weights of that block that lie before this one. */
  static int inBlock(PackedMatrix a, int row, int col) {
    return a.alignedRows()
        ? col % a.blockSize()
        : (int) (((long) row * a.cols() + col) % a.blockSize());
  }

  /** Whether every row starts with a block. */
  static boolean rowsStartBlocks(PackedMatrix a) {
    return a.alignedRows() || a.cols() % a.blockSize() == 0;
  }

  /** Scales of some blocks, and what is subtracted from their levels, if anything is. */
  static void scales(PackedMatrix a, long first, int count, PackedSpace space) {
    space.ofBlocks(count);
    byte[] bytes = space.bytes;
    float[] scales = space.scales;
    PackedCodes.unpack(a.scaleBits(), a.scaleCodes(), first, count, bytes, 0);
    int largestCode = (1 << a.scaleBits()) - 1;
    for (int i = 0; i < count; ) {
      int group = (int) ((first + i) / a.blocksPerGroup());
      int end = (int) Math.min(count, (group + 1L) * a.blocksPerGroup() - first);
      scales(i, end, a.groupScales()[group] / largestCode, a.offset(), bytes, scales);
      i = end;
    }
    zeros(a, first, count, space);
  }

  /** A plain loop: vector operations here would be one too many for the compiler to inline. */
  private static void scales(
      int from, int to, float step, float offset, byte[] codes, float[] scales) {
    for (int i = from; i < to; i++) {
      scales[i] = scale(codes[i], step, offset);
    }
  }

  /** One scale; the largest float where the sum would exceed it. */
  static float scale(byte code, float step, float offset) {
    float scale = Math.fma((float) (code & 0xff), step, offset);
    return scale > Float.MAX_VALUE ? Float.MAX_VALUE : scale;
  }

  /** What is subtracted from the levels of some blocks, if anything is. */
  static void zeros(PackedMatrix a, long first, int count, PackedSpace space) {
    if (a.zeroCodes() != null) {
      byte[] bytes = space.bytes;
      PackedCodes.unpack(a.bits(), a.zeroCodes(), first, count, bytes, 0);
      for (int i = 0; i < count; i++) {
        space.zeros[i] = a.levels()[bytes[i] & 0xff];
      }
    }
  }
}
