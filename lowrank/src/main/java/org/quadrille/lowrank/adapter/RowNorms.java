package org.quadrille.lowrank.adapter;

import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Euclidean norms of the rows of {@code W + s L A} without forming it: {@code c_i^2 = |w_i|^2 + 2 s
 * (L (A W^T))_ii + s^2 l_i^T (A A^T) l_i}. Cost: {@code 2 m n r + m r^2} flops against {@code 2 m n
 * r} and an m x n matrix.
 */
final class RowNorms {
  /** Below this share of its terms a sum has lost six digits, and the row is formed instead. */
  private static final double CANCELLATION = 1e-6;

  /** What is left of a row that vanishes, relative to the largest norm: keeps quotients finite. */
  private static final double SMALLEST = 1e-30;

  private RowNorms() {}

  /** Squared norms of the rows of a matrix. */
  static double[] squares(Tensor weight) {
    double[] squares = new double[weight.size(0)];
    for (int i = 0; i < squares.length; i++) {
      double sum = 0;
      for (int j = 0; j < weight.size(1); j++) {
        double w = weight.get(i, j);
        sum += w * w;
      }
      squares[i] = sum;
    }
    return squares;
  }

  /**
   * The norms.
   *
   * @param squares of the rows of W
   * @param products {@code W A^T}, shape [m, r]
   * @param out overwritten, length m
   */
  static void compute(
      LinearOperator base,
      double[] squares,
      Tensor left,
      Tensor right,
      double scale,
      Tensor products,
      Tensor gram,
      double[] out) {
    MatrixProduct.multiply(1, right, right.transpose(), 0, gram);
    int r = left.size(1);
    double largest = 0;
    for (int i = 0; i < out.length; i++) {
      double cross = 0;
      double own = 0;
      for (int j = 0; j < r; j++) {
        double lij = left.get(i, j);
        cross += lij * products.get(i, j);
        double inner = 0;
        for (int k = 0; k < r; k++) {
          inner += gram.get(j, k) * left.get(i, k);
        }
        own += lij * inner;
      }
      double square = squares[i] + 2 * scale * cross + scale * scale * own;
      if (square < CANCELLATION * (squares[i] + scale * scale * own)) {
        square = formed(base, left, right, scale, i);
      }
      out[i] = Math.sqrt(square);
      largest = Math.max(largest, out[i]);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.max(out[i], Math.max(SMALLEST * largest, Double.MIN_NORMAL));
    }
  }

  private static double formed(
      LinearOperator base, Tensor left, Tensor right, double scale, int row) {
    Tensor unit = Tensor.zeros(base.dtype(), base.rows());
    unit.set(1, row);
    Tensor w = base.applyTransposed(unit);
    double sum = 0;
    for (int j = 0; j < base.cols(); j++) {
      double value = w.get(j);
      for (int k = 0; k < left.size(1); k++) {
        value += scale * left.get(row, k) * right.get(k, j);
      }
      sum += value * value;
    }
    return sum;
  }
}
