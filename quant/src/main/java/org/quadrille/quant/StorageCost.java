package org.quadrille.quant;

/** Bits that a quantized matrix takes, as the paper's formula and exactly. */
public final class StorageCost {
  /** NF8 with 8-bit block scales: 8.126953125 bits an entry. */
  private static final QuantizationConfig FACTOR_CONFIG = QuantizationConfig.DEFAULT.withBits(8);

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

  /**
   * Exact bits of a low-rank part whose two factors are quantized to NF8 themselves, about 8.127
   * bits an entry: what papers count, and what an allocation of ranks pays.
   *
   * @param rank 0 or more
   */
  public static long quantizedFactorBits(long rows, long cols, long rank) {
    return rank == 0
        ? 0
        : exactBits(Math.multiplyExact(rows, rank), FACTOR_CONFIG)
            + exactBits(Math.multiplyExact(rank, cols), FACTOR_CONFIG);
  }
}
