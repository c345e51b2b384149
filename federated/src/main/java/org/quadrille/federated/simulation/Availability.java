package org.quadrille.federated.simulation;

/**
 * When clients answer. The time of an answer is exponential; its unit is the time that the server
 * waits in a round, so an answer after 2.3 arrives two rounds late.
 *
 * @param dropOut probability that a client does not even begin
 * @param failure probability that it begins and breaks off half way
 * @param meanTime mean time of an answer, 0: at once
 * @param longestDelay rounds after which the server no longer takes an answer; 0: none is late, it
 *     is lost
 * @param duplicates probability that a message arrives a second time, one round later
 */
public record Availability(
    double dropOut, double failure, double meanTime, int longestDelay, double duplicates) {

  /** Every client answers at once. */
  public static final Availability ALWAYS = new Availability(0, 0, 0, 0, 0);

  /**
   * What a client does in a round.
   *
   * @param begins whether it receives the broadcast and begins
   * @param answers whether its answer arrives at all, in this round or a later one
   * @param time of the answer in rounds
   * @param twice whether the message arrives again
   */
  public record Answer(boolean begins, boolean answers, double time, boolean twice) {
    /** Rounds that the answer comes late. */
    public int delay() {
      return (int) time;
    }
  }

  /** Checks the ranges. */
  public Availability {
    requireProbability("dropOut", dropOut);
    requireProbability("failure", failure);
    requireProbability("duplicates", duplicates);
    if (!(meanTime >= 0) || meanTime == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "meanTime: " + meanTime + " given, expected a number of rounds, 0 or more");
    }
    if (longestDelay < 0) {
      throw new IllegalArgumentException(
          "longestDelay: " + longestDelay + " given, expected 0 or more rounds");
    }
  }

  /** Some clients do not answer; nothing is late. */
  public static Availability dropping(double dropOut) {
    return new Availability(dropOut, 0, 0, 0, 0);
  }

  /** What a client does, a function of seed, round and client alone. */
  public Answer of(RoundSpec round, int client) {
    RandomStream stream =
        RandomKey.of(round.seed())
            .child(Purpose.AVAILABILITY.code(), round.round(), client)
            .stream();
    // All numbers are drawn whatever they decide, so that one setting does not shift another.
    boolean begins = stream.uniform() >= dropOut;
    boolean finishes = stream.uniform() >= failure;
    double time = Math.min(1e9, -meanTime * StrictMath.log(stream.uniform()));
    boolean twice = stream.uniform() < duplicates;
    boolean answers = begins && finishes && (int) time <= longestDelay;
    return new Answer(begins, answers, time, twice);
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          name + ": " + value + " given, expected a probability from 0 to 1");
    }
  }
}
