package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;
import org.quadrille.zernike.DiskModes;

/**
 * Modes that are orthonormal (mean square 1) over a pupil that is not the whole disk: annulus,
 * ellipse, rectangle, polygon or any mask. Mode j is a combination of the Zernike modes 0 to j in
 * OSA order, with a positive share of mode j.
 *
 * <p>The Zernike modes at the points of a quadrature, {@code A = W^(1/2) Z / area^(1/2)}, are
 * factored twice, {@code A = Q R_1}, {@code A R_1^-1 = Q' R_2}; the modes are {@code F = Z R_1^-1
 * R_2^-1}. The second factorization removes what the condition number of the first took. For an
 * annulus these are Mahajan's annular polynomials, for a hexagon those of Mahajan and Dai (but for
 * the order of modes): the quadrature is exact, so the modes are.
 *
 * {@snippet :
 * PupilBasis annular = PupilBasis.of(8, PupilQuadrature.annulus(16, 0.612));
 * double[] a = annular.fromZernike(zernikeCoefficients); // the same wavefront
 * double rms = annular.rms(a);                           // over the annulus
 * }
 *
 * <p>V. N. Mahajan, "Zernike annular polynomials for imaging systems with annular pupils", J. Opt.
 * Soc. Am. 71, 1981; V. N. Mahajan and G. Dai, "Orthonormal polynomials in wavefront analysis:
 * analytical solution", J. Opt. Soc. Am. A 24, 2007. <b>Accuracy</b>: the Gram matrix differs from
 * the identity by u times the condition number, or a few n u if that is more. <b>Cost</b>: 8 p n^2
 * flops for p points and n modes. <b>Thread safety</b>: immutable.
 */
public final class PupilBasis {
  /** Beyond it, the second factorization cannot repair the first. */
  private static final double LARGEST_CONDITION = 1e13;

  private final PupilQuadrature quadrature;
  private final ModeColumns columns;
  private final Tensor first;
  private final Tensor second;
  private final double conditionNumber;

  private PupilBasis(
      PupilQuadrature quadrature,
      ModeColumns columns,
      Tensor first,
      Tensor second,
      double conditionNumber) {
    this.quadrature = quadrature;
    this.columns = columns;
    this.first = first;
    this.second = second;
    this.conditionNumber = conditionNumber;
  }

  /**
   * The basis on a pupil.
   *
   * @param degree L, 0 to 150
   * @param quadrature of the pupil; to be exact for polynomials, one of degree 2 L
   * @throws IllegalArgumentException if the points do not tell the modes apart
   */
  public static PupilBasis of(int degree, PupilQuadrature quadrature) {
    ModeColumns columns = new ModeColumns(OsaCoefficients.requireMatrixDegree(degree));
    if (quadrature.size() < columns.modes()) {
      throw new IllegalArgumentException(
          "basis of degree "
              + degree
              + ": given "
              + quadrature.size()
              + " points, expected at least "
              + columns.modes()
              + ", the number of modes; take a finer quadrature or a lower degree");
    }
    Tensor a = columns.values(quadrature.x(), quadrature.y());
    double area = quadrature.area();
    for (int i = 0; i < quadrature.size(); i++) {
      Arithmetic.scale(Math.sqrt(quadrature.weights()[i] / area), a.row(i));
    }
    Tensor first = Qr.triangle(a);
    double[] values = Svd.values(first).toDoubles();
    double condition = values[0] / values[values.length - 1];
    if (!(condition <= LARGEST_CONDITION)) {
      throw new IllegalArgumentException(
          "basis of degree "
              + degree
              + ": condition number "
              + condition
              + " on this pupil, expected at most "
              + LARGEST_CONDITION
              + "; lower the degree, or let the pupil fill more of the unit disk");
    }
    Tensor second = Qr.triangle(Triangular.upper(first).solveRightInPlace(a));
    return new PupilBasis(quadrature, columns, first, second, condition);
  }

  /** Degree L of the Zernike modes combined. */
  public int degree() {
    return columns.degree();
  }

  /** Number of modes, (L + 1)(L + 2) / 2. */
  public int modeCount() {
    return columns.modes();
  }

  /** The quadrature over which the modes are orthonormal. */
  public PupilQuadrature quadrature() {
    return quadrature;
  }

  /** Of the Zernike modes on the pupil: how much rounding errors of conversions may grow. */
  public double conditionNumber() {
    return conditionNumber;
  }

  /**
   * The conversion matrix R, upper triangular: {@code Z = F R}, coefficients of F are R times those
   * of the orthonormal Zernike modes.
   *
   * @return shape [modes, modes]
   */
  public Tensor conversion() {
    return Triangular.upper(second).multiply(first);
  }

  /**
   * The inverse conversion, upper triangular: {@code F = Z R^-1}; column j holds the combination of
   * orthonormal Zernike modes that is mode j.
   *
   * @return shape [modes, modes]
   */
  public Tensor modesInZernike() {
    Tensor inverse = Triangular.upper(second).inverse();
    return Triangular.upper(first).solveInPlace(inverse);
  }

  /**
   * Coefficients of the modes of this basis from those of the Zernike modes: the same wavefront.
   *
   * @param zernike orthonormal, OSA order, degree L, not modified
   */
  public double[] fromZernike(double[] zernike) {
    Tensor c = Tensor.of(requireModes(zernike), modeCount());
    return Triangular.upper(second).multiply(Triangular.upper(first).multiply(c)).toDoubles();
  }

  /**
   * Coefficients of the orthonormal Zernike modes from those of this basis.
   *
   * @param coefficients of the modes of this basis, not modified
   */
  public double[] toZernike(double[] coefficients) {
    Tensor a = Tensor.of(requireModes(coefficients), modeCount());
    return Triangular.upper(first).solve(Triangular.upper(second).solve(a)).toDoubles();
  }

  /**
   * All modes at points.
   *
   * @param x positions in pupil radii, in the unit disk
   * @param y positions
   * @return shape [points, modes]
   * @throws IllegalArgumentException if a coordinate is NaN or infinite
   */
  public Tensor values(double[] x, double[] y) {
    return toThisBasis(columns.values(x, y)).copy();
  }

  /** Overwrites columns of Zernike modes by those of this basis. */
  Tensor toThisBasis(Tensor zernike) {
    if (zernike.size(0) > 0) {
      Triangular.upper(first).solveRightInPlace(zernike);
      Triangular.upper(second).solveRightInPlace(zernike);
    }
    return zernike;
  }

  /**
   * The coefficients of a function: its projections on the modes, or the best fit in mean square
   * over the pupil.
   *
   * @param samples of the function at the points of the quadrature
   */
  public double[] project(double[] samples) {
    double[] weights = quadrature.weights();
    if (samples.length != weights.length) {
      throw new IllegalArgumentException(
          "samples: given " + samples.length + ", expected " + weights.length);
    }
    double area = quadrature.area();
    double[] weighted = new double[samples.length];
    for (int i = 0; i < samples.length; i++) {
      weighted[i] = samples[i] * weights[i] / area;
    }
    Tensor modes = toThisBasis(columns.values(quadrature.x(), quadrature.y()));
    Tensor f = Tensor.of(weighted, weighted.length);
    return MatrixProduct.multiply(modes.transpose(), f).toDoubles();
  }

  /** Root mean square over the pupil, without the mean: coefficients 1 and on. */
  public double rms(double[] coefficients) {
    requireModes(coefficients);
    double sum = 0;
    for (int j = 1; j < coefficients.length; j++) {
      sum += coefficients[j] * coefficients[j];
    }
    return Math.sqrt(sum);
  }

  private double[] requireModes(double[] coefficients) {
    if (coefficients.length != DiskModes.count(degree())) {
      throw new IllegalArgumentException(
          "coefficients: given "
              + coefficients.length
              + ", expected "
              + modeCount()
              + " for degree "
              + degree());
    }
    return coefficients;
  }
}
