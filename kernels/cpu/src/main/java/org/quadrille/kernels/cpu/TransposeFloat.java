package org.quadrille.kernels.cpu;

/** Transposition in blocks, so that the lines read and written stay in the first-level cache. */
final class TransposeFloat {

  /** Rows and columns of a block: two lines of 64 bytes wide. */
  private static final int BLOCK = 128 / Float.BYTES;

  /** Matrices with fewer elements are done by the calling thread. */
  private static final long PARALLEL_FROM = 1L << 18;

  private TransposeFloat() {}

  static void transpose(
      int rows,
      int cols,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] b,
      int bOffset,
      int bRowStride) {
    int strips = Math.ceilDiv(cols, BLOCK);
    if ((long) rows * cols >= PARALLEL_FROM) {
      WorkerPool.shared()
          .forEach(
              strips, s -> strip(s, rows, cols, a, aOffset, aRowStride, b, bOffset, bRowStride));
    } else {
      for (int s = 0; s < strips; s++) {
        strip(s, rows, cols, a, aOffset, aRowStride, b, bOffset, bRowStride);
      }
    }
  }

  /** One strip of columns of A, which is one strip of rows of B. */
  private static void strip(
      int strip,
      int rows,
      int cols,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] b,
      int bOffset,
      int bRowStride) {
    int first = strip * BLOCK;
    int columns = Math.min(BLOCK, cols - first);
    for (int row = 0; row < rows; row += BLOCK) {
      int height = Math.min(BLOCK, rows - row);
      for (int j = 0; j < columns; j++) {
        column(
            height,
            a,
            aOffset + row * aRowStride + first + j,
            aRowStride,
            b,
            bOffset + (first + j) * bRowStride + row);
      }
    }
  }

  private static void column(int height, float[] a, int from, int stride, float[] b, int to) {
    for (int i = 0; i < height; i++) {
      b[to + i] = a[from + i * stride];
    }
  }
}
