package org.quadrille.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A matrix of packed codes in blocks with two-level scales, as the kernels read it: in the layout
 * of files, so that nothing is unpacked or copied beforehand.
 *
 * <p>Weight i of the row-major matrix is {@code (levels[code] - levels[zeroCode]) * scale}, each
 * operation rounded to single precision; without zero codes it is {@code levels[code] * scale}. The
 * scale of block j is {@code fma(scaleCode, groupScale / (2^scaleBits - 1), offset)}, at most the
 * largest finite number (LQ-LoRA, section 3.2).
 *
 * <p>Blocks are runs of consecutive weights, over row ends unless every row starts a new block.
 *
 * @param rows at least 1
 * @param cols at least 1
 * @param bits of a weight code, 1 to 8
 * @param codes {@link PackedCodes} of rows * cols codes in native memory
 * @param levels 2^bits numbers; not to be written
 * @param blockSize weights of a block
 * @param alignedRows whether every row starts a new block
 * @param zeroCodes {@link PackedCodes} of one code of {@code bits} bits per block, or null
 * @param scaleBits bits of a scale code, 1 to 8
 * @param scaleCodes {@link PackedCodes} of one scale code per block
 * @param groupScales one number per group of blocks; not to be written
 * @param blocksPerGroup blocks of a group
 * @param offset the scale of code 0
 */
public record PackedMatrix(
    int rows,
    int cols,
    int bits,
    MemorySegment codes,
    float[] levels,
    int blockSize,
    boolean alignedRows,
    MemorySegment zeroCodes,
    int scaleBits,
    MemorySegment scaleCodes,
    float[] groupScales,
    int blocksPerGroup,
    float offset) {

  /**
   * Checks what the loops rely on for speed and memory safety.
   *
   * @throws IllegalArgumentException naming the part that does not fit
   */
  public PackedMatrix {
    long weights = (long) rows * cols;
    long blocks =
        alignedRows
            ? (long) rows * Math.ceilDiv(cols, blockSize)
            : Math.ceilDiv(weights, (long) blockSize);
    checkSegment("codes", codes, PackedCodes.length(bits, weights));
    checkSegment("scale codes", scaleCodes, PackedCodes.length(scaleBits, blocks));
    if (zeroCodes != null) {
      checkSegment("zero codes", zeroCodes, PackedCodes.length(bits, blocks));
    }
    if (levels.length != 1 << bits) {
      throw new IllegalArgumentException(
          "levels: given " + levels.length + ", expected " + (1 << bits));
    }
  }

  private static void checkSegment(String name, MemorySegment segment, long bytes) {
    // one kind of memory only: loops that have seen two are several times slower
    if (!segment.isNative() || segment.byteSize() < bytes) {
      throw new IllegalArgumentException(
          name + ": given " + segment + ", expected " + bytes + " bytes of native memory");
    }
  }

  /** Number of the block of a weight. */
  long block(int row, int col) {
    return alignedRows
        ? (long) row * Math.ceilDiv(cols, blockSize) + col / blockSize
        : ((long) row * cols + col) / blockSize;
  }

  /** Weights of that block that lie before this one. */
  int inBlock(int row, int col) {
    return alignedRows ? col % blockSize : (int) (((long) row * cols + col) % blockSize);
  }

  /** Whether every row starts with a block. */
  boolean rowsStartBlocks() {
    return alignedRows || cols % blockSize == 0;
  }

  /** Scales of some blocks, and what is subtracted from their levels, if anything is. */
  void scales(long first, int count, PackedSpace space) {
    space.ofBlocks(count);
    byte[] bytes = space.bytes;
    float[] scales = space.scales;
    PackedCodes.unpack(scaleBits, scaleCodes, first, count, bytes, 0);
    int largestCode = (1 << scaleBits) - 1;
    for (int i = 0; i < count; ) {
      int group = (int) ((first + i) / blocksPerGroup);
      int end = (int) Math.min(count, (group + 1L) * blocksPerGroup - first);
      float step = groupScales[group] / largestCode;
      for (; i < end; i++) {
        scales[i] = scale(bytes[i], step, offset);
      }
    }
    zeros(first, count, space);
  }

  /** One scale; the largest float where the sum would exceed it. */
  static float scale(byte code, float step, float offset) {
    return Math.min(Math.fma((float) (code & 0xff), step, offset), Float.MAX_VALUE);
  }

  /** What is subtracted from the levels of some blocks, if anything is. */
  void zeros(long first, int count, PackedSpace space) {
    if (zeroCodes != null) {
      byte[] bytes = space.bytes;
      PackedCodes.unpack(bits, zeroCodes, first, count, bytes, 0);
      for (int i = 0; i < count; i++) {
        space.zeros[i] = levels[bytes[i] & 0xff];
      }
    }
  }
}
