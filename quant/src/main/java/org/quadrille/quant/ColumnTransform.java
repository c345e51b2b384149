package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * An invertible map T of the columns of a matrix that makes it easier to quantize: the codes are
 * those of W T, and the matrix they stand for is {@code Q T^-1}.
 *
 * <p>T costs O(cols log cols) to apply, so a product y = Q (T^-1 x) transforms the operand and
 * leaves the codes alone. <b>Thread safety</b>: immutable.
 */
public sealed interface ColumnTransform permits DiagonalScaling, RandomizedHadamard {

  /** Number of columns. */
  int cols();

  /** Bits that the transform takes beside the codes. */
  long storageBits();

  /**
   * row := row T.
   *
   * @param rows consecutive rows of {@link #cols} values, overwritten
   * @param offset index of the first one
   * @param count number of rows
   */
  void transform(float[] rows, int offset, int count);

  /** row := row T^-1, the weights that transformed ones stand for; parameters as above. */
  void restore(float[] rows, int offset, int count);

  /** row := row T^-T, an operand x as {@code T^-1 x}; parameters as above. */
  void transformOperand(float[] rows, int offset, int count);

  /**
   * T^-1 x, which Q is to be applied to.
   *
   * @param x shape [cols] or [cols, k] in single precision, not modified
   * @return a new tensor of that shape
   */
  default Tensor transformedOperand(Tensor x) {
    boolean vector = x.rank() == 1;
    Tensor rows = Tensor.zeros(DType.F32, vector ? 1 : x.size(1), cols());
    (vector ? rows.row(0) : rows.transpose()).assign(x);
    transformOperand(rows.floats(), 0, rows.size(0));
    return vector ? rows.row(0) : rows.transpose();
  }

  /**
   * out := T^-T out, what {@code Q^T y} lacks to be the transposed product.
   *
   * @param out shape [cols] or [cols, k] in single precision, overwritten
   */
  default void restoreResult(Tensor out) {
    boolean vector = out.rank() == 1;
    Tensor rows = Tensor.zeros(DType.F32, vector ? 1 : out.size(1), cols());
    Tensor columns = vector ? rows.row(0) : rows.transpose();
    columns.assign(out);
    restore(rows.floats(), 0, rows.size(0));
    out.assign(columns);
  }
}
