package org.quadrille.kernels.cpu;

import java.util.function.IntConsumer;

/**
 * Matrix product by packed blocks and register tiles (Goto and van de Geijn, Anatomy of
 * high-performance matrix multiplication, ACM TOMS 34(3), 2008).
 *
 * <p>Of the two factors, the one with the shorter side along C is packed first, for all threads, a
 * block of fixed depth at a time; then the threads share out the other side, and each packs what it
 * multiplies next. Threads share out rows or columns of C, never k, so the bits do not depend on
 * them, nor on the sizes of the blocks.
 */
class GemmFloat {

  private static final int ROWS = TileFloat.ROWS;
  private static final int COLUMNS = TileFloat.COLUMNS;
  private static final int PITCH = TileFloat.PITCH;
  private static final int PACKED_START = GemmBlockFloat.PACKED_START;
  private static final int DEPTH = SumOrder.GEMM_DEPTH_FLOAT;

  /** Bytes of a block that is packed for all threads: a share of the third-level cache. */
  private static final int SHARED_BYTES = 1 << 22;

  private static final int COLUMN_BLOCK = SHARED_BYTES / Float.BYTES / DEPTH;
  private static final int ROW_BLOCK = SHARED_BYTES / Float.BYTES / PITCH;

  /** Rows of A that one thread packs at a time. */
  private static final int OWN_ROWS = 16 * ROWS;

  /** Products with fewer multiply-adds than this run on one thread. */
  private static final long PARALLEL_FROM = 1L << 20;

  /** Tasks per thread, to even out threads that are held up. */
  private static final int TASKS_PER_THREAD = 6;

  private static final Workspace<float[]> ROW_SPACE = new Workspace<>(float[]::new, x -> x.length);
  private static final Workspace<float[]> PANEL_SPACE =
      new Workspace<>(float[]::new, x -> x.length);

  private final int m;
  private final int n;
  private final int k;
  private final float alpha;
  private final MatrixFloat a;
  private final MatrixFloat b;
  private final float beta;
  private final MatrixFloat c;
  private final int threads;

  GemmFloat(
      int m,
      int n,
      int k,
      float alpha,
      MatrixFloat a,
      MatrixFloat b,
      float beta,
      MatrixFloat c,
      int threads) {
    this.m = m;
    this.n = n;
    this.k = k;
    this.alpha = alpha;
    this.a = a;
    this.b = b;
    this.beta = beta;
    this.c = c;
    this.threads = threads;
  }

  static void multiply(
      int m, int n, int k, float alpha, MatrixFloat a, MatrixFloat b, float beta, MatrixFloat c) {
    int threads = threads(m, n, k);
    if (cost(n, m, k, b.rowStride(), a.rowStride(), c.rowStride())
        < cost(m, n, k, a.colStride(), b.colStride(), c.colStride())) {
      // Same products, same order of sums: C^T = B^T A^T has the bits of C = A B.
      MatrixFloat left = b.transposed();
      new GemmFloat(n, m, k, alpha, left, a.transposed(), beta, c.transposed(), threads).run();
    } else {
      new GemmFloat(m, n, k, alpha, a, b, beta, c, threads).run();
    }
  }

  /** Threads that share a product. */
  static int threads(int m, int n, int k) {
    return (double) m * n * k >= PARALLEL_FROM ? WorkerPool.shared().threads() : 1;
  }

  /**
   * Estimated time of one orientation, in quarters of a cycle: tiles count whole, and operands are
   * slow to pack and C slow to update across the grain.
   */
  private static long cost(int m, int n, int k, int aColStride, int bColStride, int cColStride) {
    long tiles = (long) Math.ceilDiv(m, ROWS) * Math.ceilDiv(n, TileFloat.LANES);
    long updates = 2L * ROWS * (cColStride == 1 ? 1 : 16) * Math.ceilDiv(k, DEPTH);
    long packA = (long) m * k * (aColStride == 1 ? 1 : 4);
    long packB = (long) n * k * (bColStride == 1 ? 1 : 4);
    return tiles * (2L * ROWS * k + updates) + packA + packB;
  }

  final void run() {
    if (m >= n || PanelsFloat.canStayInPlace(k, n, b)) {
      shareRows();
    } else {
      shareColumns();
    }
  }

  /** Packs B for all threads; each task packs and multiplies some rows of A. */
  private void shareRows() {
    boolean inPlace = PanelsFloat.canStayInPlace(k, n, b);
    int columnBlock = evenBlock(n, COLUMN_BLOCK, COLUMNS);
    float[] space =
        inPlace ? null : PANEL_SPACE.borrow(PACKED_START + columnBlock * Math.min(DEPTH, k));
    int tasks = tasks(Math.ceilDiv(m, ROWS));
    for (int column = 0; column < n; column += columnBlock) {
      int columns = Math.min(columnBlock, n - column);
      int start = 0;
      do {
        int depth = Math.min(DEPTH, k - start);
        PanelsFloat panels;
        if (inPlace) {
          panels = PanelsFloat.inPlace(b, start, column);
        } else {
          packPanelsTogether(columns, depth, start, column, space);
          panels = PanelsFloat.packed(space, PACKED_START, depth);
        }
        rowTasks(tasks, columns, depth, start, column, panels);
        start += depth;
      } while (start < k);
    }
    if (space != null) {
      PANEL_SPACE.giveBack(space);
    }
  }

  private void packPanelsTogether(int columns, int depth, int start, int column, float[] space) {
    int panels = Math.ceilDiv(columns, COLUMNS);
    int tasks = tasks(panels);
    forEach(
        tasks,
        task -> {
          int first = share(panels, task, tasks) * COLUMNS;
          int last = Math.min(columns, share(panels, task + 1, tasks) * COLUMNS);
          packPanels(
              last - first, depth, start, column + first, space, PACKED_START + first * depth);
        });
  }

  private void rowTasks(
      int tasks, int columns, int depth, int start, int column, PanelsFloat panels) {
    float factor = start == 0 ? beta : 1;
    int strips = Math.ceilDiv(m, ROWS);
    forEach(
        tasks,
        task -> {
          int first = share(strips, task, tasks) * ROWS;
          int last = Math.min(m, share(strips, task + 1, tasks) * ROWS);
          float[] space = ROW_SPACE.borrow(rowSpace(Math.min(OWN_ROWS, last - first)));
          for (int row = first; row < last; row += OWN_ROWS) {
            int rows = Math.min(OWN_ROWS, last - row);
            packRows(rows, depth, row, start, space, PACKED_START);
            MatrixFloat block = c.from(row, column);
            new GemmBlockFloat(rows, depth, alpha, space, panels, factor, block, space)
                .multiply(columns);
          }
          ROW_SPACE.giveBack(space);
        });
  }

  /** Packs A for all threads; each task packs and multiplies some columns of B. */
  private void shareColumns() {
    int rowBlock = evenBlock(m, ROW_BLOCK, ROWS);
    float[] space = ROW_SPACE.borrow(rowSpace(rowBlock));
    for (int row = 0; row < m; row += rowBlock) {
      int rows = Math.min(rowBlock, m - row);
      int start = 0;
      do {
        int depth = Math.min(DEPTH, k - start);
        packRowsTogether(rows, depth, row, start, space);
        columnTasks(rows, depth, row, start, space);
        start += depth;
      } while (start < k);
    }
    ROW_SPACE.giveBack(space);
  }

  private void packRowsTogether(int rows, int depth, int row, int start, float[] space) {
    int strips = Math.ceilDiv(rows, ROWS);
    int tasks = tasks(strips);
    forEach(
        tasks,
        task -> {
          int first = share(strips, task, tasks) * ROWS;
          int last = Math.min(rows, share(strips, task + 1, tasks) * ROWS);
          packRows(last - first, depth, row + first, start, space, PACKED_START + first * PITCH);
        });
  }

  private void columnTasks(int rows, int depth, int row, int start, float[] packedRows) {
    float factor = start == 0 ? beta : 1;
    int panels = Math.ceilDiv(n, COLUMNS);
    int tasks = tasks(panels);
    int step = GemmBlockFloat.columnsInCache(depth);
    forEach(
        tasks,
        task -> {
          int first = share(panels, task, tasks) * COLUMNS;
          int last = Math.min(n, share(panels, task + 1, tasks) * COLUMNS);
          float[] space = PANEL_SPACE.borrow(PACKED_START + step * depth);
          PanelsFloat own = PanelsFloat.packed(space, PACKED_START, depth);
          for (int column = first; column < last; column += step) {
            int columns = Math.min(step, last - column);
            packPanels(columns, depth, start, column, space, PACKED_START);
            MatrixFloat block = c.from(row, column);
            new GemmBlockFloat(rows, depth, alpha, packedRows, own, factor, block, space)
                .multiply(columns);
          }
          PANEL_SPACE.giveBack(space);
        });
  }

  /** Rows of A from {@code row} on, {@code depth} columns from {@code start} on. */
  void packRows(int rows, int depth, int row, int start, float[] space, int offset) {
    PackFloat.rows(
        rows, depth, a.data(), a.at(row, start), a.rowStride(), a.colStride(), space, offset);
  }

  /** Columns of B from {@code column} on, {@code depth} rows from {@code start} on. */
  void packPanels(int columns, int depth, int start, int column, float[] space, int offset) {
    PackFloat.panels(
        columns, depth, b.data(), b.at(start, column), b.rowStride(), b.colStride(), space, offset);
  }

  /** Elements of a workspace for packed rows, those included that only a tile reads. */
  private static int rowSpace(int rows) {
    return PACKED_START + (rows + TileFloat.ROWS + TileFloat.NARROW_ROWS) * PITCH;
  }

  /** Parts for a loop over {@code units}: as many for each thread, so that none ends alone. */
  private int tasks(int units) {
    return threads == 1 ? 1 : Math.min(units, TASKS_PER_THREAD * threads);
  }

  /** Loops that stay on this thread need no pool, not even the default one. */
  private static void forEach(int tasks, IntConsumer task) {
    if (tasks == 1) {
      task.accept(0);
    } else {
      WorkerPool.shared().forEach(tasks, task);
    }
  }

  /** The smallest multiple of {@code unit} that cuts {@code total} in as few blocks. */
  private static int evenBlock(int total, int largest, int unit) {
    return Math.ceilDiv(Math.ceilDiv(total, Math.ceilDiv(total, largest)), unit) * unit;
  }

  /** Where part number {@code part} of {@code parts} begins. */
  private static int share(int total, int part, int parts) {
    return (int) ((long) total * part / parts);
  }
}
