package org.quadrille.linalg;

/** A tensor as a matrix whose rows lie along its last axis with neighbouring elements adjacent. */
record RowMatrix(Tensor tensor, int rows, int cols, int rowStride) {

  /** Whether {@link #of} needs no copy. */
  static boolean fits(Tensor tensor) {
    return tensor.isContiguous()
        || (tensor.rank() == 2 && tensor.stride(1) == 1 && tensor.stride(0) >= tensor.size(1));
  }

  /** Reads {@code tensor} as such a matrix, copying it only if its strides do not fit. */
  static RowMatrix of(String method, Tensor tensor) {
    if (tensor.rank() == 0) {
      throw new IllegalArgumentException(
          method + ": given " + tensor + ", expected at least one axis; reshape it to [1]");
    }
    int cols = tensor.size(tensor.rank() - 1);
    if (!tensor.isContiguous() && fits(tensor)) {
      return new RowMatrix(tensor, tensor.size(0), cols, tensor.stride(0));
    }
    return new RowMatrix(tensor.contiguous(), cols == 0 ? 0 : tensor.length() / cols, cols, cols);
  }

  int offset() {
    return tensor.offset();
  }

  /** First element of a row. */
  double first(int row) {
    int at = offset() + row * rowStride;
    return tensor.dtype() == DType.F32 ? tensor.floats()[at] : tensor.doubles()[at];
  }
}
