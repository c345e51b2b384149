package org.quadrille.quant;

import java.util.Optional;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A matrix as packed codes with two-level scales: what a {@link Quantizer} makes and a file holds.
 * Immutable as long as nobody writes into the arrays it hands out.
 *
 * <p>A weight is {@code level[code] * scale} with the scale of its block. Two parts are optional:
 *
 * <ul>
 *   <li>zero codes, one per block: a weight is {@code (level[code] - level[zeroCode]) * scale}, so
 *       that blocks whose values lie to one side of zero use all levels (asymmetric quantization);
 *   <li>a {@link ColumnTransform} T: the codes are those of W T, and the matrix is {@code Q T^-1}.
 * </ul>
 */
public final class QuantizedMatrix {
  private static final float[] UNIT_SCALE = {1};

  private final int rows;
  private final int cols;
  private final BlockQuantizer quantizer;
  private final BlockLayout layout;
  private final byte[] packedCodes;
  private final byte[] packedScaleCodes;
  private final float[] groupScales;
  private final float offset;
  private final Optional<byte[]> packedZeroCodes;
  private final Optional<ColumnTransform> transform;

  /**
   * Puts the parts together, without zero codes and transform.
   *
   * @param rows at least 1
   * @param cols at least 1
   * @param quantizer whose configuration, codebook and alignment the parts have
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
    this.packedZeroCodes = Optional.empty();
    this.transform = Optional.empty();
  }

  /** A copy with other optional parts, which have been checked. */
  private QuantizedMatrix(
      QuantizedMatrix matrix,
      Optional<byte[]> packedZeroCodes,
      Optional<ColumnTransform> transform) {
    this.rows = matrix.rows;
    this.cols = matrix.cols;
    this.quantizer = matrix.quantizer;
    this.layout = matrix.layout;
    this.packedCodes = matrix.packedCodes;
    this.packedScaleCodes = matrix.packedScaleCodes;
    this.groupScales = matrix.groupScales;
    this.offset = matrix.offset;
    this.packedZeroCodes = packedZeroCodes;
    this.transform = transform;
  }

  /**
   * The same codes read as {@code (level[code] - level[zeroCode]) * scale}; arrays are shared.
   *
   * @param packed {@link PackedBits} of one code of as many bits as a weight's per block, not
   *     copied
   * @throws IllegalArgumentException if their number does not fit or a level is negative
   */
  public QuantizedMatrix withZeroCodes(byte[] packed) {
    checkLength(
        "zero codes", packed.length, PackedBits.packedLength(config().bits(), layout.blocks()));
    if (codebook().level(0) < 0) {
      throw new IllegalArgumentException(
          "zero codes: codebook "
              + codebook().name()
              + " starts at "
              + codebook().level(0)
              + ", expected levels from 0 to 1");
    }
    return new QuantizedMatrix(this, Optional.of(packed), transform);
  }

  /**
   * The same codes read as those of W T: the matrix becomes this one times T^-1. Arrays are shared.
   *
   * @throws IllegalArgumentException if the transform has another number of columns
   */
  public QuantizedMatrix withTransform(ColumnTransform newTransform) {
    if (newTransform.cols() != cols) {
      throw new IllegalArgumentException(
          "transform " + newTransform + " beside " + this + ": expected " + cols + " columns");
    }
    if (transform.isPresent()) {
      throw new IllegalArgumentException(
          this + " has the transform " + transform.get() + " already; one is supported");
    }
    return new QuantizedMatrix(this, packedZeroCodes, Optional.of(newTransform));
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

  /** Whether every block has a zero code. */
  public boolean hasZeroCodes() {
    return packedZeroCodes.isPresent();
  }

  /** The packed zero codes themselves, not to be written, if there are any. */
  public Optional<byte[]> packedZeroCodes() {
    return packedZeroCodes;
  }

  /** Unpacked zero codes, one unsigned byte per block, if there are any. */
  public Optional<byte[]> zeroCodes() {
    return packedZeroCodes.map(p -> PackedBits.unpack(config().bits(), p, layout.blocks()));
  }

  /** The transform of the columns, if there is one. */
  public Optional<ColumnTransform> transform() {
    return transform;
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

  /**
   * Exact bits of codes, scale codes, group scales, zero codes, transform, and a table of levels
   * that does not follow from its name; the 32 bits of the offset come besides.
   */
  public long storageBits() {
    long zeroBits = hasZeroCodes() ? (long) config().bits() * layout.blocks() : 0;
    return StorageCost.exactBits(rows, cols, rowAligned(), config())
        + zeroBits
        + codebook().storageBits()
        + transform.map(ColumnTransform::storageBits).orElse(0L);
  }

  /**
   * Blocks whose weights all became 0 though some were not: the price of few scale bits where one
   * block is zero or far smaller than the others.
   *
   * @param original the matrix that was quantized, of this shape, not modified
   */
  public int vanishedBlocks(Tensor original) {
    if (original.rank() != 2 || original.size(0) != rows || original.size(1) != cols) {
      throw new IllegalArgumentException(
          "original " + original + ", expected the shape of " + this);
    }
    float[] weights = original.toFloats();
    transform.ifPresent(t -> t.transform(weights, 0, rows));
    float[] scales = blockScales();
    int count = 0;
    for (int block = 0; block < scales.length; block++) {
      if (scales[block] == 0) {
        int first = layout.firstWeight(block);
        int end = first + layout.weights(block);
        while (first < end && weights[first] == 0) {
          first++;
        }
        count += first < end ? 1 : 0;
      }
    }
    return count;
  }

  /** All weights: a new F32 tensor of shape [rows, cols]. Parallel. */
  public Tensor dequantize() {
    Tensor out = Tensor.zeros(DType.F32, rows, cols);
    WorkerPool.shared()
        .forEach(
            layout.tasks(),
            task ->
                layout.forEachPiece(
                    task, (first, count, block) -> dequantize(first, count, out.floats(), first)));
    transform.ifPresent(
        t ->
            RowTasks.of(rows, cols)
                .forEach((from, to) -> t.restore(out.floats(), from * cols, to - from)));
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
    dequantizeUntransformed(fromRow, toRow, out, outOffset);
    transform.ifPresent(t -> t.restore(out, outOffset, toRow - fromRow));
  }

  /** The same of the matrix that the codes stand for, W T where there is a transform T. */
  void dequantizeUntransformed(int fromRow, int toRow, float[] out, int outOffset) {
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
    int rest = head == 0 ? 0 : 1;
    float[] levels = codebook().levelTable();
    var kernels = KernelProvider.active();
    if (packedZeroCodes.isEmpty()) {
      kernels.dequantizeBlocks(head, blockSize, codes, 0, scales, 0, levels, out, outOffset);
      kernels.dequantizeBlocks(
          count - head, blockSize, codes, head, scales, rest, levels, out, outOffset + head);
      return;
    }
    kernels.dequantizeBlocks(count, count, codes, 0, UNIT_SCALE, 0, levels, out, outOffset);
    byte[] zeros = new byte[blocks];
    PackedBits.unpack(config().bits(), packedZeroCodes.get(), firstBlock, blocks, zeros, 0);
    for (int block = 0, from = 0; block < blocks; block++) {
      int to = block == 0 && head > 0 ? head : Math.min(count, from + blockSize);
      float zero = levels[zeros[block] & 0xff];
      // (level[code] - level[zero]) scale
      for (int i = outOffset + from; i < outOffset + to; i++) {
        out[i] = (out[i] - zero) * scales[block];
      }
      from = to;
    }
  }

  @Override
  public String toString() {
    return "QuantizedMatrix["
        + rows
        + ", "
        + cols
        + "] "
        + config()
        + " "
        + codebook().name()
        + (hasZeroCodes() ? " with zero codes" : "")
        + transform.map(t -> " under " + t).orElse("");
  }
}
