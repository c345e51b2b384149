package org.quadrille.federated.simulation;

import java.util.Map;

/** What is measured after some rounds. */
@FunctionalInterface
public interface Evaluation {

  /**
   * Numbers by name; finite.
   *
   * @param server the state of the server, not modified
   */
  Map<String, Double> of(StateArrays server);
}
