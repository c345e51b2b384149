package org.quadrille.linalg;

/** The symmetric part of a square matrix, in place. */
final class Symmetrization {
  /** Rows and columns of a tile: two of them, mirrored, fit the first-level cache. */
  private static final int TILE = 32;

  private Symmetrization() {}

  /**
   * Replaces each pair of elements across the diagonal by its mean.
   *
   * @param a [n, n], contiguous, finite, of moderate scale, modified
   * @return the largest difference in a pair
   */
  static double apply(Tensor a) {
    int n = a.size(0);
    double largest = 0;
    for (int row = 0; row < n; row += TILE) {
      int rowEnd = Math.min(n, row + TILE);
      for (int column = 0; column <= row; column += TILE) {
        int columnEnd = Math.min(n, column + TILE);
        double tile =
            a.dtype() == DType.F32
                ? tile(a.floats(), a.offset(), n, row, rowEnd, column, columnEnd)
                : tile(a.doubles(), a.offset(), n, row, rowEnd, column, columnEnd);
        largest = Math.max(largest, tile);
      }
    }
    return largest;
  }

  private static double tile(
      float[] a, int offset, int n, int row, int rowEnd, int column, int columnEnd) {
    float largest = 0;
    for (int i = row; i < rowEnd; i++) {
      for (int j = column; j < Math.min(i, columnEnd); j++) {
        float below = a[offset + i * n + j];
        float above = a[offset + j * n + i];
        if (below != above) {
          largest = Math.max(largest, Math.abs(below - above));
          float mean = (below + above) / 2;
          a[offset + i * n + j] = mean;
          a[offset + j * n + i] = mean;
        }
      }
    }
    return largest;
  }

  private static double tile(
      double[] a, int offset, int n, int row, int rowEnd, int column, int columnEnd) {
    double largest = 0;
    for (int i = row; i < rowEnd; i++) {
      for (int j = column; j < Math.min(i, columnEnd); j++) {
        double below = a[offset + i * n + j];
        double above = a[offset + j * n + i];
        if (below != above) {
          largest = Math.max(largest, Math.abs(below - above));
          double mean = (below + above) / 2;
          a[offset + i * n + j] = mean;
          a[offset + j * n + i] = mean;
        }
      }
    }
    return largest;
  }
}
