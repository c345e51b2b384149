package org.quadrille.kernels.cpu;

import java.util.function.IntConsumer;

/** Shares out many equal products among the threads, in runs that are worth a task. */
final class ProductBatch {

  /** Multiply-adds of a task: large against the cost of taking one. */
  private static final double TASK_WORK = 1 << 18;

  /** Runs per thread, to even out threads that are held up. */
  private static final int TASKS_PER_THREAD = 6;

  private ProductBatch() {}

  /**
   * Runs {@code product} for every index below {@code count}.
   *
   * @param work multiply-adds of one product
   */
  static void forEach(int count, double work, IntConsumer product) {
    if (count * work < 2 * TASK_WORK) {
      run(0, count, product);
      return;
    }
    WorkerPool pool = WorkerPool.shared();
    if (count < 2 * pool.threads()) {
      // Few and large: each is shared out by itself.
      run(0, count, product);
      return;
    }
    double worthwhile = Math.max(1, count * work / TASK_WORK);
    int tasks = (int) Math.min(Math.min(count, TASKS_PER_THREAD * pool.threads()), worthwhile);
    pool.forEach(
        tasks,
        task ->
            run(
                (int) ((long) count * task / tasks),
                (int) ((long) count * (task + 1) / tasks),
                product));
  }

  private static void run(int first, int end, IntConsumer product) {
    for (int i = first; i < end; i++) {
      product.accept(i);
    }
  }
}
