package org.quadrille.federated.simulation;

/**
 * What every client and the server know about a round.
 *
 * @param round from 0
 * @param seed of the run
 * @param clients how many there are in all, K
 * @param selected how many were asked this round, m; steps of size 1/m use this number, so that a
 *     client that does not answer cannot enlarge the step of the others
 * @param points examples of all clients together, N
 */
public record RoundSpec(long round, long seed, int clients, int selected, long points) {

  /** Checks the numbers. */
  public RoundSpec {
    if (round < 0 || clients < 1 || selected < 1 || selected > clients || points < 0) {
      throw new IllegalArgumentException(
          "round "
              + round
              + " with "
              + selected
              + " of "
              + clients
              + " clients and "
              + points
              + " examples; expected round >= 0, 1 <= selected <= clients, examples >= 0");
    }
  }

  /** Where a client's random choices of this round lie. */
  public RandomKey clientKey(int client) {
    return RandomKey.of(seed).child(Purpose.CLIENT_WORK.code(), round, client);
  }
}
