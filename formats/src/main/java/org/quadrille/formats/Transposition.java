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

  /** Blocks of 4 x 4 held in registers, then what is left at the right and bottom edge. */
  private static void tile(
      float[] from, float[] to, int rows, int cols, int i0, int i1, int j0, int j1) {
    int iBlocks = i0 + (i1 - i0) / 4 * 4;
    int jBlocks = j0 + (j1 - j0) / 4 * 4;
    for (int j = j0; j < jBlocks; j += 4) {
      for (int i = i0; i < iBlocks; i += 4) {
        block(from, i * cols + j, cols, to, j * rows + i, rows);
      }
    }
    for (int j = j0; j < j1; j++) {
      for (int i = j < jBlocks ? iBlocks : i0; i < i1; i++) {
        to[j * rows + i] = from[i * cols + j];
      }
    }
  }

  private static void block(float[] from, int a, int cols, float[] to, int p, int rows) {
    int b = a + cols;
    int c = b + cols;
    int d = c + cols;
    int q = p + rows;
    int r = q + rows;
    int s = r + rows;
    float a0 = from[a], a1 = from[a + 1], a2 = from[a + 2], a3 = from[a + 3];
    float b0 = from[b], b1 = from[b + 1], b2 = from[b + 2], b3 = from[b + 3];
    float c0 = from[c], c1 = from[c + 1], c2 = from[c + 2], c3 = from[c + 3];
    float d0 = from[d], d1 = from[d + 1], d2 = from[d + 2], d3 = from[d + 3];
    to[p] = a0;
    to[p + 1] = b0;
    to[p + 2] = c0;
    to[p + 3] = d0;
    to[q] = a1;
    to[q + 1] = b1;
    to[q + 2] = c1;
    to[q + 3] = d1;
    to[r] = a2;
    to[r + 1] = b2;
    to[r + 2] = c2;
    to[r + 3] = d2;
    to[s] = a3;
    to[s + 1] = b3;
    to[s + 2] = c3;
    to[s + 3] = d3;
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
