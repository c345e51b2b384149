package org.quadrille.federated.simulation;

import java.util.Arrays;
import java.util.List;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Runs the clients of a round on the current {@link WorkerPool}: several clients side by side, each
 * on one thread.
 *
 * @param <D> what a client holds
 */
public final class LocalExecutor<D> implements RoundExecutor<D> {

  /** An executor; holds nothing. */
  public LocalExecutor() {}

  @Override
  public List<ReplyBlock> execute(RoundWork<D> work) {
    ReplyBlock[] blocks = new ReplyBlock[RoundWork.BLOCKS];
    WorkerPool.shared().forEach(blocks.length, block -> blocks[block] = work.run(block));
    return Arrays.asList(blocks);
  }
}
