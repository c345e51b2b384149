package org.quadrille.quant;

import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Mean squares of the output gradients and of the inputs of a linear layer y = W x, whose products
 * approximate its Fisher information: one token adds {@code delta x^T} to the gradient, so {@code F
 * ~ E[delta^2] E[x^2]^T}.
 *
 * <p>rows + cols numbers instead of rows * cols, and no gradient of the weight is ever formed. What
 * is lost is the dependence between delta and x, and between tokens of a sample. Not thread safe.
 */
public final class FactoredFisherAccumulator {
  private final double[] rowSums;
  private final double[] columnSums;
  private long tokens;

  /**
   * An accumulator without tokens.
   *
   * @param rows of the weight (outputs), at least 1
   * @param cols of the weight (inputs), at least 1
   */
  public FactoredFisherAccumulator(int rows, int cols) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "shape [" + rows + ", " + cols + "]: expected at least one row and one column");
    }
    this.rowSums = new double[rows];
    this.columnSums = new double[cols];
  }

  /**
   * Adds tokens; nothing is added if they are refused.
   *
   * @param outputGradients dloss/dy, shape [tokens, rows], finite, not modified
   * @param inputs x, shape [tokens, cols], finite, not modified
   * @throws IllegalArgumentException if shapes do not fit or an element is not finite
   */
  public void add(Tensor outputGradients, Tensor inputs) {
    boolean fits =
        outputGradients.rank() == 2
            && inputs.rank() == 2
            && outputGradients.size(0) == inputs.size(0)
            && outputGradients.size(1) == rowSums.length
            && inputs.size(1) == columnSums.length;
    if (!fits) {
      throw new IllegalArgumentException(
          "output gradients "
              + outputGradients
              + " and inputs "
              + inputs
              + ", expected shapes [tokens, "
              + rowSums.length
              + "] and [tokens, "
              + columnSums.length
              + "]");
    }
    Norms.requireFinite("outputGradients", outputGradients);
    Norms.requireFinite("inputs", inputs);
    addSquares(outputGradients.toDoubles(), rowSums);
    addSquares(inputs.toDoubles(), columnSums);
    tokens += inputs.size(0);
  }

  private static void addSquares(double[] values, double[] sums) {
    for (int i = 0; i < values.length; i++) {
      sums[i % sums.length] += values[i] * values[i];
    }
  }

  /** Number of tokens added. */
  public long tokens() {
    return tokens;
  }

  /**
   * The product of the means so far.
   *
   * @throws IllegalStateException if there is no token
   * @throws IllegalArgumentException if all gradients or all inputs were 0, or squares overflowed
   */
  public Fisher mean() {
    if (tokens == 0) {
      throw new IllegalStateException("no token has been added; call add(gradients, inputs) first");
    }
    return Fisher.ofFactors(means(rowSums), means(columnSums));
  }

  private double[] means(double[] sums) {
    double[] means = new double[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = sums[i] / tokens;
    }
    return means;
  }
}
