package org.quadrille.zernike;

import java.util.Objects;

/**
 * What the numbers of a list of Zernike coefficients mean: which mode each belongs to, and how
 * large the modes are.
 *
 * {@snippet :
 * ZernikeBasis noll = new ZernikeBasis(ModeOrder.NOLL, Normalization.ORTHONORMAL);
 * double[] expansion = noll.toPlainOsa(coefficients); // as DiskEvaluator takes them
 * double[] again = noll.fromPlainOsa(expansion);
 * }
 *
 * <p>Term i of a list belongs to the mode of index {@code order.first() + i}. <b>Thread safety</b>:
 * immutable.
 *
 * @param order how modes are numbered
 * @param normalization how large they are
 */
public record ZernikeBasis(ModeOrder order, Normalization normalization) {
  /** OSA order, plain modes: what all kernels compute with. */
  public static final ZernikeBasis PLAIN_OSA = new ZernikeBasis(ModeOrder.OSA, Normalization.PLAIN);

  /** OSA order, orthonormal modes, as in ANSI Z80.28 and ISO 24157. */
  public static final ZernikeBasis OSA = new ZernikeBasis(ModeOrder.OSA, Normalization.ORTHONORMAL);

  /** Noll's order, orthonormal modes. */
  public static final ZernikeBasis NOLL =
      new ZernikeBasis(ModeOrder.NOLL, Normalization.ORTHONORMAL);

  /** Fringe order, plain modes. */
  public static final ZernikeBasis FRINGE = new ZernikeBasis(ModeOrder.FRINGE, Normalization.PLAIN);

  /** Checks that both are given. */
  public ZernikeBasis {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(normalization, "normalization");
  }

  /** The mode of term i of a list, i from 0. */
  public ZernikeIndex mode(int i) {
    return order.mode((long) order.first() + i);
  }

  /**
   * The expansion that a list of coefficients stands for.
   *
   * @param coefficients at least one, not modified; need not end with a degree
   * @return coefficients of the plain modes in OSA order up to the highest degree in the list;
   *     those that the list lacks are 0
   */
  public double[] toPlainOsa(double[] coefficients) {
    if (coefficients.length == 0) {
      throw new IllegalArgumentException("coefficients: given none, expected at least one");
    }
    int degree = 0;
    for (int i = 0; i < coefficients.length; i++) {
      degree = Math.max(degree, mode(i).degree());
    }
    double[] plain = new double[DiskModes.count(degree)];
    for (int i = 0; i < coefficients.length; i++) {
      ZernikeIndex mode = mode(i);
      // c (factor Z) = (c factor) Z
      plain[(int) ModeOrder.OSA.indexOf(mode)] = coefficients[i] * normalization.factor(mode);
    }
    return plain;
  }

  /**
   * The list of coefficients of an expansion: as long as is needed to hold all its modes.
   *
   * @param plainOsa coefficients of plain modes in OSA order, (L + 1)(L + 2) / 2 of them, not
   *     modified
   * @throws IllegalArgumentException if the length is no such number, or if the order has no index
   *     for a mode whose coefficient is not 0
   */
  public double[] fromPlainOsa(double[] plainOsa) {
    return fromPlainOsa(plainOsa, length(DiskModes.degree(plainOsa.length)));
  }

  /**
   * The first coefficients of an expansion.
   *
   * @param plainOsa coefficients of plain modes in OSA order, (L + 1)(L + 2) / 2 of them, not
   *     modified
   * @param count how many are wanted
   * @throws IllegalArgumentException if a mode whose coefficient is not 0 would be left out
   */
  public double[] fromPlainOsa(double[] plainOsa, int count) {
    DiskModes.degree(plainOsa.length);
    if (count < 0) {
      throw new IllegalArgumentException("count " + count + ": expected 0 or more");
    }
    double[] coefficients = new double[count];
    for (int j = 0; j < plainOsa.length; j++) {
      if (plainOsa[j] != 0) {
        ZernikeIndex mode = ModeOrder.OSA.mode(j);
        long i = order.indexOf(mode) - order.first();
        if (i >= count) {
          throw new IllegalArgumentException(
              mode
                  + " has index "
                  + order.indexOf(mode)
                  + " in order "
                  + order
                  + ", which a list of "
                  + count
                  + " terms does not reach; truncate the expansion, or ask for more terms");
        }
        coefficients[(int) i] = plainOsa[j] / normalization.factor(mode);
      }
    }
    return coefficients;
  }

  /** Terms of a list that holds every mode up to a degree. */
  private int length(int degree) {
    return switch (order) {
      case OSA, NOLL -> DiskModes.count(degree);
      // index (1 + (d + N) / 2)^2 - 2 N + [m < 0]: largest for N = d, m < 0
      case FRINGE ->
          Math.toIntExact((1L + degree) * (1L + degree) - 2L * degree + (degree > 0 ? 1 : 0));
      case FRINGE_37 -> 37;
    };
  }
}
