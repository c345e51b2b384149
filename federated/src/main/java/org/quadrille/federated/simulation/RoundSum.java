package org.quadrille.federated.simulation;

/**
 * What the server learns from the clients of a round: sums only.
 *
 * @param contribution sum of {@code weight * contribution} over accepted replies
 * @param weight sum of their weights
 * @param points sum of their examples
 * @param accepted how many there are, late ones of earlier rounds included
 */
public record RoundSum(double[] contribution, double weight, long points, int accepted) {

  /** No replies. */
  public static RoundSum zero(int length) {
    return new RoundSum(new double[length], 0, 0, 0);
  }

  /** The sum of two groups of replies; a new array. */
  public RoundSum plus(RoundSum other) {
    if (other.contribution.length != contribution.length) {
      throw new IllegalArgumentException(
          "sum of "
              + other.contribution.length
              + " numbers cannot be added to one of "
              + contribution.length);
    }
    double[] sum = contribution.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.contribution[i];
    }
    return new RoundSum(
        sum, weight + other.weight, points + other.points, accepted + other.accepted);
  }

  /**
   * The sum of replies in the order given.
   *
   * @param length of every contribution
   * @throws IllegalArgumentException if a contribution has another length; names the client
   */
  public static RoundSum of(int length, Iterable<ClientReply> replies) {
    double[] sum = new double[length];
    double weight = 0;
    long points = 0;
    int accepted = 0;
    for (ClientReply reply : replies) {
      if (reply.isAnswer()) {
        add(reply, sum);
        weight += reply.weight();
        points += reply.points();
        accepted++;
      }
    }
    return new RoundSum(sum, weight, points, accepted);
  }

  /** Adds one reply. */
  static void add(ClientReply reply, double[] sum) {
    double[] contribution = reply.contribution();
    if (contribution.length != sum.length) {
      throw new IllegalArgumentException(
          "client "
              + reply.client()
              + " sent "
              + contribution.length
              + " numbers, expected "
              + sum.length);
    }
    double weight = reply.weight();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * contribution[i];
    }
  }
}
