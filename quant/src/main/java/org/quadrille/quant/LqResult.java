package org.quadrille.quant;

import java.util.List;
import java.util.Optional;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Sum;

/**
 * A matrix as a quantized and a low-rank part, and how it was found.
 *
 * <p>The <em>weighted</em> figures are those of {@code F^(1/2) o E}, element by element; without a
 * Fisher matrix F they equal the plain ones.
 *
 * @param quantized the quantized part Q
 * @param lowRank the low-rank part L1 L2: factors of shape [rows, r] and [r, cols], balanced
 * @param quantizedFactors the codes of the factors, if they were asked for; {@code lowRank} holds
 *     what they dequantize to
 * @param objective weighted norm of W - Q - L1 L2 after each iteration
 * @param keptIteration which iteration the result comes from, from 1
 * @param stopRule why the iteration ended
 * @param error Frobenius norm of W - Q - L1 L2 of the result, after polishing
 * @param norm Frobenius norm of W
 * @param weightedError weighted norm of W - Q - L1 L2 of the result
 * @param weightedNorm weighted norm of W
 */
public record LqResult(
    QuantizedMatrix quantized,
    LowRank lowRank,
    Optional<QuantizedFactors> quantizedFactors,
    List<Double> objective,
    int keptIteration,
    StopRule stopRule,
    double error,
    double norm,
    double weightedError,
    double weightedNorm) {

  /** Makes the list unmodifiable. */
  public LqResult {
    objective = List.copyOf(objective);
  }

  /** Number of iterations done. */
  public int iterations() {
    return objective.size();
  }

  /** {@link #error} over {@link #norm}; 0 where the error is. */
  public double relativeError() {
    return error == 0 ? 0 : error / norm;
  }

  /** {@link #weightedError} over {@link #weightedNorm}; 0 where the error is. */
  public double relativeWeightedError() {
    return weightedError == 0 ? 0 : weightedError / weightedNorm;
  }

  /** Exact bits of the quantized part plus the factors as they are: codes, or 32 bits an entry. */
  public long storageBits() {
    return quantized.storageBits()
        + quantizedFactors
            .map(QuantizedFactors::storageBits)
            .orElseGet(() -> lowRank.storageBits());
  }

  /** The decomposed matrix {@code Q + L1 L2} as an operator that never forms it. */
  public LinearOperator operator() {
    return Sum.of(new Quantized(quantized), lowRank);
  }
}
