package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeIndex;

/**
 * Statistics of the Zernike coefficients of wavefronts that have come through Kolmogorov
 * turbulence.
 *
 * {@snippet :
 * Tensor covariance = KolmogorovTurbulence.covariance(10);           // rad^2 at D = r0
 * double left = KolmogorovTurbulence.residualVariance(11);           // 0.03779
 * Tensor slopes = WavefrontGradient.slopeCovariance(covariance);
 * }
 *
 * <p>In radians squared of phase for a pupil whose diameter D is Fried's parameter r0; multiply by
 * {@code (D / r0)^(5/3)} for others. R. J. Noll, "Zernike polynomials and atmospheric turbulence",
 * J. Opt. Soc. Am. 66, 1976; N. Roddier, "Atmospheric wavefront simulation using Zernike
 * polynomials", Opt. Eng. 29, 1990, for the closed form of the covariance. The factor here follows
 * from the structure function {@code 2 (24/5 Gamma(6/5))^(5/6) (r/r0)^(5/3)}, 6.8839 in front;
 * Noll's table was computed with rounded constants and is 0.2 percent lower. <b>Accuracy</b>:
 * relative 1e-12 to degree 150.
 */
public final class KolmogorovTurbulence {
  /** {@code K = Gamma(14/3) (24/5 Gamma(6/5))^(5/6) Gamma(11/6)^2 / (2^(8/3) pi)}. */
  private static final double LOG_FACTOR =
      LogGamma.of(14.0 / 3)
          + 5.0 / 6 * (Math.log(4.8) + LogGamma.of(1.2))
          + 2 * LogGamma.of(11.0 / 6)
          - Math.log(Math.PI)
          - 8.0 / 3 * Math.log(2);

  private KolmogorovTurbulence() {}

  /**
   * Covariance of the coefficients of orthonormal modes, in OSA order. Modes of different m do not
   * correlate. Piston, whose variance is infinite, has a row and a column of zeros.
   *
   * @param degree L, 0 to 150
   * @return shape [modes, modes], symmetric
   */
  public static Tensor covariance(int degree) {
    int modes = DiskModes.count(OsaCoefficients.requireMatrixDegree(degree));
    Tensor covariance = Tensor.zeros(DType.F64, modes, modes);
    for (int m = -degree; m <= degree; m++) {
      int least = m == 0 ? 2 : Math.abs(m);
      for (int d = least; d <= degree; d += 2) {
        for (int e = d; e <= degree; e += 2) {
          double value = covariance(d, e, m);
          int row = DiskModes.index(d, m);
          int column = DiskModes.index(e, m);
          covariance.set(value, row, column);
          covariance.set(value, column, row);
        }
      }
    }
    return covariance;
  }

  /**
   * {@code K (-1)^((d + e - 2 m)/2) ((d+1)(e+1))^(1/2) G((d+e-5/3)/2) / (G((d-e+17/3)/2)
   * G((e-d+17/3)/2) G((d+e+23/3)/2))}, e not below d.
   */
  private static double covariance(int d, int e, int m) {
    double apart = (d - e + 17.0 / 3) / 2; // may be negative
    double logarithm =
        LOG_FACTOR
            + LogGamma.of((d + e - 5.0 / 3) / 2)
            - LogGamma.of(apart)
            - LogGamma.of((e - d + 17.0 / 3) / 2)
            - LogGamma.of((d + e + 23.0 / 3) / 2);
    int power = (d + e - 2 * Math.abs(m)) / 2;
    double sign = (power % 2 == 0 ? 1 : -1) * LogGamma.sign(apart);
    return sign * Math.sqrt((d + 1.0) * (e + 1.0)) * Math.exp(logarithm);
  }

  /**
   * The variance of the phase that is left when the first modes in Noll's order are taken away:
   * Noll's Delta_J, 1.0324 for piston alone.
   *
   * <p>With degrees to L gone, {@code K / G(17/6)^2 sum over d above L of (d + 1)^2 G(d - 5/6) /
   * G(d + 23/6)} is a telescope: {@code 3/5 (L + 1)(L + 2) G(L + 1/6) / G(L + 23/6)} is that sum.
   *
   * @param modes J, at least 1 (piston)
   */
  public static double residualVariance(int modes) {
    if (modes < 1) {
      throw new IllegalArgumentException("modes: given " + modes + ", expected at least 1, piston");
    }
    ZernikeIndex last = ModeOrder.NOLL.mode(modes);
    // Noll's order goes by degree: the last one may be incomplete
    int degree = last.degree();
    long below = (long) degree * (degree + 1) / 2;
    long missing = below + degree + 1 - modes;
    double whole =
        0.6
            * (degree + 1.0)
            * (degree + 2.0)
            * Math.exp(
                LOG_FACTOR
                    - 2 * LogGamma.of(17.0 / 6)
                    + LogGamma.of(degree + 1.0 / 6)
                    - LogGamma.of(degree + 23.0 / 6));
    return missing == 0 ? whole : whole + missing * covariance(degree, degree, degree);
  }
}
