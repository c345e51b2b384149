package org.quadrille.zernike;

/**
 * A mode of the disk: {@code R_d^|m|(r) cos(m theta)} for m from 0 on, {@code R_d^|m|(r) sin(|m|
 * theta)} for m below 0.
 *
 * {@snippet :
 * ZernikeIndex coma = ModeOrder.NOLL.mode(8); // degree 3, order 1: horizontal coma
 * long osa = ModeOrder.OSA.indexOf(coma); // 8
 * }
 *
 * @param degree d, 0 to 10^9 (opticians call it n)
 * @param order m, with |m| at most d and d - |m| even
 */
public record ZernikeIndex(int degree, int order) {

  /** Checks that there is such a mode. */
  public ZernikeIndex {
    if (degree < 0
        || degree > ModeOrder.LARGEST_DEGREE
        || Math.abs((long) order) > degree
        || (degree - order) % 2 != 0) {
      throw new IllegalArgumentException(
          "degree "
              + degree
              + ", order "
              + order
              + ": expected 0 <= |order| <= degree <= 10^9, both even or both odd");
    }
  }

  static ZernikeIndex of(long degree, long order) {
    return new ZernikeIndex(Math.toIntExact(degree), Math.toIntExact(order));
  }

  /** N = |m|, the order of the radial polynomial. */
  public int angularOrder() {
    return Math.abs(order);
  }

  /** Number of zeros of the radial polynomial in (0, 1): {@code n = (d - |m|) / 2}. */
  public int radialIndex() {
    return (degree - angularOrder()) / 2;
  }

  /**
   * Factor that makes the mean square over the disk 1, from the mode that is 1 at the edge: {@code
   * ((d + 1) (1 or, for m other than 0, 2))^(1/2)}.
   */
  public double orthonormalFactor() {
    return Math.sqrt((degree + 1.0) * (order == 0 ? 1 : 2));
  }
}
