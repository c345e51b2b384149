package org.quadrille.quant;

import java.util.List;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Sum;

/**
 * A matrix as a quantized and a low-rank part, and how it was found.
 *
 * @param quantized the quantized part Q
 * @param lowRank the low-rank part L1 L2: factors of shape [rows, r] and [r, cols], balanced
 * @param objective Frobenius norm of W - Q - L1 L2 after each iteration
 * @param keptIteration which iteration the result comes from, from 1
 * @param stopRule why the iteration ended
 * @param error Frobenius norm of W - Q - L1 L2 of the result, after polishing
 * @param norm Frobenius norm of W
 */
public record LqResult(
    QuantizedMatrix quantized,
    LowRank lowRank,
    List<Double> objective,
    int keptIteration,
    StopRule stopRule,
    double error,
    double norm) {

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

  /** Exact bits of the quantized part plus the factors as they are (32 bits an entry). */
  public long storageBits() {
    return quantized.storageBits() + lowRank.storageBits();
  }

  /** The decomposed matrix {@code Q + L1 L2} as an operator that never forms it. */
  public LinearOperator operator() {
    return Sum.of(new Quantized(quantized), lowRank);
  }
}
