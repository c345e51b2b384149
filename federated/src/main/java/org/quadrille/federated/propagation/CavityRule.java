package org.quadrille.federated.propagation;

/** What a client removes from the global approximation before it adds its own data. */
public enum CavityRule {
  /** Its own site: FedEP. Clients keep state. */
  SITES("fedep"),
  /**
   * The share {@code n_k / N} of all that clients have contributed, {@code q - n_k / N (q - p_0)}:
   * FedSEP, stochastic expectation propagation. No state, but biased by O(1 / K).
   */
  FRACTION("fedsep"),
  /** Nothing: assumed density filtering, which counts data again at every visit. */
  NOTHING("fedadf");

  private final String algorithm;

  CavityRule(String algorithm) {
    this.algorithm = algorithm;
  }

  /** Short name of the algorithm with this rule. */
  public String algorithm() {
    return algorithm;
  }
}
