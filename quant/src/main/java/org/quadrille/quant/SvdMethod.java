package org.quadrille.quant;

/** How the low-rank part is found. */
public enum SvdMethod {
  /** {@link #RANDOMIZED} where the rank is below a quarter of the smaller side, else exact. */
  AUTO,
  /** A full decomposition in double, of which the leading part is kept. */
  EXACT,
  /** Random projection with oversampling and power iterations, in a time linear in the rank. */
  RANDOMIZED;

  /** What AUTO means for a matrix; the others mean themselves. */
  SvdMethod resolve(int rank, int smallerSide) {
    if (this != AUTO) {
      return this;
    }
    return rank < smallerSide / 4 ? RANDOMIZED : EXACT;
  }
}
