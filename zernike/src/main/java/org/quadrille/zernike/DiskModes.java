package org.quadrille.zernike;

/**
 * How an expansion on the disk lies in an array: all modes up to a degree L, in OSA order, {@code j
 * = (d (d + 2) + m) / 2}, (L + 1)(L + 2) / 2 of them.
 */
public final class DiskModes {
  /** Largest degree: d (d + 2) then still is an int. */
  public static final int LARGEST_DEGREE = 46_000;

  private DiskModes() {}

  /**
   * Number of modes up to a degree.
   *
   * @param degree 0 to {@link #LARGEST_DEGREE}
   */
  public static int count(int degree) {
    checkDegree(degree);
    return (int) ((degree + 1L) * (degree + 2) / 2);
  }

  /** Position of the mode of degree d and azimuthal order m. */
  public static int index(int degree, int order) {
    checkDegree(degree);
    return Math.toIntExact(ModeOrder.OSA.indexOf(new ZernikeIndex(degree, order)));
  }

  /**
   * Degree of an expansion.
   *
   * @param length number of its coefficients
   * @throws IllegalArgumentException if no degree has so many modes
   */
  public static int degree(int length) {
    long degree = (ModeOrder.squareRoot(8L * Math.max(length, 0) + 1) - 3) / 2;
    if (length < 1 || (degree + 1) * (degree + 2) / 2 != length) {
      throw new IllegalArgumentException(
          "expansion: given "
              + length
              + " coefficients; expected (L + 1)(L + 2) / 2 for a degree L: 1, 3, 6, 10, 15, ...;"
              + " fill up with zeros");
    }
    return (int) degree;
  }

  /** Integral of an expansion over the disk: only the constant mode has one. */
  public static double integral(double[] plainOsa) {
    degree(plainOsa.length);
    return Math.PI * plainOsa[0];
  }

  /**
   * Integral of the square of an expansion over the disk: {@code pi sum of c^2 / f^2}, f the factor
   * of {@link Normalization#ORTHONORMAL}.
   */
  public static double squareIntegral(double[] plainOsa) {
    int degree = degree(plainOsa.length);
    CompensatedSum sum = new CompensatedSum();
    for (int d = 0; d <= degree; d++) {
      for (int m = -d; m <= d; m += 2) {
        double c = plainOsa[(d * (d + 2) + m) / 2];
        sum.add(c * c / ((d + 1.0) * (m == 0 ? 1 : 2)));
      }
    }
    return Math.PI * sum.value();
  }

  static void checkDegree(int degree) {
    if (degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException("degree " + degree + ": expected 0 to " + LARGEST_DEGREE);
    }
  }
}
