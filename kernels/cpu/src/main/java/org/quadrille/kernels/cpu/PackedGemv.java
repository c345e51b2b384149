package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Matrix-vector products with a {@link PackedMatrix} whose weights are decoded in registers, in the
 * order of {@link SumOrder}.
 *
 * <p>The transposed product decodes a strip of a row into the first-level cache and adds it to the
 * partial sum of that row; rows of one partial sum follow each other, so that the sum stays there
 * too. Both are split over outputs.
 */
final class PackedGemv {
  private static final int PARTIALS = SumOrder.GEMV_PARTIALS_FLOAT;

  /** Rows of one task, at least. */
  private static final int ROWS = 4;

  /** Rows whose scales are decoded at once. */
  private static final int ROW_GROUP = 16;

  /** Columns of a strip of the transposed product: as many parts as a few threads share. */
  private static final int STRIP_COLUMNS = 1024;

  private static final int LEAST_STRIP_COLUMNS = 256;

  private static final int PARTS = 8;

  /** Strips are a multiple of this, so that they begin with a block of any usual size. */
  private static final int STRIP_UNIT = 256;

  private static final Workspace<float[]> SPACE = new Workspace<>(float[]::new, x -> x.length);

  private PackedGemv() {}

  /**
   * Whether every row starts with a block and a byte, and blocks are 32, 64, 128 ... weights
   * without zero codes. Others are decoded row by row into the cache.
   */
  static boolean fits(PackedMatrix a) {
    return VectorPacked.fits(a)
        && a.zeroCodes() == null
        && a.blockSize() >= PackedDots.STEP
        && Integer.bitCount(a.blockSize()) == 1
        && PackedBlocks.rowsStartBlocks(a)
        && VectorPacked.isAligned(a.bits(), a.cols());
  }

  /** {@code y := A x} where A {@link #fits}. */
  static void multiply(
      PackedMatrix a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    int rows = a.rows();
    int cols = a.cols();
    float[] operand = SPACE.borrow(cols);
    for (int j = 0; j < cols; j++) {
      operand[j] = x[xOffset + j * xStride];
    }
    boolean parallel = (long) rows * cols >= ScalarPacked.PARALLEL_FROM;
    int most = parallel ? 8 * WorkerPool.shared().threads() : 1;
    int tasks = Math.min(most, ScalarPacked.parts(rows, ROWS));
    ScalarPacked.forEach(
        tasks,
        (long) rows * cols,
        task -> {
          float[] sums = new float[PARTIALS];
          int end = ScalarPacked.share(rows, task + 1, tasks);
          for (int row = ScalarPacked.share(rows, task, tasks); row < end; row += ROW_GROUP) {
            rows(a, row, Math.min(end, row + ROW_GROUP), operand, sums, y, yOffset, yStride);
          }
        });
    SPACE.giveBack(operand);
  }

  /** Rows whose scales are decoded together. */
  private static void rows(
      PackedMatrix a,
      int from,
      int to,
      float[] x,
      float[] sums,
      float[] y,
      int yOffset,
      int yStride) {
    int cols = a.cols();
    int blocks = Math.ceilDiv(cols, a.blockSize());
    PackedSpace space = PackedSpace.ofThisThread();
    PackedBlocks.scales(a, PackedBlocks.block(a, from, 0), (to - from) * blocks, space);
    int inSteps = cols - cols % PackedDots.STEP;
    int count = cols - inSteps;
    for (int row = from; row < to; row++) {
      int block = (row - from) * blocks;
      long first = (long) row * cols;
      PackedDots.row(a, first, inSteps, space.scales, block, x, sums);
      if (count > 0) {
        float[] rest = space.rest;
        int lastBlock = block + blocks - 1;
        VectorPacked.tail(a, first + inSteps, count, space, lastBlock, rest, 0);
        for (int i = 0; i < count; i++) {
          sums[i % PARTIALS] = Math.fma(rest[i], x[inSteps + i], sums[i % PARTIALS]);
        }
      }
      y[yOffset + row * yStride] = SumOrder.rowTree(sums, 0);
    }
  }

  /** {@code y := A^T x}, any A. */
  static void multiplyTransposed(
      PackedMatrix a, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    int rows = a.rows();
    int cols = a.cols();
    int strip = Math.clamp(cols / PARTS, LEAST_STRIP_COLUMNS, STRIP_COLUMNS);
    strip = Math.max(1, strip / STRIP_UNIT) * STRIP_UNIT;
    int columns = strip;
    ScalarPacked.forEach(
        Math.ceilDiv(cols, columns),
        (long) rows * cols,
        task -> {
          int col = task * columns;
          int width = Math.min(columns, cols - col);
          float[] sums = SPACE.borrow((PARTIALS + 1) * width);
          int piece = PARTIALS * width;
          Arrays.fill(sums, 0, piece, 0);
          for (int p = 0; p < PARTIALS; p++) {
            for (int row = p; row < rows; row += PARTIALS) {
              VectorPacked.decode(a, row, col, width, sums, piece);
              ElementwiseFloat.axpy(
                  width, x[xOffset + row * xStride], sums, piece, sums, p * width);
            }
          }
          float[] ofColumn = new float[PARTIALS];
          for (int j = 0; j < width; j++) {
            for (int p = 0; p < PARTIALS; p++) {
              ofColumn[p] = sums[p * width + j];
            }
            y[yOffset + (col + j) * yStride] = SumOrder.rowTree(ofColumn, 0);
          }
          SPACE.giveBack(sums);
        });
  }
}
