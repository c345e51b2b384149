package org.quadrille.federated.propagation;

/** Whether the global approximation is the prior times all sites. */
public enum Consistency {
  /** It is, to rounding: clients and server use the same factor for the same change. */
  EXACT,
  /**
   * It drifts away, because the server's optimizer remembers other rounds than the clients' sites
   * do; measure the drift and resynchronize.
   */
  DRIFTING,
  /** There are no sites. */
  STATELESS
}
