package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.Outside;

/**
 * A wavefront seen through another pupil: {@code W2(u) = W1(shift + scale e^(i rotation) u)}, u in
 * the unit disk. Smaller, turned and displaced pupils of the same wavefront, as after a change of
 * the pupil of an eye.
 *
 * {@snippet :
 * double[] small = new PupilTransform(0.6, 0, 0.1, 0).apply(coefficients);
 * }
 *
 * <p>W2 is a polynomial of the degree of W1, so its values on the polar grid of that degree give
 * its coefficients exactly. Without shift, orders do not mix, and what is computed is {@code
 * R_d^N(e x) = sum_k [R_d^k(e) - R_d^(k+2)(e)] R_k^N(x)} (Janssen and Dirksen, "Concise formula for
 * the Zernike coefficients of scaled pupils", 2006). <b>Accuracy</b>: 1e-14 of the largest
 * coefficient to degree 30. <b>Cost</b>: O(L^4) multiply-adds for the values. <b>Thread safety</b>:
 * immutable.
 *
 * @param scale e, radius of the new pupil over that of the old, above 0
 * @param rotation of the new pupil, in radians
 * @param shiftX centre of the new pupil, in old pupil radii
 * @param shiftY centre of the new pupil
 * @param extrapolate whether the new pupil may reach beyond the old one, where polynomials are
 *     continued and grow fast
 */
public record PupilTransform(
    double scale, double rotation, double shiftX, double shiftY, boolean extrapolate) {

  /** Rounding errors that a pupil on the edge may be outside by. */
  private static final double SLACK = 1e-14;

  /** A new pupil within the old one. */
  public PupilTransform(double scale, double rotation, double shiftX, double shiftY) {
    this(scale, rotation, shiftX, shiftY, false);
  }

  /** Checks that numbers are finite and, unless extrapolation is allowed, the new pupil inside. */
  public PupilTransform {
    boolean finite =
        scale > 0 && Double.isFinite(scale + rotation) && Double.isFinite(shiftX + shiftY);
    if (!finite || (!extrapolate && !(scale + Math.hypot(shiftX, shiftY) <= 1 + SLACK))) {
      throw new IllegalArgumentException(
          "pupil transform: scale "
              + scale
              + ", rotation "
              + rotation
              + ", shift ("
              + shiftX
              + ", "
              + shiftY
              + "); expected finite numbers, a positive scale, and scale + |shift| at most 1 unless"
              + " extrapolate is set");
    }
  }

  /**
   * The coefficients of W2.
   *
   * @param coefficients of W1, orthonormal in OSA order, not modified
   * @return orthonormal in OSA order, as many
   */
  public double[] apply(double[] coefficients) {
    int degree = OsaCoefficients.degree(coefficients);
    PolarSamples analysis = new PolarSamples(DiskTransform.ofDegree(degree));
    double[] u = analysis.x();
    double[] v = analysis.y();
    double c = scale * Math.cos(rotation);
    double s = scale * Math.sin(rotation);
    double[] x = new double[u.length];
    double[] y = new double[u.length];
    for (int i = 0; i < u.length; i++) {
      x[i] = shiftX + (c * u[i] - s * v[i]);
      y[i] = shiftY + (s * u[i] + c * v[i]);
    }
    // all points were checked to be inside, up to rounding, unless extrapolation is wanted
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree).withOutside(Outside.EXTRAPOLATE);
    double[] values = evaluator.values(OsaCoefficients.toPlain(coefficients), x, y, null);
    return analysis.analyse(values);
  }

  /**
   * The transform as a matrix: coefficients of W2 are it times those of W1.
   *
   * @param degree L, 0 to 60
   * @return shape [modes, modes]; orthonormal modes in OSA order; entries are 0 or rounding errors
   *     where the degree of the row is above that of the column
   */
  public Tensor matrix(int degree) {
    if (degree < 0 || degree > 60) {
      throw new IllegalArgumentException("degree: given " + degree + ", expected 0 to 60");
    }
    int modes = (degree + 1) * (degree + 2) / 2;
    Tensor transposed = Tensor.zeros(DType.F64, modes, modes);
    double[] unit = new double[modes];
    for (int j = 0; j < modes; j++) {
      unit[j] = 1;
      transposed.row(j).assign(Tensor.of(apply(unit), modes));
      unit[j] = 0;
    }
    return transposed.transpose().copy();
  }
}
