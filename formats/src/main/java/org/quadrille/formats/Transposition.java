package org.quadrille.formats;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** The transpose of a matrix as a new contiguous one. */
final class Transposition {
  /**
   * Tiles of 32 x 32 floats: two of them, source and target, fit the smallest first-level cache.
   */
  private static final int TILE = 32;

  private Transposition() {}

  /** A contiguous matrix of shape [columns, rows] for a contiguous one of shape [rows, columns]. */
  static Tensor transposed(Tensor matrix) {
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
