package org.quadrille.quant;

/**
 * How to decompose a matrix into a quantized and a low-rank part.
 *
 * {@snippet :
 * var options = LqOptions.of(QuantizationConfig.parse("nf3/64/fp8/256"), 64).withSeed(7);
 * }
 *
 * @param quantizer of the quantized part, any of this package
 * @param rank of the low-rank part, 0 (plain quantization) to min(rows, cols)
 * @param order which part comes first; LOW_RANK_FIRST by default
 * @param maxIterations at least 1; 40 by default (the paper allows 100; 5 give most of the gain)
 * @param tolerance stops when an iteration lowers the error by less than this, relatively; 1e-4 by
 *     default, 0 for the paper's bare rule
 * @param keepBest whether to return the iterate of least error (default) or, as the paper's code,
 *     the last one
 * @param polish whether to refit the factors once more to the final quantized part, which can only
 *     lower the error; on by default
 * @param svd how the low-rank part is found; AUTO by default
 * @param oversampling extra columns of a randomized SVD; 10 by default
 * @param powerIterations of a randomized SVD; 2 by default. The first iteration does twice as many,
 *     later ones, which start from the vectors found before, half as many
 * @param seed of its test matrices; 1 by default
 */
public record LqOptions(
    Quantizer quantizer,
    int rank,
    LqOrder order,
    int maxIterations,
    double tolerance,
    boolean keepBest,
    boolean polish,
    SvdMethod svd,
    int oversampling,
    int powerIterations,
    long seed) {

  /** Iterations that the paper allows. */
  public static final int PAPER_ITERATIONS = 100;

  /** Checks what does not depend on the matrix. */
  public LqOptions {
    if (rank < 0) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected 0 or more");
    }
    if (maxIterations < 1) {
      throw new IllegalArgumentException(
          "maxIterations: given " + maxIterations + ", expected at least 1");
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: given " + tolerance + ", expected 0 to below 1 (1e-4 is usual)");
    }
    if (oversampling < 0 || powerIterations < 0) {
      throw new IllegalArgumentException(
          "oversampling "
              + oversampling
              + " and powerIterations "
              + powerIterations
              + ": expected 0 or more (10 and 2 are usual)");
    }
  }

  /** The defaults with NormalFloat levels and blocks that run on over row ends. */
  public static LqOptions of(QuantizationConfig config, int rank) {
    return of(BlockQuantizer.of(config), rank);
  }

  /** The defaults. */
  public static LqOptions of(Quantizer quantizer, int rank) {
    return new LqOptions(
        quantizer, rank, LqOrder.LOW_RANK_FIRST, 40, 1e-4, true, true, SvdMethod.AUTO, 10, 2, 1);
  }

  /** A copy with another quantizer. */
  public LqOptions withQuantizer(Quantizer newQuantizer) {
    return new LqOptions(
        newQuantizer,
        rank,
        order,
        maxIterations,
        tolerance,
        keepBest,
        polish,
        svd,
        oversampling,
        powerIterations,
        seed);
  }

  /** A copy with another order of the two parts. */
  public LqOptions withOrder(LqOrder newOrder) {
    return new LqOptions(
        quantizer,
        rank,
        newOrder,
        maxIterations,
        tolerance,
        keepBest,
        polish,
        svd,
        oversampling,
        powerIterations,
        seed);
  }

  /** A copy with another limit and tolerance of the iteration. */
  public LqOptions withIterations(int newMaxIterations, double newTolerance) {
    return new LqOptions(
        quantizer,
        rank,
        order,
        newMaxIterations,
        newTolerance,
        keepBest,
        polish,
        svd,
        oversampling,
        powerIterations,
        seed);
  }

  /** A copy that returns the best or the last iterate. */
  public LqOptions withKeepBest(boolean newKeepBest) {
    return new LqOptions(
        quantizer,
        rank,
        order,
        maxIterations,
        tolerance,
        newKeepBest,
        polish,
        svd,
        oversampling,
        powerIterations,
        seed);
  }

  /** A copy with or without the last refit of the factors. */
  public LqOptions withPolish(boolean newPolish) {
    return new LqOptions(
        quantizer,
        rank,
        order,
        maxIterations,
        tolerance,
        keepBest,
        newPolish,
        svd,
        oversampling,
        powerIterations,
        seed);
  }

  /** A copy with another way to find the low-rank part. */
  public LqOptions withSvd(SvdMethod newSvd) {
    return new LqOptions(
        quantizer,
        rank,
        order,
        maxIterations,
        tolerance,
        keepBest,
        polish,
        newSvd,
        oversampling,
        powerIterations,
        seed);
  }

  /** A copy with another effort of the randomized SVD. */
  public LqOptions withRandomizedSvd(int newOversampling, int newPowerIterations) {
    return new LqOptions(
        quantizer,
        rank,
        order,
        maxIterations,
        tolerance,
        keepBest,
        polish,
        SvdMethod.RANDOMIZED,
        newOversampling,
        newPowerIterations,
        seed);
  }

  /** A copy with another seed. */
  public LqOptions withSeed(long newSeed) {
    return new LqOptions(
        quantizer,
        rank,
        order,
        maxIterations,
        tolerance,
        keepBest,
        polish,
        svd,
        oversampling,
        powerIterations,
        newSeed);
  }
}
