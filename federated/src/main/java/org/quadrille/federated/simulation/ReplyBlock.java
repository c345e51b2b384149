package org.quadrille.federated.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * The replies of one block of clients, added up in ascending order of the clients.
 *
 * @param sum of those that are on time
 * @param replies of all clients of the block; without their contributions where nobody needs them
 *     any more
 */
public record ReplyBlock(RoundSum sum, List<ClientReply> replies) {

  /** Collects replies in order. */
  static final class Builder {
    private final Algorithm<?> algorithm;
    private final RoundSum start;
    private final double[] sum;
    private final List<ClientReply> replies = new ArrayList<>();
    private double weight;
    private long points;
    private int accepted;

    Builder(Algorithm<?> algorithm) {
      this.algorithm = algorithm;
      this.start = RoundSum.zero(algorithm.contributionLength());
      this.sum = start.contribution();
    }

    void add(ClientReply reply, boolean onTime) {
      if (reply.isAnswer() && onTime) {
        RoundSum.add(reply, sum);
        weight += reply.weight();
        points += reply.points();
        accepted++;
      }
      boolean needed = !onTime || algorithm.isStateful();
      replies.add(needed ? reply : reply.withoutContribution());
    }

    ReplyBlock build() {
      return new ReplyBlock(new RoundSum(sum, weight, points, accepted), replies);
    }
  }
}
