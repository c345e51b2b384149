package org.quadrille.lowrank;

import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Products in which one factor is an update are updates again, of no larger rank, and are
 * contracted through the small side.
 */
public final class UpdateProduct {
  private UpdateProduct() {}

  /**
   * {@code D_1 D_2}, of rank at most the smaller of both: the core {@code A_1 B_2} joins the
   * cheaper side. 2 r_1 n r_2 flops for the inner dimension n, and 2 r_1 r_2 times rows or columns.
   *
   * @throws IllegalArgumentException if shapes or dtypes do not fit
   */
  public static LowRank of(LowRank first, LowRank second) {
    Tensor core = MatrixProduct.multiply(first.right(), second.left());
    double scale = first.scale() * second.scale();
    return first.rank() <= second.rank()
        ? LowRank.of(first.left(), MatrixProduct.multiply(core, second.right()), scale)
        : LowRank.of(MatrixProduct.multiply(first.left(), core), second.right(), scale);
  }

  /**
   * {@code M D}, M applied to r columns.
   *
   * @throws IllegalArgumentException if shapes or dtypes do not fit
   */
  public static LowRank of(LinearOperator m, LowRank update) {
    return LowRank.of(m.apply(update.left()), update.right(), update.scale());
  }

  /**
   * {@code D M}, the transpose of M applied to r columns.
   *
   * @throws IllegalArgumentException if shapes or dtypes do not fit
   */
  public static LowRank of(LowRank update, LinearOperator m) {
    Tensor right = m.applyTransposed(update.right().transpose()).transpose();
    return LowRank.of(update.left(), right, update.scale());
  }

  /**
   * The number of columns from which multiplying by the merged weight {@code W + s B A} is cheaper
   * than keeping the update apart, merging counted: {@code mn / (m + n)}, whatever the rank. Half
   * the width of a square matrix; so inference merges and training does not.
   *
   * @throws IllegalArgumentException if a size is below 1
   */
  public static double columnsFromWhichMergingPays(int rows, int cols) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "shape: given [" + rows + ", " + cols + "], expected sizes of at least 1");
    }
    // 2 m n r for merging once against 2 N r (m + n) for N columns
    return (double) rows * cols / ((double) rows + cols);
  }
}
