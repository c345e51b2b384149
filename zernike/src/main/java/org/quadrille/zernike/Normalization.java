package org.quadrille.zernike;

/** The customary sizes of Zernike modes. */
public enum Normalization {
  /** 1 at the edge: {@code R(1) = 1}. The custom of Born and Wolf and of the Fringe order. */
  PLAIN,
  /** Mean square 1 over the disk: the custom of Noll and of OSA/ANSI Z80.28. */
  ORTHONORMAL,
  /** Square integral 1 over the disk, whose area is pi. */
  UNIT_L2;

  /**
   * The number that a plain mode is multiplied by: 1, {@code ((d + 1)(1 or, for m other than 0,
   * 2))^(1/2)}, or the latter over {@code pi^(1/2)}.
   *
   * @param degree d
   * @param azimuthal order m, of either sign
   * @throws IllegalArgumentException if there is no such mode
   */
  public double factor(int degree, int azimuthal) {
    return factor(new ZernikeIndex(degree, azimuthal));
  }

  /** The number that a plain mode is multiplied by. */
  public double factor(ZernikeIndex mode) {
    return switch (this) {
      case PLAIN -> 1;
      case ORTHONORMAL -> mode.orthonormalFactor();
      case UNIT_L2 -> Math.sqrt((mode.degree() + 1.0) * (mode.order() == 0 ? 1 : 2) / Math.PI);
    };
  }
}
