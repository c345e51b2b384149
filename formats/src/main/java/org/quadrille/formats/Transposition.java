package org.quadrille.formats;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Tensors with their axes in reverse order, as new contiguous ones. */
final class Transposition {
  /**
   * Tiles of 32 x 32 floats: two of them, source and target, fit the smallest first-level cache.
   */
  private static final int TILE = 32;

  private Transposition() {}

  /** A contiguous tensor with the axes of a contiguous one in reverse order. */
  static Tensor reversed(Tensor tensor) {
    int rank = tensor.rank();
    if (rank < 2) {
      return tensor;
    }
    if (rank == 2) {
      return transposed(tensor);
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

  /** A contiguous matrix of shape [columns, rows] for a contiguous one of shape [rows, columns]. */
  private static Tensor transposed(Tensor matrix) {
    int rows = matrix.size(0);
    int cols = matrix.size(1);
    Tensor result = Tensor.zeros(matrix.dtype(), cols, rows);
    for (int i = 0; i < rows; i += TILE) {
      for (int j = 0; j < cols; j += TILE) {
        int rowEnd = Math.min(rows, i + TILE);
        int colEnd = Math.min(cols, j + TILE);
        if (matrix.dtype() == DType.F32) {
          tile(matrix.floats(), result.floats(), rows, cols, i, rowEnd, j, colEnd);
        } else {
          tile(matrix.doubles(), result.doubles(), rows, cols, i, rowEnd, j, colEnd);
        }
      }
    }
    return result;
  }

  private static void tile(
      float[] from, float[] to, int rows, int cols, int i0, int i1, int j0, int j1) {
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        to[j * rows + i] = from[i * cols + j];
      }
    }
  }

  private static void tile(
      double[] from, double[] to, int rows, int cols, int i0, int i1, int j0, int j1) {
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        to[j * rows + i] = from[i * cols + j];
      }
    }
  }
}
