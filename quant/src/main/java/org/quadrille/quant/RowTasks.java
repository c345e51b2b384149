package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;

/** The rows of a matrix in pieces for a parallel loop; pieces depend on the shape only. */
record RowTasks(int rows, int rowsPerTask) {
  private static final int WEIGHTS_PER_TASK = 1 << 15;

  static RowTasks of(int rows, int cols) {
    return new RowTasks(rows, Math.max(1, WEIGHTS_PER_TASK / cols));
  }

  int count() {
    return Math.ceilDiv(rows, rowsPerTask);
  }

  /** Calls {@code action} for all pieces, in parallel. */
  void forEach(RowAction action) {
    WorkerPool.shared()
        .forEach(
            count(),
            task ->
                action.accept(task * rowsPerTask, (int) Math.min(rows, (task + 1L) * rowsPerTask)));
  }

  /** Rows {@code from <= row < to}. */
  interface RowAction {
    void accept(int from, int to);
  }
}
