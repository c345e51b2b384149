package org.quadrille.federated.simulation;

import java.util.List;

/**
 * Where the clients of a round compute: on this machine, or on a cluster.
 *
 * <p>An executor runs {@link RoundWork#run} once or, after a failure, several times for each block
 * and hands the results back in the order of the blocks; the step is pure, so repeating it is safe.
 * It must not add blocks in another order.
 *
 * @param <D> what a client holds
 */
public interface RoundExecutor<D> extends AutoCloseable {

  /** The {@link RoundWork#BLOCKS} results, in order. */
  List<ReplyBlock> execute(RoundWork<D> work);

  /** Frees what it holds. */
  @Override
  default void close() {}
}
