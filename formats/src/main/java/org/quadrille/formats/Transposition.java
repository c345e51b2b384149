package org.quadrille.formats;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Tensors with their axes in reverse order, as new contiguous ones. */
final class Transposition {

  private Transposition() {}

  /** A contiguous tensor with the axes of a contiguous one in reverse order. */
  static Tensor reversed(Tensor tensor) {
    int rank = tensor.rank();
    if (rank < 2) {
      return tensor;
    }
    if (rank == 2) {
      return tensor.transpose().contiguous();
    }
    int[] shape = new int[rank];
    int[] strides = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      shape[axis] = tensor.size(rank - 1 - axis);
      strides[axis] = tensor.stride(rank - 1 - axis);
    }
    Tensor view =
        tensor.dtype() == DType.F32
            ? Tensor.view(tensor.floats(), tensor.offset(), shape, strides)
            : Tensor.view(tensor.doubles(), tensor.offset(), shape, strides);
    return view.contiguous();
  }
}
