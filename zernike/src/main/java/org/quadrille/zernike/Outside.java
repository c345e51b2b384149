package org.quadrille.zernike;

/** What evaluation does with points outside the unit disk or the unit interval of radii. */
public enum Outside {
  /** The result is NaN. */
  NAN,
  /** An IllegalArgumentException names the first such point. */
  THROW,
  /** The polynomials are continued. They grow like {@code |2 r|^degree}. */
  EXTRAPOLATE;

  /** Radii up to here count as inside: 1 + 4 u, so that points on the edge may be rounded. */
  static final double LARGEST_RADIUS = 1 + 0x1p-51;
}
