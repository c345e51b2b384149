package org.quadrille.lowrank.adapter;

/** What an update is made of. */
public enum AdapterForm {
  /** {@code s B A}. */
  FACTORS,
  /**
   * {@code s B diag(e) A} with learned values e, which start at 0: AdaLoRA (Zhang et al. 2023,
   * equation 3), where a value of 0 takes a rank away.
   */
  TRIPLETS,
  /**
   * {@code s diag(b) B diag(d) A} with fixed random B and A that all layers share, and learned
   * vectors b, which start at 0, and d, which start at 0.1: VeRA (Kopiczko et al. 2024, equation
   * 2).
   */
  VECTORS
}
