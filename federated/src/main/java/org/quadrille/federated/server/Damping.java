package org.quadrille.federated.server;

/**
 * The factor delta of every site change of a round, in (0, 1].
 *
 * <p>A change of natural parameters times delta is a site change to the power delta.
 */
public sealed interface Damping {

  /** {@code 1 / m} for m clients in the round, which makes the sum of changes an average. */
  Damping AVERAGE = new Average();

  /** No damping. */
  Damping NONE = new Constant(1);

  /** Linear from 1/2 to {@code 1 / m} over the first m rounds, then {@code 1 / m}. */
  Damping DECAYING = new Decaying();

  /**
   * The factor of a round.
   *
   * @param round from 0
   * @param clients clients m of the round, at least 1
   */
  double factor(long round, int clients);

  /**
   * The same factor in every round.
   *
   * @param delta in (0, 1]
   * @throws IllegalArgumentException if it is not
   */
  static Damping constant(double delta) {
    return new Constant(delta);
  }

  /** {@code 1 / m}. */
  record Average() implements Damping {
    @Override
    public double factor(long round, int clients) {
      return 1.0 / requireClients(clients);
    }
  }

  /**
   * A constant.
   *
   * @param delta in (0, 1]
   */
  record Constant(double delta) implements Damping {
    /** Checks the range. */
    public Constant {
      if (!(delta > 0 && delta <= 1)) {
        throw new IllegalArgumentException(
            "damping: " + delta + " given, expected a number above 0 and at most 1");
      }
    }

    @Override
    public double factor(long round, int clients) {
      requireClients(clients);
      return delta;
    }
  }

  /** From 1/2 down to {@code 1 / m}; a single client is not damped. */
  record Decaying() implements Damping {
    @Override
    public double factor(long round, int clients) {
      double last = 1.0 / requireClients(clients);
      double part = Math.min(1, (double) round / clients);
      return clients == 1 ? 1 : 0.5 + (last - 0.5) * part;
    }
  }

  private static int requireClients(int clients) {
    if (clients < 1) {
      throw new IllegalArgumentException(
          "clients of a round: " + clients + " given, expected at least 1");
    }
    return clients;
  }
}
