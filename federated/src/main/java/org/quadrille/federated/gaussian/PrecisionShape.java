package org.quadrille.federated.gaussian;

/**
 * How the precision of a Gaussian over d parameters is stored, from the smallest to the largest.
 */
public enum PrecisionShape {
  /** One number lambda: the precision lambda I. */
  SCALED_IDENTITY,
  /** d numbers: the diagonal. */
  DIAGONAL,
  /**
   * d (d + 1) / 2 numbers: the lower triangle of a symmetric matrix row after row, entry (i, j)
   * with j at most i at i (i + 1) / 2 + j.
   */
  FULL;

  /**
   * Numbers that a precision of this shape takes.
   *
   * @param dimension d, at least 1
   * @throws IllegalArgumentException if d is not positive, or the numbers do not fit into an array
   */
  public int length(int dimension) {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "dimension: " + dimension + " given, expected at least 1 parameter");
    }
    long length =
        switch (this) {
          case SCALED_IDENTITY -> 1;
          case DIAGONAL -> dimension;
          case FULL -> (long) dimension * (dimension + 1) / 2;
        };
    if (length + dimension > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a "
              + this
              + " precision of dimension "
              + dimension
              + " takes "
              + length
              + " numbers, more than an array holds; use DIAGONAL or SCALED_IDENTITY");
    }
    return (int) length;
  }

  /** The larger of two shapes, which can hold both exactly. */
  public PrecisionShape orLarger(PrecisionShape other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
