package org.quadrille.zernike;

/**
 * The names that opticians give to the modes up to degree 8.
 *
 * <p>Modes of one angular order N share a name: spherical aberration (N = 0), coma (1), astigmatism
 * (2), trefoil (3) and so on; "secondary", "tertiary" count them by degree. A mode is called
 * vertical where it is extremal on the vertical axis: the cosine modes of even N, the sine modes of
 * odd N. The others are called oblique, for N = 1 horizontal.
 */
public final class ModeNames {
  /** Highest degree with a name. */
  public static final int LARGEST_DEGREE = 8;

  private static final String[] FAMILIES = {
    "spherical",
    "coma",
    "astigmatism",
    "trefoil",
    "quadrafoil",
    "pentafoil",
    "hexafoil",
    "heptafoil",
    "octafoil"
  };

  private static final String[] RANKS = {"", "secondary ", "tertiary ", "quaternary "};

  private ModeNames() {}

  /** Name of a mode, in lower case; {@code "mode (d, m)"} beyond degree 8. */
  public static String of(ZernikeIndex mode) {
    int degree = mode.degree();
    int order = mode.angularOrder();
    if (degree > LARGEST_DEGREE) {
      return "mode (" + degree + ", " + mode.order() + ")";
    }
    if (order == 0) {
      return switch (degree) {
        case 0 -> "piston";
        case 2 -> "defocus";
        case 4 -> "primary spherical";
        default -> RANKS[degree / 2 - 2] + FAMILIES[0];
      };
    }
    if (degree == 1) {
      return direction(mode) + "tilt";
    }
    int first = Math.max(order, order == 1 ? 3 : 2);
    return direction(mode) + RANKS[(degree - first) / 2] + FAMILIES[order];
  }

  private static String direction(ZernikeIndex mode) {
    boolean even = mode.angularOrder() % 2 == 0;
    if (even == mode.order() > 0) {
      return "vertical ";
    }
    return mode.angularOrder() == 1 ? "horizontal " : "oblique ";
  }
}
