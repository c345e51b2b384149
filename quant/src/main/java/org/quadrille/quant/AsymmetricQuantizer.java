package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Blockwise quantization with a zero code per block: levels from 0 to 1 span the range of a block,
 * stretched to include 0, instead of twice its largest magnitude. A weight is {@code (level[code] -
 * level[zeroCode]) * scale}, so 0 stays exact.
 *
 * <p>With equispaced levels this is the asymmetric integer quantization of most inference engines
 * (B. Jacob et al., 2018, section 2.1). A zero code takes as many bits as a weight's code. Scales
 * have two levels as in {@link BlockQuantizer}, with ranges in the place of largest magnitudes.
 *
 * @param config bits, block and group sizes
 * @param codebook levels from 0 or more to at most 1, of that many bits
 * @param rowAligned whether every row starts a new block
 * @param scaleRule the whole range, or the part of it and the zero code of least squared error
 */
public record AsymmetricQuantizer(
    QuantizationConfig config, Codebook codebook, boolean rowAligned, ScaleRule scaleRule)
    implements Quantizer {

  /** Checks that the codes of the codebook have the bits of the configuration. */
  public AsymmetricQuantizer {
    if (codebook.bits() != config.bits() || codebook.level(0) < 0) {
      throw new IllegalArgumentException(
          "codebook "
              + codebook
              + ": expected "
              + config.bits()
              + " bits and levels from 0 to 1, such as Codebook.unsigned("
              + config.bits()
              + ")");
    }
  }

  /** Equispaced levels and whole ranges, blocks running on over row ends. */
  public static AsymmetricQuantizer of(QuantizationConfig config) {
    return new AsymmetricQuantizer(
        config, Codebook.unsigned(config.bits()), false, ScaleRule.LARGEST_MAGNITUDE);
  }

  /** This quantizer with another rule for scales. */
  public AsymmetricQuantizer withScaleRule(ScaleRule newRule) {
    return new AsymmetricQuantizer(config, codebook, rowAligned, newRule);
  }

  /** This quantizer with every row starting a new block, or not. */
  public AsymmetricQuantizer withRowAligned(boolean aligned) {
    return new AsymmetricQuantizer(config, codebook, aligned, scaleRule);
  }

  /** The form of its matrices. */
  BlockQuantizer form() {
    return new BlockQuantizer(config, codebook, rowAligned);
  }

  @Override
  public QuantizedMatrix quantize(Tensor weights) {
    BlockQuantizer.checkMatrix(weights);
    Tensor floats = weights.to(DType.F32).contiguous();
    int rows = floats.size(0);
    int cols = floats.size(1);
    AsymmetricRounding rounding = rounding(rows, cols);
    rounding.fitScales(floats.floats(), floats.offset());
    byte[] codes = rounding.quantize(floats.floats(), floats.offset());
    BlockScales scales = rounding.scales();
    return new QuantizedMatrix(
            rows,
            cols,
            form(),
            PackedBits.pack(config.bits(), codes),
            PackedBits.pack(config.scaleBits(), scales.codes()),
            scales.groupScales().clone(),
            scales.offset())
        .withZeroCodes(PackedBits.pack(config.bits(), rounding.zeroCodes()));
  }

  @Override
  public AsymmetricRounding rounding(int rows, int cols) {
    BlockQuantizer.checkShape(rows, cols);
    return new AsymmetricRounding(this, rows, cols);
  }

  @Override
  public long storageBits(int rows, int cols) {
    int blocks = BlockLayout.of(rows, cols, config.blockSize(), rowAligned).blocks();
    return form().storageBits(rows, cols) + (long) config.bits() * blocks;
  }

  /** {@code int4/64/fp8/256+zero}. */
  @Override
  public String name() {
    String name = form().name();
    String signed = name.startsWith("uint") ? name.substring(1) : name;
    return signed + (scaleRule == ScaleRule.LEAST_SQUARES ? "/search" : "") + "+zero";
  }
}
