package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/**
 * How much the error of each weight counts: the diagonal of the Fisher information, {@code F_ij} =
 * mean over samples of the squared derivative of the loss by weight (i, j) (LQ-LoRA, section 3.4).
 *
 * <p>An error E costs {@code sum of F_ij E_ij^2}, to second order twice the rise of the loss.
 * Either every weight has its own number ({@link #of}), or rows and columns have energies whose
 * products the numbers are ({@link #ofFactors}): what one token adds to the gradient of a linear
 * layer is {@code delta x^T}, so {@code F ~ E[delta^2] E[x^2]^T}, in rows + cols numbers instead of
 * rows * cols.
 *
 * {@snippet :
 * LqOptions options = LqOptions.of(config, 8).withFisher(Fisher.of(squaredGradients));
 * double weighted = LqDecomposition.decompose(w, options).weightedError();
 * }
 *
 * <p>A constant factor of F changes no decomposition. <b>Thread safety</b>: immutable.
 */
public sealed interface Fisher permits FullFisher, FactoredFisher {

  /**
   * One number per weight.
   *
   * @param squaredGradients shape [rows, cols] of the weights they belong to, finite, 0 or more,
   *     not all 0; copied, and kept in single precision relative to the largest
   * @throws IllegalArgumentException naming the first element that is negative or not finite
   */
  static Fisher of(Tensor squaredGradients) {
    return new FullFisher(squaredGradients);
  }

  /**
   * Products {@code F_ij = rowEnergy_i columnEnergy_j}.
   *
   * @param rowEnergy one number per row (output), such as the mean square of the gradient by the
   *     output; finite, 0 or more, not all 0; copied
   * @param columnEnergy one number per column (input), such as the mean square of the input; copied
   * @throws IllegalArgumentException naming the first element that is negative or not finite
   */
  static Fisher ofFactors(double[] rowEnergy, double[] columnEnergy) {
    return new FactoredFisher(rowEnergy, columnEnergy);
  }

  /**
   * The same weight for all rows: {@code F_ij = columnEnergy_j}, such as the mean square of the
   * inputs of a layer (Zhang et al., "QERA", 2024, approximate form).
   *
   * @param rows number of rows, at least 1
   * @param columnEnergy one number per column; copied
   * @throws IllegalArgumentException naming the first element that is negative or not finite
   */
  static Fisher ofColumns(int rows, double[] columnEnergy) {
    double[] ones = new double[Math.max(0, rows)];
    Arrays.fill(ones, 1);
    return new FactoredFisher(ones, columnEnergy);
  }

  /** Number of rows of the weights. */
  int rows();

  /** Number of columns of the weights. */
  int cols();

  /** The number of one weight. */
  double get(int row, int col);

  /** Mean over all weights: how much a matrix matters beside others. */
  double mean();

  /** Whether the numbers are products of a row's and a column's: then a weighted SVD is optimal. */
  boolean isFactored();

  /**
   * Weighted norm {@code (sum of F_ij E_ij^2)^(1/2)}, summed in double, in an order that depends on
   * the shape only.
   *
   * @param errors row-major, rows * cols, not modified
   */
  double norm(float[] errors);

  /**
   * Weighted norm of {@code a - b}; see {@link #norm}.
   *
   * @param a row-major, rows * cols, not modified
   * @param b row-major, rows * cols, not modified
   */
  double distance(float[] a, float[] b);

  /** All numbers, shape [rows, cols], in double. */
  Tensor toTensor();

  /**
   * Roots of the mean of F in each row, relative to the largest and at least 1e-6: the left scaling
   * of the weighted SVD, {@code d_i = (mean over j of F_ij)^(1/2)}.
   */
  double[] rowRoots();

  /** Roots of the mean of F in each column, as {@link #rowRoots}. */
  double[] columnRoots();

  /**
   * Returns this if it has the shape of the weights.
   *
   * @throws IllegalArgumentException if it has not
   */
  default Fisher requireShape(int rows, int cols) {
    if (rows() != rows || cols() != cols) {
      throw new IllegalArgumentException(
          "fisher: given shape ["
              + rows()
              + ", "
              + cols()
              + "] for weights of shape ["
              + rows
              + ", "
              + cols
              + "], expected the same; linear weights are [out, in]");
    }
    return this;
  }
}
