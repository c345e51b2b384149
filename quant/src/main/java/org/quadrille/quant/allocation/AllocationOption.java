package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.StorageCost;

/**
 * What a matrix may get: a configuration of its quantized part and a rank of its low-rank part.
 *
 * @param config bits, block and group sizes
 * @param rank of the low-rank part, 0 for none
 * @param paysForRank whether the factors count against the budget, at NF8 (8.127 bits an entry); in
 *     LQ-LoRA they do not, since the adapter is carried anyway
 */
public record AllocationOption(QuantizationConfig config, int rank, boolean paysForRank) {

  /** The ranks of {@link #jointGrid}: none, and 8 to 64 by doubling. */
  private static final int[] RANKS = {0, 8, 16, 32, 64};

  /** Checks the rank. */
  public AllocationOption {
    if (config == null || rank < 0) {
      throw new IllegalArgumentException(
          "configuration " + config + " with rank " + rank + ": expected a rank of 0 or more");
    }
  }

  /** Configurations that all come with the same low-rank part, which the budget does not pay. */
  public static List<AllocationOption> ofRank(int rank, List<QuantizationConfig> configs) {
    return configs.stream().map(config -> new AllocationOption(config, rank, false)).toList();
  }

  /** Every configuration with each of the ranks 0, 8, 16, 32 and 64, paid from the budget. */
  public static List<AllocationOption> jointGrid(List<QuantizationConfig> configs) {
    List<AllocationOption> grid = new ArrayList<>();
    for (int rank : RANKS) {
      configs.forEach(config -> grid.add(new AllocationOption(config, rank, true)));
    }
    return List.copyOf(grid);
  }

  /**
   * Exact bits of a matrix: codes and scales, and the factors if the budget pays for them.
   *
   * @param rows at least 1
   * @param cols at least 1
   */
  public long bits(long rows, long cols) {
    long factorBits = paysForRank ? StorageCost.quantizedFactorBits(rows, cols, rank) : 0;
    return Math.addExact(StorageCost.exactBits(Math.multiplyExact(rows, cols), config), factorBits);
  }

  /** Whether the rank does not exceed the smaller side; one that is not paid for is cut instead. */
  boolean fits(long rows, long cols) {
    return !paysForRank || rank <= Math.min(rows, cols);
  }

  /** {@code nf3/64/fp8/256}, with {@code +r8} appended where there is a low-rank part. */
  @Override
  public String toString() {
    return rank == 0 ? config.toString() : config + "+r" + rank;
  }
}
