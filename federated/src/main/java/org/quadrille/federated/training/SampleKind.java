package org.quadrille.federated.training;

/** Which point of an epoch stands for a draw of the posterior. */
public enum SampleKind {
  /** The iterate at its end. */
  LAST,
  /** The mean of its iterates (Mandt, Hoffman and Blei 2017). */
  AVERAGE
}
