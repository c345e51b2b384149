package org.quadrille.kernels.cpu.device;

/**
 * A strided view of a {@link DeviceArray}: element (i, j) is number {@code offset + i rowStride + j
 * colStride}.
 *
 * @param array where the elements lie
 * @param offset of element (0, 0)
 * @param rows at least 1
 * @param cols at least 1
 * @param rowStride distance of neighbours in a column, at least 0
 * @param colStride distance of neighbours in a row, at least 0
 */
public record DeviceMatrix(
    DeviceArray array, int offset, int rows, int cols, int rowStride, int colStride) {

  /**
   * Checks that every element exists.
   *
   * @throws IllegalArgumentException if not
   */
  public DeviceMatrix {
    long last = offset + (rows - 1L) * rowStride + (cols - 1L) * colStride;
    boolean negative = offset < 0 || rowStride < 0 || colStride < 0;
    if (rows < 1 || cols < 1 || negative || last >= array.length()) {
      throw new IllegalArgumentException(
          "device view [%d, %d] at %d with strides %d and %d does not fit %s"
              .formatted(rows, cols, offset, rowStride, colStride, array));
    }
  }

  /** A whole array as a row-major matrix. */
  public static DeviceMatrix of(DeviceArray array, int rows, int cols) {
    return new DeviceMatrix(array, 0, rows, cols, cols, 1);
  }

  /** The transpose, a view. */
  public DeviceMatrix transpose() {
    return new DeviceMatrix(array, offset, cols, rows, colStride, rowStride);
  }

  /** Whether the elements lie row by row without gaps. */
  public boolean isRowMajor() {
    return (cols == 1 || colStride == 1) && (rows == 1 || rowStride == cols);
  }

  /**
   * The same elements in row-major order under another shape.
   *
   * @throws IllegalArgumentException if this view has gaps or the numbers of elements differ
   */
  public DeviceMatrix reshape(int newRows, int newCols) {
    if (!isRowMajor() || (long) newRows * newCols != (long) rows * cols) {
      throw new IllegalArgumentException(
          this + " cannot be read as [" + newRows + ", " + newCols + "]");
    }
    return new DeviceMatrix(array, offset, newRows, newCols, newCols, 1);
  }

  @Override
  public String toString() {
    return "[" + rows + ", " + cols + "] of " + array;
  }
}
