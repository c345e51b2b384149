package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.SpectralDerivative;

/**
 * Slopes of Zernike expansions as expansions: the matrices that Noll gives to low degree, to any
 * degree.
 *
 * <p>Both derivatives of {@code sum c_j Z_j} of degree L are expansions of degree L - 1 ({@link
 * SpectralDerivative}); since modes are orthonormal, mean squares of slopes over the disk are sums
 * of squares of their coefficients.
 *
 * {@snippet :
 * double slope = WavefrontGradient.of(coefficients).rms(); // root mean square of |grad W|
 * Tensor noll = WavefrontGradient.matrixX(10);             // slopes = matrix times coefficients
 * }
 *
 * <p>R. J. Noll, "Zernike polynomials and atmospheric turbulence", J. Opt. Soc. Am. 66, 1976,
 * section on derivatives. <b>Cost</b>: O(L^2). <b>Units</b>: of the wavefront per pupil radius.
 *
 * @param x coefficients of dW/dx, orthonormal in OSA order, degree L - 1 (0 for L = 0)
 * @param y coefficients of dW/dy
 */
public record WavefrontGradient(double[] x, double[] y) {

  /**
   * The gradient of an expansion.
   *
   * @param coefficients orthonormal in OSA order, not modified
   */
  public static WavefrontGradient of(double[] coefficients) {
    double[] plain = OsaCoefficients.toPlain(coefficients);
    return new WavefrontGradient(
        OsaCoefficients.fromPlain(SpectralDerivative.x(plain)),
        OsaCoefficients.fromPlain(SpectralDerivative.y(plain)));
  }

  /** Root of the mean over the disk of {@code |grad W|^2}. */
  public double rms() {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * x[j] + y[j] * y[j];
    }
    return Math.sqrt(sum);
  }

  /**
   * The matrix from coefficients to those of the derivative by x.
   *
   * @param degree L, 0 to 150
   * @return shape [modes of degree max(L - 1, 0), modes of degree L]; orthonormal, OSA order
   */
  public static Tensor matrixX(int degree) {
    return matrix(degree, true);
  }

  /**
   * The matrix from coefficients to those of the derivative by y.
   *
   * @param degree L, 0 to 150
   * @return shape [modes of degree max(L - 1, 0), modes of degree L]; orthonormal, OSA order
   */
  public static Tensor matrixY(int degree) {
    return matrix(degree, false);
  }

  private static Tensor matrix(int degree, boolean byX) {
    int columns = DiskModes.count(OsaCoefficients.requireMatrixDegree(degree));
    int rows = DiskModes.count(Math.max(0, degree - 1));
    Tensor transposed = Tensor.zeros(DType.F64, columns, rows);
    double[] unit = new double[columns];
    for (int j = 0; j < columns; j++) {
      unit[j] = 1;
      WavefrontGradient gradient = of(unit);
      transposed.row(j).assign(Tensor.of(byX ? gradient.x : gradient.y, rows));
      unit[j] = 0;
    }
    return transposed.transpose().copy();
  }

  /**
   * The covariance of slopes, {@code G_x C G_x^T + G_y C G_y^T}, from that of coefficients. Its
   * trace is the mean square of the gradient over the disk.
   *
   * @param covariance shape [modes, modes], of orthonormal coefficients of degree L in OSA order
   * @return shape [modes of degree max(L - 1, 0), the same]
   */
  public static Tensor slopeCovariance(Tensor covariance) {
    if (covariance.rank() != 2
        || covariance.size(0) != covariance.size(1)
        || covariance.dtype() != DType.F64) {
      throw new IllegalArgumentException(
          "covariance: given " + covariance + ", expected F64 of shape [modes, modes]");
    }
    int degree = OsaCoefficients.degree(new double[covariance.size(0)]);
    Tensor x = matrixX(degree);
    Tensor y = matrixY(degree);
    Tensor sum = MatrixProduct.multiply(MatrixProduct.multiply(x, covariance), x.transpose());
    return MatrixProduct.multiply(1, MatrixProduct.multiply(y, covariance), y.transpose(), 1, sum);
  }
}
