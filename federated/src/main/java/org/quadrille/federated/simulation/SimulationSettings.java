package org.quadrille.federated.simulation;

import org.quadrille.linalg.DType;

/**
 * How rounds are run, whatever the algorithm.
 *
 * @param seed of every random choice
 * @param perRound clients whose answers the server wants in a round, m
 * @param overSelection factor, 1 or more: {@code ceil(m * factor)} clients are asked, and the m
 *     fastest answers count
 * @param availability when clients answer
 * @param wire precision of messages; F32 rounds what is sent, both ways
 */
public record SimulationSettings(
    long seed, int perRound, double overSelection, Availability availability, DType wire) {

  /** Checks the ranges. */
  public SimulationSettings {
    if (perRound < 1) {
      throw new IllegalArgumentException(
          "perRound: " + perRound + " clients given, expected 1 or more");
    }
    if (!(overSelection >= 1) || overSelection > 1e6) {
      throw new IllegalArgumentException(
          "overSelection: " + overSelection + " given, expected a factor of 1 or more");
    }
  }

  /** Every client that is asked answers at once; messages in double precision. */
  public static SimulationSettings of(long seed, int perRound) {
    return new SimulationSettings(seed, perRound, 1, Availability.ALWAYS, DType.F64);
  }

  /** These settings with another availability. */
  public SimulationSettings withAvailability(Availability other) {
    return new SimulationSettings(seed, perRound, overSelection, other, wire);
  }

  /** These settings with more clients asked than needed. */
  public SimulationSettings withOverSelection(double factor) {
    return new SimulationSettings(seed, perRound, factor, availability, wire);
  }

  /** These settings with another precision of messages. */
  public SimulationSettings withWire(DType dtype) {
    return new SimulationSettings(seed, perRound, overSelection, availability, dtype);
  }

  /** How many clients are asked. */
  int asked(int clients) {
    return (int) Math.min(clients, Math.ceil(perRound * overSelection));
  }
}
