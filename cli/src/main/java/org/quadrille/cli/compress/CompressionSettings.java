package org.quadrille.cli.compress;

import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.allocation.AllocationOption;

/**
 * What decides the bits of a compressed model; threads and backend do not.
 *
 * @param bits average budget in bits per weight of the quantized parts, scales included; NaN if
 *     {@code config} is given
 * @param config one configuration for all matrices, or null to choose one each under the budget
 * @param rank rank of the low-rank parts; cut to the smaller side of a matrix; 0 if they are chosen
 *     jointly
 * @param jointRank whether ranks are chosen with the configurations and paid from the budget
 * @param iterations greatest number of iterations
 * @param include names of weights to compress; null for all linear ones outside of poolers and
 *     output heads
 * @param exclude names of weights to leave alone; null for none
 * @param seed of the randomized decompositions
 * @param fisher matrices that weight errors; null if all weights count the same
 * @param factorConfig configuration of the stored factors; null for single precision
 */
public record CompressionSettings(
    double bits,
    QuantizationConfig config,
    int rank,
    boolean jointRank,
    int iterations,
    String include,
    String exclude,
    long seed,
    FisherSource fisher,
    QuantizationConfig factorConfig) {

  /** Tolerance of the stop rule. */
  static final double TOLERANCE = 1e-4;

  /** The options of the decomposition of a matrix of that shape. */
  LqOptions options(AllocationOption option, int rows, int cols) {
    LqOptions options =
        LqOptions.of(option.config(), Math.min(option.rank(), Math.min(rows, cols)))
            .withIterations(iterations, TOLERANCE)
            .withSeed(seed);
    return factorConfig == null
        ? options
        : options.withFactorQuantizer(BlockQuantizer.of(factorConfig));
  }

  /** Whether matrices may have low-rank parts. */
  public boolean hasLowRank() {
    return rank > 0 || jointRank;
  }

  /** All settings as one line, part of the key of partial results. */
  String fingerprint() {
    return "bits="
        + bits
        + " config="
        + config
        + " rank="
        + (jointRank ? "joint" : rank)
        + " iterations="
        + iterations
        + " include="
        + include
        + " exclude="
        + exclude
        + " seed="
        + seed
        + (fisher == null ? "" : " fisher=" + fisher.digest())
        + (factorConfig == null ? "" : " factors=" + factorConfig);
  }
}
