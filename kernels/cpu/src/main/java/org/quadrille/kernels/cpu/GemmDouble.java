// Generated from GemmFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.function.IntConsumer;

/**
 * Matrix product by packed panels and register tiles (Goto and van de Geijn, Anatomy of
 * high-performance matrix multiplication, ACM TOMS 34(3), 2008).
 *
 * <p>Loops from the outside: columns of C in blocks, then k in blocks of the fixed depth, then rows
 * of C in blocks, then tiles. A block of B is packed once and shared; each task packs the rows of A
 * that it needs. Threads share out rows and columns of C, never k, so the bits do not depend on
 * them, nor on the block sizes.
 */
final class GemmDouble {

  private static final int ROWS = TileDouble.ROWS;
  private static final int COLUMNS = TileDouble.COLUMNS;
  private static final int DEPTH = SumOrder.GEMM_DEPTH_DOUBLE;

  /** Bytes of a packed block of A: half of a second-level cache of 512 KB. */
  private static final int A_BLOCK_BYTES = 1 << 18;

  /** Bytes of a packed block of B: a share of the third-level cache. */
  private static final int B_BLOCK_BYTES = 1 << 22;

  private static final int ROW_BLOCK = A_BLOCK_BYTES / Double.BYTES / DEPTH / ROWS * ROWS;
  private static final int COLUMN_BLOCK = B_BLOCK_BYTES / Double.BYTES / DEPTH / COLUMNS * COLUMNS;

  /** Products with fewer multiply-adds than this run on one thread. */
  private static final long PARALLEL_FROM = 1L << 20;

  /** Tasks per thread, to even out threads that are held up. */
  private static final int TASKS_PER_THREAD = 3;

  /** First index used in a panel: 64 bytes from the start of the object, with its header. */
  private static final int START = 48 / Double.BYTES;

  private static final Workspace<double[]> A_PANELS = new Workspace<>(double[]::new, x -> x.length);
  private static final Workspace<double[]> B_PANELS = new Workspace<>(double[]::new, x -> x.length);

  private GemmDouble() {}

  static void multiply(
      int m, int n, int k, double alpha, MatrixDouble a, MatrixDouble b, double beta, MatrixDouble c) {
    if (paddedWork(n, m, k, c.rowStride()) < paddedWork(m, n, k, c.colStride())) {
      // Same products, same order of sums: C^T = B^T A^T has the bits of C = A B.
      multiplyBlocks(n, m, k, alpha, b.transposed(), a.transposed(), beta, c.transposed());
    } else {
      multiplyBlocks(m, n, k, alpha, a, b, beta, c);
    }
  }

  /** Cost of one orientation: tiles count whole, and C is slow to update across its rows. */
  private static long paddedWork(int m, int n, int k, int colStride) {
    long tiles = (long) Math.ceilDiv(m, ROWS) * Math.ceilDiv(n, COLUMNS);
    int updateSteps = colStride == 1 ? 4 : 24;
    return tiles * (k + (long) updateSteps * Math.ceilDiv(k, DEPTH));
  }

  private static void multiplyBlocks(
      int m, int n, int k, double alpha, MatrixDouble a, MatrixDouble b, double beta, MatrixDouble c) {
    boolean parallel = (double) m * n * k >= PARALLEL_FROM;
    int threads = parallel ? WorkerPool.shared().threads() : 1;
    int columnBlock = Math.min(COLUMN_BLOCK, roundUp(n, COLUMNS));
    double[] packed = B_PANELS.borrow(START + columnBlock * Math.min(DEPTH, k));
    try {
      for (int column = 0; column < n; column += columnBlock) {
        int columns = Math.min(columnBlock, n - column);
        double factor = beta;
        int start = 0;
        do {
          int depth = Math.min(DEPTH, k - start);
          packB(columns, depth, b, start, column, packed, threads);
          multiplyRows(m, columns, depth, alpha, a, start, packed, factor, c, column, threads);
          factor = 1;
          start += depth;
        } while (start < k);
      }
    } finally {
      B_PANELS.giveBack(packed);
    }
  }

  private static void packB(
      int columns, int depth, MatrixDouble b, int start, int column, double[] packed, int threads) {
    int panels = Math.ceilDiv(columns, COLUMNS);
    int tasks = threads == 1 ? 1 : Math.min(panels, TASKS_PER_THREAD * threads);
    forEach(
        threads,
        tasks,
        task -> {
          int first = share(panels, task, tasks) * COLUMNS;
          int last = Math.min(columns, share(panels, task + 1, tasks) * COLUMNS);
          PackDouble.pack(
              COLUMNS,
              last - first,
              depth,
              b.data(),
              b.at(start, column + first),
              b.colStride(),
              b.rowStride(),
              packed,
              START + first * depth);
        });
  }

  /** All rows of C times one packed block of B, in a grid of tasks. */
  private static void multiplyRows(
      int m,
      int columns,
      int depth,
      double alpha,
      MatrixDouble a,
      int start,
      double[] packedB,
      double beta,
      MatrixDouble c,
      int column,
      int threads) {
    int rowPanels = Math.ceilDiv(m, ROWS);
    int columnPanels = Math.ceilDiv(columns, COLUMNS);
    int wanted = threads == 1 ? 1 : TASKS_PER_THREAD * threads;
    int blocks = Math.max(Math.ceilDiv(m, ROW_BLOCK), Math.min(wanted, Math.max(1, rowPanels / 4)));
    // As many for each thread, so that none works alone at the end.
    int rowTasks = Math.min(rowPanels, roundUp(blocks, threads));
    int columnTasks = Math.min(columnPanels, Math.ceilDiv(wanted, rowTasks));
    forEach(
        threads,
        rowTasks * columnTasks,
        task -> {
          int rowTask = task / columnTasks;
          int columnTask = task % columnTasks;
          int row = share(rowPanels, rowTask, rowTasks) * ROWS;
          int rows = Math.min(m, share(rowPanels, rowTask + 1, rowTasks) * ROWS) - row;
          int firstPanel = share(columnPanels, columnTask, columnTasks);
          int lastPanel = share(columnPanels, columnTask + 1, columnTasks);
          double[] packedA = A_PANELS.borrow(START + roundUp(rows, ROWS) * depth);
          try {
            PackDouble.pack(
                ROWS,
                rows,
                depth,
                a.data(),
                a.at(row, start),
                a.rowStride(),
                a.colStride(),
                packedA,
                START);
            int left = firstPanel * COLUMNS;
            multiplyTiles(
                rows,
                Math.min(columns, lastPanel * COLUMNS) - left,
                depth,
                alpha,
                packedA,
                packedB,
                START + left * depth,
                beta,
                c.data(),
                c.at(row, column + left),
                c.rowStride(),
                c.colStride());
          } finally {
            A_PANELS.giveBack(packedA);
          }
        });
  }

  /** Tiles of a block of C: a panel of B stays in the first-level cache while A passes by. */
  private static void multiplyTiles(
      int rows,
      int columns,
      int depth,
      double alpha,
      double[] a,
      double[] b,
      int bOffset,
      double beta,
      double[] c,
      int cOffset,
      int rowStride,
      int colStride) {
    double[] tile = new double[ROWS * COLUMNS];
    for (int j = 0; j < columns; j += COLUMNS) {
      int tileColumns = Math.min(COLUMNS, columns - j);
      for (int i = 0; i < rows; i += ROWS) {
        TileDouble.multiply(depth, alpha, a, START + i * depth, b, bOffset + j * depth, tile);
        TileUpdateDouble.update(
            Math.min(ROWS, rows - i),
            tileColumns,
            tile,
            beta,
            c,
            cOffset + i * rowStride + j * colStride,
            rowStride,
            colStride);
      }
    }
  }

  /** Loops that stay on this thread need no pool, not even the default one. */
  private static void forEach(int threads, int tasks, IntConsumer task) {
    if (threads == 1) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
    } else {
      WorkerPool.shared().forEach(tasks, task);
    }
  }

  /** Where part number {@code part} of {@code parts} begins. */
  private static int share(int total, int part, int parts) {
    return (int) ((long) total * part / parts);
  }

  private static int roundUp(int value, int step) {
    return Math.ceilDiv(value, step) * step;
  }
}
