// Generated from TransposeFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

/**
 * Transposition in tiles whose lines stay in the first-level cache, each made of blocks of 4 x 4
 * held in registers: faster here than shuffled vectors, whose shuffles cost more than they save.
 */
final class TransposeDouble {

  /** Rows and columns of a tile: four lines of 64 bytes wide. */
  private static final int TILE = 256 / Double.BYTES;

  /** Rows and columns of a block in registers. */
  private static final int BLOCK = 4;

  /** Matrices with fewer elements are done by the calling thread. */
  private static final long PARALLEL_FROM = 1L << 16;

  private TransposeDouble() {}

  static void transpose(
      int rows,
      int cols,
      double[] a,
      int aOffset,
      int aRowStride,
      double[] b,
      int bOffset,
      int bRowStride) {
    int strips = Math.ceilDiv(cols, TILE);
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
      double[] a,
      int aOffset,
      int aRowStride,
      double[] b,
      int bOffset,
      int bRowStride) {
    int first = strip * TILE;
    int width = Math.min(TILE, cols - first);
    for (int row = 0; row < rows; row += TILE) {
      int height = Math.min(TILE, rows - row);
      int from = aOffset + row * aRowStride + first;
      int to = bOffset + first * bRowStride + row;
      tile(height, width, a, from, aRowStride, b, to, bRowStride);
    }
  }

  private static void tile(
      int height, int width, double[] a, int from, int aStride, double[] b, int to, int bStride) {
    int heightBlocks = height - height % BLOCK;
    int widthBlocks = width - width % BLOCK;
    for (int j = 0; j < widthBlocks; j += BLOCK) {
      for (int i = 0; i < heightBlocks; i += BLOCK) {
        block(a, from + i * aStride + j, aStride, b, to + j * bStride + i, bStride);
      }
    }
    for (int j = 0; j < width; j++) {
      for (int i = j < widthBlocks ? heightBlocks : 0; i < height; i++) {
        b[to + j * bStride + i] = a[from + i * aStride + j];
      }
    }
  }

  /** Sixteen elements in registers: all loads before all stores. */
  private static void block(double[] a, int a0, int aStride, double[] b, int b0, int bStride) {
    int a1 = a0 + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    double e00 = a[a0], e01 = a[a0 + 1], e02 = a[a0 + 2], e03 = a[a0 + 3];
    double e10 = a[a1], e11 = a[a1 + 1], e12 = a[a1 + 2], e13 = a[a1 + 3];
    double e20 = a[a2], e21 = a[a2 + 1], e22 = a[a2 + 2], e23 = a[a2 + 3];
    double e30 = a[a3], e31 = a[a3 + 1], e32 = a[a3 + 2], e33 = a[a3 + 3];
    b[b0] = e00;
    b[b0 + 1] = e10;
    b[b0 + 2] = e20;
    b[b0 + 3] = e30;
    int b1 = b0 + bStride;
    b[b1] = e01;
    b[b1 + 1] = e11;
    b[b1 + 2] = e21;
    b[b1 + 3] = e31;
    int b2 = b1 + bStride;
    b[b2] = e02;
    b[b2 + 1] = e12;
    b[b2 + 2] = e22;
    b[b2 + 3] = e32;
    int b3 = b2 + bStride;
    b[b3] = e03;
    b[b3 + 1] = e13;
    b[b3 + 2] = e23;
    b[b3 + 3] = e33;
  }
}
