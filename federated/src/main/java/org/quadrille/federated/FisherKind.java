package org.quadrille.federated;

/** Over which labels the squared gradients of a Fisher information are averaged. */
public enum FisherKind {
  /** The expectation over the model's own prediction, without sampling noise. */
  EXACT,
  /** One label a point, drawn from the model's own prediction: unbiased for {@link #EXACT}. */
  SAMPLED,
  /** The labels observed: a different, biased object, cheap because it needs no second pass. */
  EMPIRICAL
}
