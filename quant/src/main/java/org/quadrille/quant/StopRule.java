package org.quadrille.quant;

/** Why a decomposition ended. */
public enum StopRule {
  /** The error rose: the rule of LQ-LoRA, algorithm 2. */
  ERROR_ROSE,
  /** The error fell by less than the tolerance, relative to the one before. */
  SMALL_GAIN,
  /** The greatest number of iterations was reached. */
  ITERATION_LIMIT,
  /** One iteration is all there is: rank 0, or a matrix that is met exactly. */
  NOTHING_TO_ITERATE,
  /** The listener asked for it. */
  CANCELLED
}
