package org.quadrille.federated.simulation;

import java.util.Optional;
import java.util.function.IntFunction;
import org.quadrille.linalg.DType;

/**
 * The clients' share of a round, as an executor gets it.
 *
 * @param algorithm whose client step is to be run
 * @param source opens clients
 * @param spec the round
 * @param server what the server broadcasts
 * @param clients those that compute, ascending
 * @param onTime for each of them whether its reply goes into the sum of this round; the others
 *     arrive later and are handed back whole
 * @param memory what a client remembers; may be asked by several threads
 * @param wire precision of what clients send
 * @param <D> what a client holds
 */
public record RoundWork<D>(
    Algorithm<D> algorithm,
    ClientSource<D> source,
    RoundSpec spec,
    StateArrays server,
    int[] clients,
    boolean[] onTime,
    IntFunction<Optional<StateArrays>> memory,
    DType wire) {

  /**
   * Number of blocks that the clients of a round are cut into: fixed, because the order of all sums
   * depends on it.
   */
  public static final int BLOCKS = 64;

  /** First place in {@link #clients} of a block; block {@link #BLOCKS} begins at the end. */
  public int blockStart(int block) {
    return (int) ((long) clients.length * block / BLOCKS);
  }

  /**
   * Runs the clients of one block, in order, and adds up their replies.
   *
   * @param block from 0 to {@link #BLOCKS} - 1
   */
  public ReplyBlock run(int block) {
    ReplyBlock.Builder result = new ReplyBlock.Builder(algorithm);
    for (int i = blockStart(block); i < blockStart(block + 1); i++) {
      result.add(reply(clients[i]), onTime[i]);
    }
    return result.build();
  }

  private ClientReply reply(int client) {
    long points = source.points(client);
    if (points == 0) {
      return ClientReply.none(client, spec, 0, ReplyStatus.EMPTY);
    }
    ClientReply reply =
        algorithm.client(spec, server, memory.apply(client), client, source.open(client));
    ClientReply sent = wire == DType.F32 ? reply.inSinglePrecision() : reply;
    return sent.isFinite() ? sent : sent.refused(ReplyStatus.NOT_FINITE);
  }
}
