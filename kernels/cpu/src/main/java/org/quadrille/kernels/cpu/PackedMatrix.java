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
}
