package org.quadrille.quant;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A matrix as packed codes with two-level scales: what {@link BlockQuantizer#quantize} makes and a
 * file holds. Immutable as long as nobody writes into the arrays it hands out.
 */
public final class QuantizedMatrix {
  private final int rows;
  private final int cols;
  private final BlockQuantizer quantizer;
  private final BlockLayout layout;
  private final byte[] packedCodes;
  private final byte[] packedScaleCodes;
  private final float[] groupScales;
  private final float offset;

  /**
   * Puts the parts together.
   *
   * @param rows at least 1
   * @param cols at least 1
   * @param quantizer configuration, codebook and alignment the parts were made with
   * @param packedCodes {@link PackedBits} of rows * cols codes, not copied
   * @param packedScaleCodes {@link PackedBits} of one code per block, not copied
   * @param groupScales one finite number, 0 or more, per group of blocks, not copied
   * @param offset smallest block scale, finite, 0 or more
   * @throws IllegalArgumentException naming the part whose length or value does not fit
   */
  public QuantizedMatrix(
      int rows,
      int cols,
      BlockQuantizer quantizer,
      byte[] packedCodes,
      byte[] packedScaleCodes,
      float[] groupScales,
      float offset) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "shape [" + rows + ", " + cols + "]: expected at least one row and one column");
    }
    this.rows = rows;
    this.cols = cols;
    this.quantizer = quantizer;
    QuantizationConfig config = quantizer.config();
    this.layout = BlockLayout.of(rows, cols, config.blockSize(), quantizer.rowAligned());
    int blocks = layout.blocks();
    checkLength(
        "codes", packedCodes.length, PackedBits.packedLength(config.bits(), layout.weights()));
    checkLength(
        "scale codes",
        packedScaleCodes.length,
        PackedBits.packedLength(config.scaleBits(), blocks));
    checkLength("group scales", groupScales.length, Math.ceilDiv(blocks, config.blocksPerGroup()));
    checkScale("offset", offset);
    for (int i = 0; i < groupScales.length; i++) {
      checkScale("group scale " + i, groupScales[i]);
    }
    this.packedCodes = packedCodes;
    this.packedScaleCodes = packedScaleCodes;
    this.groupScales = groupScales;
    this.offset = offset;
  }

  private static void checkLength(String name, long given, long expected) {
    if (given != expected) {
      throw new IllegalArgumentException(
          name + ": given " + given + ", expected " + expected + " for this shape");
    }
  }

  private static void checkScale(String name, float value) {
    if (!(value >= 0 && value <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected a finite number, 0 or more");
    }
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int cols() {
    return cols;
  }

  /** Bits, block and group sizes. */
  public QuantizationConfig config() {
    return quantizer.config();
  }

  /** The levels. */
  public Codebook codebook() {
    return quantizer.codebook();
  }

  /** Whether every row starts a new block. */
  public boolean rowAligned() {
    return quantizer.rowAligned();
  }

  /** The quantizer that makes such matrices. */
  public BlockQuantizer quantizer() {
    return quantizer;
  }

  /** Number of blocks. */
  public int blocks() {
    return layout.blocks();
  }

  /** Smallest block scale: what a scale code of 0 means. */
  public float offset() {
    return offset;
  }

  /** The packed weight codes themselves; not to be written. */
  public byte[] packedCodes() {
    return packedCodes;
  }

  /** The packed block-scale codes themselves; not to be written. */
  public byte[] packedScaleCodes() {
    return packedScaleCodes;
  }

  /** The group scales themselves, rounded to their number format; not to be written. */
  public float[] groupScales() {
    return groupScales;
  }

  /** Unpacked weight codes, row-major, as unsigned bytes. */
  public byte[] codes() {
    return PackedBits.unpack(config().bits(), packedCodes, layout.weights());
  }

  /** Unpacked block-scale codes as unsigned bytes. */
  public byte[] scaleCodes() {
    return PackedBits.unpack(config().scaleBits(), packedScaleCodes, layout.blocks());
  }

  /** Scale of every block. */
  public float[] blockScales() {
    float[] scales = new float[layout.blocks()];
    blockScales(0, scales.length, scales);
    return scales;
  }

  private void blockScales(int first, int count, float[] scales) {
    QuantizationConfig config = config();
    byte[] codes = new byte[count];
    PackedBits.unpack(config.scaleBits(), packedScaleCodes, first, count, codes, 0);
    int largestCode = BlockScales.largestCode(config);
    for (int i = 0; i < count; i++) {
      float groupScale = groupScales[(first + i) / config.blocksPerGroup()];
      scales[i] = BlockScales.scale(codes[i] & 0xff, groupScale, largestCode, offset);
    }
  }

  /** Exact bits of codes, scale codes and group scales; the 32 bits of the offset come besides. */
  public long storageBits() {
    return StorageCost.exactBits(rows, cols, rowAligned(), config());
  }

  /** All weights, level times scale: a new F32 tensor of shape [rows, cols]. Parallel. */
  public Tensor dequantize() {
    Tensor out = Tensor.zeros(DType.F32, rows, cols);
    WorkerPool.shared()
        .forEach(
            layout.tasks(),
            task ->
                layout.forEachPiece(
                    task, (first, count, block) -> dequantize(first, count, out.floats(), first)));
    return out;
  }

  /**
   * The weights of some rows.
   *
   * @param fromRow first row
   * @param toRow after the last row
   * @param out written row-major from {@code outOffset} on
   */
  public void dequantizeRows(int fromRow, int toRow, float[] out, int outOffset) {
    if (fromRow < 0 || toRow > rows || fromRow > toRow) {
      throw new IllegalArgumentException(
          "rows " + fromRow + " to " + toRow + " do not exist in a matrix of " + rows + " rows");
    }
    if (layout.runs() == 1) {
      dequantize(fromRow * cols, (toRow - fromRow) * cols, out, outOffset);
    } else {
      for (int row = fromRow; row < toRow; row++) {
        dequantize(row * cols, cols, out, outOffset + (row - fromRow) * cols);
      }
    }
  }

  /** Weights {@code first} to {@code first + count - 1} of one run. */
  private void dequantize(int first, int count, float[] out, int outOffset) {
    if (count == 0) {
      return;
    }
    int blockSize = layout.blockSize();
    int inRun = first % layout.runLength();
    int firstBlock = first / layout.runLength() * layout.blocksPerRun() + inRun / blockSize;
    int skipped = inRun % blockSize;
    int blocks = Math.ceilDiv(skipped + count, blockSize);
    byte[] codes = new byte[count];
    PackedBits.unpack(config().bits(), packedCodes, first, count, codes, 0);
    float[] scales = new float[blocks];
    blockScales(firstBlock, blocks, scales);
    // a piece may begin inside a block: that remainder is a block of its own
    int head = skipped == 0 ? 0 : Math.min(count, blockSize - skipped);
    float[] levels = codebook().levelTable();
    var kernels = KernelProvider.active();
    kernels.dequantizeBlocks(head, blockSize, codes, 0, scales, 0, levels, out, outOffset);
    kernels.dequantizeBlocks(
        count - head,
        blockSize,
        codes,
        head,
        scales,
        head == 0 ? 0 : 1,
        levels,
        out,
        outOffset + head);
  }

  @Override
  public String toString() {
    return "QuantizedMatrix[" + rows + ", " + cols + "] " + config() + " " + codebook().name();
  }
}
