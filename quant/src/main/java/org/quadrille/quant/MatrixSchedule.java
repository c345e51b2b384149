package org.quadrille.quant;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * The order in which the matrices of a model are worked on, so that memory stays bounded however
 * many there are: large ones one after another with all threads at each, then the others side by
 * side, one thread each, the largest first so that no thread is left with a large one at the end.
 *
 * <p>Only matrices in the making are in memory then: one large one, or one small one per thread.
 */
public final class MatrixSchedule {
  /** More weights than this (16 MiB in single precision) share the threads. */
  private static final long LARGE = 1L << 22;

  private MatrixSchedule() {}

  /**
   * Calls {@code task} once for each matrix; it must write only what belongs to its index.
   *
   * @param weights number of weights of each matrix
   * @param task given the index of a matrix
   */
  public static void forEach(long[] weights, IntConsumer task) {
    List<Integer> order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer i) -> weights[i]).reversed())
            .toList();
    int large = (int) order.stream().filter(i -> weights[i] > LARGE).count();
    order.subList(0, large).forEach(task::accept);
    WorkerPool.shared().forEach(order.size() - large, i -> task.accept(order.get(large + i)));
  }
}
