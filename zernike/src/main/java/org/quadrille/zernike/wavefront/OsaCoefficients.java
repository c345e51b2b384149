package org.quadrille.zernike.wavefront;

import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.Normalization;

/** Coefficients of all orthonormal modes to a degree, in OSA order, as this package takes them. */
final class OsaCoefficients {
  /** Largest degree of an expansion in this package. */
  static final int LARGEST_DEGREE = 300;

  /** Largest degree of a matrix over pairs of modes: 1 GB. */
  static final int LARGEST_MATRIX_DEGREE = 150;

  private OsaCoefficients() {}

  /** Checks a degree. */
  static int requireDegree(int degree) {
    if (degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException(
          "degree: given " + degree + ", expected 0 to " + LARGEST_DEGREE);
    }
    return degree;
  }

  /** Checks the degree of a matrix over pairs of modes. */
  static int requireMatrixDegree(int degree) {
    if (degree < 0 || degree > LARGEST_MATRIX_DEGREE) {
      throw new IllegalArgumentException(
          "degree: given "
              + degree
              + ", expected 0 to "
              + LARGEST_MATRIX_DEGREE
              + ", so that a matrix over pairs of modes fits in memory");
    }
    return degree;
  }

  /**
   * The degree of an array of coefficients.
   *
   * @throws IllegalArgumentException if its length is not that of a full degree, or a coefficient
   *     is NaN or infinite
   */
  static int degree(double[] coefficients) {
    int degree = requireDegree(DiskModes.degree(coefficients.length));
    for (int j = 0; j < coefficients.length; j++) {
      if (!Double.isFinite(coefficients[j])) {
        throw new IllegalArgumentException(
            "coefficient " + j + " is " + coefficients[j] + ", expected finite numbers");
      }
    }
    return degree;
  }

  /** Factors from plain modes, 1 at the edge, to orthonormal ones. */
  static double[] factors(int degree) {
    double[] factors = new double[DiskModes.count(degree)];
    for (int d = 0, j = 0; d <= degree; d++) {
      for (int m = -d; m <= d; m += 2, j++) {
        factors[j] = Normalization.ORTHONORMAL.factor(d, m);
      }
    }
    return factors;
  }

  /** The coefficients of plain modes of the same function. */
  static double[] toPlain(double[] orthonormal) {
    double[] plain = factors(degree(orthonormal));
    for (int j = 0; j < plain.length; j++) {
      plain[j] *= orthonormal[j];
    }
    return plain;
  }

  /** The coefficients of orthonormal modes, in place. */
  static double[] fromPlain(double[] plain) {
    double[] factors = factors(DiskModes.degree(plain.length));
    for (int j = 0; j < plain.length; j++) {
      plain[j] /= factors[j];
    }
    return plain;
  }
}
