package org.quadrille.kernels.cpu;

import java.util.function.IntConsumer;

/**
 * Products with a {@link PackedMatrix} in plain Java: rows are dequantized into a small buffer that
 * the dense loops read. So the bits are those of the dense product, whose order {@link SumOrder}
 * fixes.
 */
final class ScalarPacked {
  /** Numbers of a panel of rows: 256 KB, which the second-level cache holds. */
  private static final int PANEL_FLOATS = 1 << 16;

  /** Rows of a panel, at least: the dense loops take four together. */
  private static final int LEAST_ROWS = 4;

  /** Numbers of a strip of columns: 4 MB. */
  private static final int STRIP_FLOATS = 1 << 20;

  /** Columns of a strip, at least: so many codes begin with a byte. */
  private static final int LEAST_COLUMNS = 32;

  /** Products with fewer elements run on one thread. */
  static final long PARALLEL_FROM = 1L << 17;

  private static final Workspace<float[]> PANELS = new Workspace<>(float[]::new, x -> x.length);

  private ScalarPacked() {}

  /** Weights {@code col <= j < col + count} of a row. */
  static void decode(PackedMatrix a, int row, int col, int count, float[] out, int at) {
    PackedSpace space = PackedSpace.ofThisThread();
    int skipped = PackedBlocks.inBlock(a, row, col);
    int blocks = Math.ceilDiv(skipped + count, a.blockSize());
    PackedBlocks.scales(a, PackedBlocks.block(a, row, col), blocks, space);
    space.ofCodes(count);
    byte[] codes = space.bytes;
    PackedCodes.unpack(a.bits(), a.codes(), (long) row * a.cols() + col, count, codes, 0);
    float[] levels = a.levels();
    for (int block = 0, i = 0; block < blocks; block++) {
      int end = (int) Math.min(count, (block + 1L) * a.blockSize() - skipped);
      float scale = space.scales[block];
      if (a.zeroCodes() == null) {
        for (; i < end; i++) {
          out[at + i] = levels[codes[i] & 0xff] * scale;
        }
      } else {
        float zero = space.zeros[block];
        for (; i < end; i++) {
          out[at + i] = (levels[codes[i] & 0xff] - zero) * scale;
        }
      }
    }
  }

  /** {@code y := A x}, panel by panel. */
  static void gemv(
      Kernels kernels,
      PackedMatrix a,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride) {
    int cols = a.cols();
    forEachPanel(
        kernels,
        a,
        (row, rows, panel) ->
            kernels.gemv(
                rows,
                cols,
                1,
                panel,
                0,
                cols,
                1,
                x,
                xOffset,
                xStride,
                0,
                y,
                yOffset + row * yStride,
                yStride));
  }

  /** {@code C := A B}, panel by panel. */
  static void gemm(
      Kernels kernels,
      int n,
      PackedMatrix a,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    int cols = a.cols();
    forEachPanel(
        kernels,
        a,
        (row, rows, panel) ->
            kernels.gemm(
                rows,
                n,
                cols,
                1,
                panel,
                0,
                cols,
                1,
                b,
                bOffset,
                bRowStride,
                bColStride,
                0,
                c,
                cOffset + row * cRowStride,
                cRowStride,
                cColStride));
  }

  /** {@code C := A^T B}, strip by strip: all rows of it, since a sum over rows must not be cut. */
  static void gemmTransposed(
      Kernels kernels,
      int n,
      PackedMatrix a,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    int rows = a.rows();
    int cols = a.cols();
    int strips = parts(cols, Math.max(LEAST_COLUMNS, STRIP_FLOATS / rows));
    forEach(
        strips,
        (long) rows * cols,
        task -> {
          int col = share(cols, task, strips);
          int width = share(cols, task + 1, strips) - col;
          float[] strip = PANELS.borrow(Math.multiplyExact(rows, width));
          for (int row = 0; row < rows; row++) {
            kernels.decodePacked(a, row, col, width, strip, row * width);
          }
          kernels.gemm(
              width,
              n,
              rows,
              1,
              strip,
              0,
              1,
              width,
              b,
              bOffset,
              bRowStride,
              bColStride,
              0,
              c,
              cOffset + col * cRowStride,
              cRowStride,
              cColStride);
          PANELS.giveBack(strip);
        });
  }

  /** Reads a panel of whole rows. */
  private interface Panel {
    void accept(int row, int rows, float[] panel);
  }

  private static void forEachPanel(Kernels kernels, PackedMatrix a, Panel action) {
    int rows = a.rows();
    int cols = a.cols();
    int panels = parts(rows, Math.max(LEAST_ROWS, PANEL_FLOATS / cols));
    forEach(
        panels,
        (long) rows * cols,
        task -> {
          int from = share(rows, task, panels);
          int to = share(rows, task + 1, panels);
          float[] panel = PANELS.borrow((to - from) * cols);
          for (int row = from; row < to; row++) {
            kernels.decodePacked(a, row, 0, cols, panel, (row - from) * cols);
          }
          action.accept(from, to - from, panel);
          PANELS.giveBack(panel);
        });
  }

  /** As many parts as have {@code size} or more each: a part of one row would be summed apart. */
  static int parts(int total, int size) {
    return Math.max(1, total / size);
  }

  /** Where part number {@code part} of {@code parts} begins. */
  static int share(int total, int part, int parts) {
    return (int) ((long) total * part / parts);
  }

  static void forEach(int tasks, long elements, IntConsumer task) {
    if (tasks == 1 || elements < PARALLEL_FROM) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
    } else {
      WorkerPool.shared().forEach(tasks, task);
    }
  }
}
