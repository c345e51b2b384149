package org.quadrille.quant;

/** Bits that a quantized matrix takes, as the paper's formula and exactly. */
public final class StorageCost {
  private StorageCost() {}

  /** b + s/B + w/(B G): bits per weight where blocks and groups are full (LQ-LoRA, equation 3). */
  public static double bitsPerWeight(QuantizationConfig config) {
    double block = config.blockSize();
    return config.bits()
        + config.scaleBits() / block
        + config.groupType().bits() / (block * config.blocksPerGroup());
  }

  /**
   * Exact bits of n weights whose blocks run on over row ends: b n + s ceil(n/B) + w
   * ceil(ceil(n/B)/G). The offset (32 bits), file headers and padding are not part of it.
   *
   * @param weights n, at least 1
   * @throws ArithmeticException if the count exceeds 2^63 - 1
   */
  public static long exactBits(long weights, QuantizationConfig config) {
    if (weights < 1) {
      throw new IllegalArgumentException("weights: given " + weights + ", expected at least 1");
    }
    return exactBits(weights, Math.ceilDiv(weights, (long) config.blockSize()), config);
  }

  /**
   * Exact bits of a matrix.
   *
   * @param rowAligned whether every row starts a new block
   */
  public static long exactBits(
      long rows, long cols, boolean rowAligned, QuantizationConfig config) {
    long weights = Math.multiplyExact(rows, cols);
    return rowAligned && weights >= 1
        ? exactBits(weights, rows * Math.ceilDiv(cols, (long) config.blockSize()), config)
        : exactBits(weights, config);
  }

  private static long exactBits(long weights, long blocks, QuantizationConfig config) {
    long groups = Math.ceilDiv(blocks, (long) config.blocksPerGroup());
    long codeBits = Math.multiplyExact(weights, (long) config.bits());
    return Math.addExact(
        codeBits, blocks * config.scaleBits() + groups * config.groupType().bits());
  }

  /** Bits of the low-rank part: r (rows + cols) entries of {@code bitsPerEntry} bits. */
  public static long lowRankBits(long rows, long cols, long rank, long bitsPerEntry) {
    return Math.multiplyExact(Math.multiplyExact(rank, rows + cols), bitsPerEntry);
  }
}
