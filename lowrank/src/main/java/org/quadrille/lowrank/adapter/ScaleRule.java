package org.quadrille.lowrank.adapter;

/** How the factor s in front of an update {@code s B A} follows from alpha and the rank r. */
public enum ScaleRule {
  /** {@code s = alpha / r} (Hu et al. 2021, section 4.1). */
  ALPHA_OVER_RANK,
  /** {@code s = alpha / sqrt(r)}: rsLoRA (Kalajdzievski 2023), stable at high ranks. */
  ALPHA_OVER_ROOT_RANK,
  /** {@code s = alpha}. */
  FIXED;

  /**
   * The factor.
   *
   * @param alpha finite
   * @param rank 0 or more; rank 0 has factor alpha
   */
  public double scale(double alpha, int rank) {
    if (rank == 0) {
      return alpha;
    }
    return switch (this) {
      case ALPHA_OVER_RANK -> alpha / rank;
      case ALPHA_OVER_ROOT_RANK -> alpha / Math.sqrt(rank);
      case FIXED -> alpha;
    };
  }
}
