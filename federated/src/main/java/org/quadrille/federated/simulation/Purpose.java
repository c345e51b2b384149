package org.quadrille.federated.simulation;

/** What a random choice is for: the first key of its place, so that no two uses share numbers. */
public enum Purpose {
  /** Which clients take part in a round; further key: round. */
  CLIENT_SELECTION(1),
  /** Order of a client's examples, sampled labels, draws; further keys: round, client. */
  CLIENT_WORK(2),
  /** Whether and when a client answers; further keys: round, client. */
  AVAILABILITY(3),
  /** How examples are dealt to clients. */
  PARTITION(4),
  /** Draws of the posterior for predictions. */
  POSTERIOR_DRAWS(5),
  /** First parameters of a model. */
  START(6),
  /** Masks of secure sums; further keys: round, the two clients. */
  MASK(7);

  private final long code;

  Purpose(long code) {
    this.code = code;
  }

  /** The key itself; part of the definition of every simulated run, hence never changed. */
  public long code() {
    return code;
  }
}
