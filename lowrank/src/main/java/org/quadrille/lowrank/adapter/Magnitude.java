package org.quadrille.lowrank.adapter;

/** Whether the norms of the rows are parameters of their own: DoRA (Liu et al. 2024). */
public enum Magnitude {
  /** No: {@code W + s B A}. */
  NONE,
  /**
   * {@code diag(m / c) (W + s B A)} with the row norms c of {@code W + s B A} taken as constants in
   * the backward pass (section 4.3), which saves memory and hardly changes results.
   */
  DETACHED,
  /** The same, with c differentiated. */
  FULL
}
