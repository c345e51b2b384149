package org.quadrille.quant;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.PackedCodes;
import org.quadrille.kernels.cpu.PackedMatrix;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A matrix as packed codes with two-level scales: what a {@link Quantizer} makes and a file holds.
 * Immutable as long as nobody writes into the arrays and memory it hands out. Codes lie outside the
 * Java heap, in the layout of files: {@link Quantized} multiplies them as they are, and those of a
 * file may stay in its memory map.
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
  /** Native memory begins with a cache line. */
  private static final long CACHE_LINE = 64;

  private final int rows;
  private final int cols;
  private final BlockQuantizer quantizer;
  private final BlockLayout layout;
  private final MemorySegment packedCodes;
  private final MemorySegment packedScaleCodes;
  private final float[] groupScales;
  private final float offset;
  private final Optional<MemorySegment> packedZeroCodes;
  private final Optional<ColumnTransform> transform;
  private final PackedMatrix packed;

  /**
   * Puts the parts together, without zero codes and transform.
   *
   * @param rows at least 1
   * @param cols at least 1
   * @param quantizer whose configuration, codebook and alignment the parts have
   * @param packedCodes {@link PackedBits} of rows * cols codes, copied
   * @param packedScaleCodes {@link PackedBits} of one code per block, copied
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
    this(
        rows,
        cols,
        quantizer,
        ownMemory(packedCodes),
        ownMemory(packedScaleCodes),
        groupScales,
        offset);
  }

  /**
   * The same around memory that is not copied, such as that of a mapped file: the matrix is usable
   * as long as the memory is accessible, and from the threads that may access it.
   *
   * @param packedCodes native memory, of exactly the length of the codes
   * @param packedScaleCodes native memory, of exactly the length of the codes
   * @throws IllegalArgumentException naming the part whose length or value does not fit
   */
  public QuantizedMatrix(
      int rows,
      int cols,
      BlockQuantizer quantizer,
      MemorySegment packedCodes,
      MemorySegment packedScaleCodes,
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
        "codes", packedCodes.byteSize(), PackedBits.packedLength(config.bits(), layout.weights()));
    checkLength(
        "scale codes",
        packedScaleCodes.byteSize(),
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
    this.packed = packed(null);
  }

  private PackedMatrix packed(MemorySegment zeroCodes) {
    QuantizationConfig config = config();
    return new PackedMatrix(
        rows,
        cols,
        config.bits(),
        packedCodes,
        codebook().levelTable(),
        layout.blockSize(),
        layout.runs() > 1,
        zeroCodes,
        config.scaleBits(),
        packedScaleCodes,
        groupScales,
        config.blocksPerGroup(),
        offset);
  }

  /** Memory outside the heap that lives as long as it is reachable, with room for codes. */
  static MemorySegment ownMemory(long bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), CACHE_LINE).asSlice(0, bytes);
  }

  static MemorySegment ownMemory(byte[] bytes) {
    return ownMemory(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  /** A matrix of the same bits in memory of its own, which no file has to stay open for. */
  public QuantizedMatrix copy() {
    QuantizedMatrix copy =
        new QuantizedMatrix(
            rows,
            cols,
            quantizer,
            ownMemory(packedCodes.byteSize()).copyFrom(packedCodes),
            ownMemory(packedScaleCodes.byteSize()).copyFrom(packedScaleCodes),
            groupScales,
            offset);
    Optional<MemorySegment> zeros = packedZeroCodes.map(z -> ownMemory(z.byteSize()).copyFrom(z));
    return new QuantizedMatrix(copy, zeros, transform);
  }

  /** A copy with other optional parts, which have been checked. */
  private QuantizedMatrix(
      QuantizedMatrix matrix,
      Optional<MemorySegment> packedZeroCodes,
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
    this.packed = packed(packedZeroCodes.orElse(null));
  }

  /**
   * The same codes read as {@code (level[code] - level[zeroCode]) * scale}; arrays are shared.
   *
   * @param zeroCodes {@link PackedBits} of one code of as many bits as a weight's per block, copied
   * @throws IllegalArgumentException if their number does not fit or a level is negative
   */
  public QuantizedMatrix withZeroCodes(byte[] zeroCodes) {
    return withZeroCodes(ownMemory(zeroCodes));
  }

  /** The same with native memory that is not copied. */
  QuantizedMatrix withZeroCodes(MemorySegment zeroCodes) {
    checkLength(
        "zero codes",
        zeroCodes.byteSize(),
        PackedBits.packedLength(config().bits(), layout.blocks()));
    if (codebook().level(0) < 0) {
      throw new IllegalArgumentException(
          "zero codes: codebook "
              + codebook().name()
              + " starts at "
              + codebook().level(0)
              + ", expected levels from 0 to 1");
    }
    return new QuantizedMatrix(this, Optional.of(zeroCodes), transform);
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

  /** A copy of the packed zero codes, if there are any. */
  public Optional<byte[]> packedZeroCodes() {
    return packedZeroCodes.map(QuantizedMatrix::bytes);
  }

  /** The packed zero codes themselves, not to be written, if there are any. */
  Optional<MemorySegment> zeroCodeMemory() {
    return packedZeroCodes;
  }

  /** Unpacked zero codes, one unsigned byte per block, if there are any. */
  public Optional<byte[]> zeroCodes() {
    return packedZeroCodes.map(p -> unpack(config().bits(), p, layout.blocks()));
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

  /** A copy of the packed weight codes. */
  public byte[] packedCodes() {
    return bytes(packedCodes);
  }

  /** The packed weight codes themselves; not to be written. */
  public MemorySegment codeMemory() {
    return packedCodes;
  }

  /** A copy of the packed block-scale codes. */
  public byte[] packedScaleCodes() {
    return bytes(packedScaleCodes);
  }

  /** The packed block-scale codes themselves; not to be written. */
  public MemorySegment scaleCodeMemory() {
    return packedScaleCodes;
  }

  /** Codes and scales as the kernels read them: of W T where there is a transform T. */
  public PackedMatrix packed() {
    return packed;
  }

  private static byte[] bytes(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] unpack(int bits, MemorySegment memory, int count) {
    byte[] codes = new byte[count];
    PackedCodes.unpack(bits, memory, 0, count, codes, 0);
    return codes;
  }

  /** The group scales themselves, rounded to their number format; not to be written. */
  public float[] groupScales() {
    return groupScales;
  }

  /** Unpacked weight codes, row-major, as unsigned bytes. */
  public byte[] codes() {
    return unpack(config().bits(), packedCodes, layout.weights());
  }

  /** Unpacked block-scale codes as unsigned bytes. */
  public byte[] scaleCodes() {
    return unpack(config().scaleBits(), packedScaleCodes, layout.blocks());
  }

  /** Scale of every block. */
  public float[] blockScales() {
    QuantizationConfig config = config();
    byte[] codes = scaleCodes();
    float[] scales = new float[codes.length];
    int largestCode = BlockScales.largestCode(config);
    for (int i = 0; i < scales.length; i++) {
      float groupScale = groupScales[i / config.blocksPerGroup()];
      scales[i] = BlockScales.scale(codes[i] & 0xff, groupScale, largestCode, offset);
    }
    return scales;
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
    Kernels kernels = KernelProvider.active();
    WorkerPool.shared()
        .forEach(
            layout.tasks(),
            task ->
                layout.forEachPiece(
                    task,
                    (first, count, block) ->
                        kernels.decodePacked(
                            packed, first / cols, first % cols, count, out.floats(), first)));
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
    Kernels kernels = KernelProvider.active();
    for (int row = fromRow; row < toRow; row++) {
      kernels.decodePacked(packed, row, 0, cols, out, outOffset + (row - fromRow) * cols);
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
