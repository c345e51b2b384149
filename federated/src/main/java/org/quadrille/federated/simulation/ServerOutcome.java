package org.quadrille.federated.simulation;

import java.util.Map;

/**
 * What the server made of a round.
 *
 * @param state the new state; the old one if the round was refused
 * @param factor what accepted contributions were multiplied by on their way into the state: the
 *     clients scale their own changes by the same number; 0 if the round was refused
 * @param figures numbers for the record of the round, by name: finite
 */
public record ServerOutcome(StateArrays state, double factor, Map<String, Double> figures) {

  /** An accepted round without figures. */
  public static ServerOutcome of(StateArrays state, double factor) {
    return new ServerOutcome(state, factor, Map.of());
  }

  /** A refused round: nothing changes, at the server or at any client. */
  public static ServerOutcome refused(StateArrays state) {
    return new ServerOutcome(state, 0, Map.of());
  }

  /** Whether the clients' changes count. */
  public boolean isAccepted() {
    return factor != 0;
  }

  /** This outcome with figures. */
  public ServerOutcome withFigures(Map<String, Double> numbers) {
    return new ServerOutcome(state, factor, Map.copyOf(numbers));
  }
}
