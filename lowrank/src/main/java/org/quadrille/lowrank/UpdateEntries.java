package org.quadrille.lowrank;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/** Parts of the matrix {@code s B A} that can be read off without forming it. */
public final class UpdateEntries {
  private UpdateEntries() {}

  /** Entry (i, j), {@code s <b_i, a_j>}. O(r). */
  public static double entry(LowRank update, int i, int j) {
    check("row", i, update.rows());
    check("column", j, update.cols());
    return update.scale() * Arithmetic.dot(update.left().row(i), update.right().transpose().row(j));
  }

  /** Row i in a new tensor of shape [cols]. O(r cols). */
  public static Tensor row(LowRank update, int i) {
    check("row", i, update.rows());
    Tensor out = Tensor.zeros(update.dtype(), update.cols());
    return MatrixProduct.multiply(
        update.scale(), update.right().transpose(), update.left().row(i), 0, out);
  }

  /** Column j in a new tensor of shape [rows]. O(r rows). */
  public static Tensor column(LowRank update, int j) {
    check("column", j, update.cols());
    Tensor out = Tensor.zeros(update.dtype(), update.rows());
    return MatrixProduct.multiply(
        update.scale(), update.left(), update.right().transpose().row(j), 0, out);
  }

  /** The entries (i, i) in a new tensor of shape [min(rows, cols)]. O(r min(rows, cols)). */
  public static Tensor diagonal(LowRank update) {
    int n = Math.min(update.rows(), update.cols());
    Tensor out = Tensor.zeros(update.dtype(), n);
    for (int i = 0; i < n; i++) {
      out.set(entry(update, i, i), i);
    }
    return out;
  }

  /**
   * Sum of the diagonal, accumulated in double. O(r n).
   *
   * @throws IllegalArgumentException if the update is not square
   */
  public static double trace(LowRank update) {
    if (update.rows() != update.cols()) {
      throw new IllegalArgumentException("trace: given " + update + ", expected a square update");
    }
    // tr(B A) = sum of the products of the entries of B^T and A
    Tensor left = update.left().transpose().to(DType.F64);
    return update.scale() * Arithmetic.dot(left, update.right().to(DType.F64));
  }

  private static void check(String axis, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          axis + ": given " + index + ", expected 0 to " + (size - 1));
    }
  }
}
