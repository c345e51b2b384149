package org.quadrille.lowrank.adapter;

/** How gradients of factors are turned before an optimizer sees them. */
public enum Preconditioner {
  /**
   * {@code g_A := (B^T B + d I)^-1 g_A}, {@code g_B := g_B (A A^T + d I)^-1}: steps that do not
   * depend on how the update is split into factors (Zhang and Pilanci 2024, section 3; d = 1e-2
   * there is common).
   */
  RIEMANNIAN,
  /**
   * {@code g_B := g_B (A A^T + d I)^-1 / s^2} with A fixed: the step of B whose change of the
   * weight is nearest to the dense gradient (LoRA-FA, Zhang et al. 2023).
   */
  FIXED_RIGHT
}
