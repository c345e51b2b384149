package org.quadrille.federated.simulation;

/** What became of a client that was asked in a round. */
public enum ReplyStatus {
  /** It answered with finite numbers. */
  ANSWERED,
  /** It has no examples: nothing to say. */
  EMPTY,
  /** What the others know, its cavity, is no proper distribution; it was left out. */
  IMPROPER_CAVITY,
  /** Its own computation ran into infinities or NaN and it says so. */
  DIVERGED,
  /** Its numbers are NaN or infinite; the server refused them. */
  NOT_FINITE,
  /** It never answered, or failed on the way. */
  DROPPED,
  /** Enough others had answered before. */
  NOT_NEEDED
}
