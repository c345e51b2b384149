package org.quadrille.lowrank;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * {@code W + s B A} row by row: the product summed in double precision whatever the precision of
 * its parts, added, and rounded once.
 *
 * <p>Every entry is within half a unit in the last place of the exact sum, plus the error of the
 * double product, r 2^-53 times the sum of the absolute products. The same update gives the same
 * bits every time.
 */
public final class MergedRows {
  private static final int ROWS_PER_PANEL = 256;

  private MergedRows() {}

  /**
   * The merged weight in a given tensor, which may be the weight itself.
   *
   * @param weight shape [m, n], any strides
   * @param sign 1 to add the update, -1 to subtract it
   * @param out shape [m, n] of the dtype of the weight, overwritten; the same view as the weight or
   *     one that shares no element with it
   * @return out
   * @throws IllegalArgumentException if shapes differ or sign is neither
   */
  public static Tensor into(Tensor weight, LowRank update, int sign, Tensor out) {
    UpdateNorms.checkWeight(weight, update);
    if (sign != 1 && sign != -1) {
      throw new IllegalArgumentException("sign: given " + sign + ", expected 1 or -1");
    }
    if (!Arrays.equals(weight.shape(), out.shape()) || weight.dtype() != out.dtype()) {
      throw new IllegalArgumentException("out: given " + out + ", expected one like " + weight);
    }
    for (int from = 0; from < update.rows(); from += ROWS_PER_PANEL) {
      int to = Math.min(update.rows(), from + ROWS_PER_PANEL);
      out.slice(0, from, to).assign(of(weight, update, sign, from, to));
    }
    return out;
  }

  /** Rows {@code from} to {@code to} of {@code W + sign s B A} in a new tensor of doubles. */
  static Tensor of(Tensor weight, LowRank update, int sign, int from, int to) {
    Tensor left = update.left().slice(0, from, to).to(DType.F64);
    Tensor rows = Tensor.zeros(DType.F64, to - from, weight.size(1));
    MatrixProduct.multiply(sign * update.scale(), left, update.right().to(DType.F64), 0, rows);
    return Arithmetic.axpy(1, weight.slice(0, from, to).to(DType.F64), rows);
  }
}
