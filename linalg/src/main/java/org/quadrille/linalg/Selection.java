package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Rows of the identity matrix: {@code y_i = x_index(i)}. The transpose scatters, adding where an
 * index occurs more than once.
 *
 * <p>Has no parameters to learn. Cost: no flops, one copy of the selected rows.
 */
public final class Selection implements LinearOperator {
  private static final int BITS_PER_INDEX = 32;
  private final DType dtype;
  private final int[] indices;
  private final int cols;
  private final RowGather rows;

  private Selection(DType dtype, int[] indices, int cols) {
    this.dtype = dtype;
    this.indices = indices;
    this.cols = cols;
    this.rows = new RowGather(indices, cols);
  }

  /**
   * The operator of shape [indices.length, cols] whose row i is row {@code indices[i]} of the
   * identity.
   *
   * @param dtype precision of operands and results
   * @param cols length of operands
   * @param indices from 0 to cols - 1, in any order, repetitions allowed; copied
   * @throws IllegalArgumentException if cols is negative or an index is out of range
   */
  public static Selection of(DType dtype, int cols, int... indices) {
    if (cols < 0) {
      throw new IllegalArgumentException("cols: given " + cols + ", expected at least 0");
    }
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0 || indices[i] >= cols) {
        throw new IllegalArgumentException(
            "indices[" + i + "]: given " + indices[i] + ", expected 0 to " + (cols - 1));
      }
    }
    return new Selection(dtype, indices.clone(), cols);
  }

  /** A copy of the selected indices. */
  public int[] indices() {
    return indices.clone();
  }

  @Override
  public int rows() {
    return indices.length;
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    return rows.gather(null, x, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    return rows.scatter(null, y, out);
  }

  @Override
  public Tensor toDense() {
    Tensor dense = Tensor.zeros(dtype, indices.length, cols);
    for (int i = 0; i < indices.length; i++) {
      dense.set(1, i, indices[i]);
    }
    return dense;
  }

  @Override
  public long parameterCount() {
    return indices.length;
  }

  @Override
  public long storageBits() {
    return (long) indices.length * BITS_PER_INDEX;
  }

  @Override
  public long flops(long k) {
    return 0;
  }

  @Override
  public String toString() {
    return "Selection("
        + dtype
        + ", rows "
        + (indices.length <= 8 ? Arrays.toString(indices) : indices.length + " indices")
        + " of "
        + cols
        + ")";
  }
}
