package org.quadrille.quant;

import java.lang.foreign.MemorySegment;
import org.quadrille.kernels.cpu.PackedCodes;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Blockwise quantization of a matrix with two-level scales, in single precision and bit-exact.
 *
 * <p>The row-major weights are cut into blocks; a block is divided by its scale (the largest
 * magnitude, as its two-level code reconstructs it) and every quotient gets the code of the nearest
 * level (LQ-LoRA, section 3.2). A dequantized weight is level times scale. Any size is allowed: the
 * last block and the last group may be short.
 *
 * <p>With c half the largest gap between levels, {@code |a - a'| <= c scale} for weights up to the
 * scale, and a larger weight loses the difference of the two besides.
 *
 * {@snippet :
 * var quantizer = BlockQuantizer.of(QuantizationConfig.parse("nf4/64/fp8/256"));
 * QuantizedMatrix q = quantizer.quantize(weights); // weights [out, in]
 * }
 *
 * <p><b>Cost</b>: linear, about 1 ns a weight on one core for 2 to 4 bits with SIMD. <b>Special
 * values</b>: a block of zeros has scale 0; NaN and infinities are refused. <b>Thread safety</b>:
 * immutable.
 *
 * @param config bits, block and group sizes
 * @param codebook at most 2^bits levels
 * @param rowAligned whether every row starts a new block; matters where the row length is no
 *     multiple of the block size
 * @param scaleRule how a block gets its scale
 */
public record BlockQuantizer(
    QuantizationConfig config, Codebook codebook, boolean rowAligned, ScaleRule scaleRule)
    implements Quantizer {

  /** Checks that the codes of the codebook have the bits of the configuration. */
  public BlockQuantizer {
    if (codebook.bits() != config.bits()) {
      throw new IllegalArgumentException(
          "codebook "
              + codebook.name()
              + " of "
              + codebook.size()
              + " levels takes "
              + codebook.bits()
              + " bits, configuration "
              + config
              + " has "
              + config.bits());
    }
  }

  /** Scales are the largest magnitudes. */
  public BlockQuantizer(QuantizationConfig config, Codebook codebook, boolean rowAligned) {
    this(config, codebook, rowAligned, ScaleRule.LARGEST_MAGNITUDE);
  }

  /** NormalFloat levels, blocks running on over row ends, scales the largest magnitudes. */
  public static BlockQuantizer of(QuantizationConfig config) {
    return new BlockQuantizer(config, Codebook.normalFloat(config.bits()), false);
  }

  /** This quantizer with every row starting a new block, or not. */
  public BlockQuantizer withRowAligned(boolean aligned) {
    return new BlockQuantizer(config, codebook, aligned, scaleRule);
  }

  /** This quantizer with another table of as many bits. */
  public BlockQuantizer withCodebook(Codebook newCodebook) {
    return new BlockQuantizer(config, newCodebook, rowAligned, scaleRule);
  }

  /** This quantizer with another rule for scales. */
  public BlockQuantizer withScaleRule(ScaleRule newRule) {
    return new BlockQuantizer(config, codebook, rowAligned, newRule);
  }

  @Override
  public QuantizedMatrix quantize(Tensor weights) {
    checkMatrix(weights);
    Tensor floats = weights.to(DType.F32).contiguous();
    int rows = floats.size(0);
    int cols = floats.size(1);
    BlockRounding rounding = rounding(rows, cols);
    rounding.fitScales(floats.floats(), floats.offset());
    long length = PackedCodes.length(config.bits(), (long) rows * cols);
    MemorySegment codes = QuantizedMatrix.ownMemory(length);
    rounding.quantizePacked(floats.floats(), floats.offset(), codes);
    BlockScales scales = rounding.scales();
    return new QuantizedMatrix(
        rows,
        cols,
        this,
        codes,
        QuantizedMatrix.ownMemory(PackedBits.pack(config.scaleBits(), scales.codes())),
        scales.groupScales().clone(),
        scales.offset());
  }

  /**
   * Quantizes and dequantizes without packing codes. For many matrices of one shape, keep a {@link
   * #rounding}.
   *
   * @param weights one row of any length, not modified unless it is {@code out}
   * @param out overwritten, of the same length; may be {@code weights} itself
   * @return sum of squared differences, in double
   */
  public double quantizeDequantize(float[] weights, float[] out) {
    return rounding(1, weights.length).apply(weights, out);
  }

  @Override
  public BlockRounding rounding(int rows, int cols) {
    checkShape(rows, cols);
    return new BlockRounding(this, rows, cols);
  }

  @Override
  public long storageBits(int rows, int cols) {
    checkShape(rows, cols);
    return StorageCost.exactBits(rows, cols, rowAligned, config) + codebook.storageBits();
  }

  /** The configuration with the codebook's name: {@code nf4/64/fp8/256}, {@code af4/64/fp8/256}. */
  @Override
  public String name() {
    String numbers = config.toString();
    return codebook.name()
        + numbers.substring(numbers.indexOf('/'))
        + (rowAligned ? "/rows" : "")
        + (scaleRule == ScaleRule.LEAST_SQUARES ? "/search" : "");
  }

  /** Refuses a contiguous matrix of floats with an element that is not finite, naming it. */
  static void checkFinite(Tensor matrix) {
    if (!matrix.isFinite()) {
      throw BlockRounding.notFinite(matrix.floats(), matrix.offset(), matrix.size(1));
    }
  }

  static void checkShape(int rows, int cols) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "shape [" + rows + ", " + cols + "]: expected at least one row and one column");
    }
  }

  static void checkMatrix(Tensor weights) {
    if (weights.rank() != 2 || weights.length() == 0) {
      throw new IllegalArgumentException(
          "weights: given " + weights + ", expected a matrix of at least one element");
    }
  }
}
