package org.quadrille.quant;

/**
 * How the factors of the low-rank part are fitted to what the quantized part leaves.
 *
 * @param svd AUTO by default
 * @param oversampling extra columns of a randomized SVD; 10 by default
 * @param powerIterations of a randomized SVD; 2 by default. The first iteration does twice as many,
 *     later ones, which start from the vectors found before, half as many
 * @param seed of its test matrices; 1 by default
 * @param polish whether to refit the factors once more to the final quantized part, which can only
 *     lower the error; on by default
 * @param sweeps of alternating weighted least squares in every iteration, after the weighted SVD; 0
 *     by default. Like the next, without effect unless every weight has its own Fisher number
 * @param polishSweeps of them after the last refit; 2 by default
 */
public record FactorFit(
    SvdMethod svd,
    int oversampling,
    int powerIterations,
    long seed,
    boolean polish,
    int sweeps,
    int polishSweeps) {

  /** The values named above. */
  public static final FactorFit DEFAULT = new FactorFit(SvdMethod.AUTO, 10, 2, 1, true, 0, 2);

  /** Checks the ranges. */
  public FactorFit {
    if (oversampling < 0 || powerIterations < 0) {
      throw new IllegalArgumentException(
          "oversampling "
              + oversampling
              + " and powerIterations "
              + powerIterations
              + ": expected 0 or more (10 and 2 are usual)");
    }
    if (sweeps < 0 || polishSweeps < 0) {
      throw new IllegalArgumentException(
          "sweeps "
              + sweeps
              + " and polishSweeps "
              + polishSweeps
              + ": expected 0 or more (0 and 2 are usual)");
    }
  }
}
