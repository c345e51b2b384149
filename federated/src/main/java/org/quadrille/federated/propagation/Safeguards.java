package org.quadrille.federated.propagation;

/**
 * What happens when numbers are not what theory promises.
 *
 * @param improperCavity what a client does with a cavity that is no proper Gaussian
 * @param floor smallest precision of a cavity, at least 0: below it the cavity counts as improper;
 *     for FLOOR positive
 * @param largestChange changes whose joint norm {@code sqrt(|dLambda|^2 + |deta|^2)} reaches this
 *     are scaled down to it, before damping; positive, infinity for no bound
 */
public record Safeguards(Improper improperCavity, double floor, double largestChange) {

  /** What to do with an improper cavity. */
  public enum Improper {
    /** Leave the client out this round. */
    SKIP,
    /** Raise precisions below the floor to it, around the server's mean; diagonal shapes only. */
    FLOOR,
    /** Use the cavity of a client without state. */
    STATELESS_CAVITY
  }

  /** Skip improper cavities, no bound. */
  public static final Safeguards DEFAULT =
      new Safeguards(Improper.SKIP, 0, Double.POSITIVE_INFINITY);

  /** Checks the ranges. */
  public Safeguards {
    if (!(floor >= 0 && floor < Double.POSITIVE_INFINITY)
        || (improperCavity == Improper.FLOOR && floor == 0)) {
      throw new IllegalArgumentException(
          "floor: " + floor + " given, expected a number of 0 or more, positive for FLOOR");
    }
    if (!(largestChange > 0)) {
      throw new IllegalArgumentException(
          "largest change: " + largestChange + " given, expected a positive number");
    }
  }

  /** The same with another bound on changes. */
  public Safeguards withLargestChange(double norm) {
    return new Safeguards(improperCavity, floor, norm);
  }

  /** The same with another policy. */
  public Safeguards withImproperCavity(Improper policy, double newFloor) {
    return new Safeguards(policy, newFloor, largestChange);
  }
}
