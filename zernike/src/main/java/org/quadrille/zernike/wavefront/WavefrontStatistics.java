package org.quadrille.zernike.wavefront;

import org.quadrille.zernike.DiskEvaluator;

/**
 * Mean, root mean square and extremes of a wavefront.
 *
 * {@snippet :
 * WavefrontStatistics statistics = WavefrontStatistics.of(coefficients);
 * double peakToValley = statistics.peakToValley();
 * double strehl = statistics.strehl(0.633); // coefficients in micrometres, 633 nm
 * }
 *
 * @param mean over the pupil: piston
 * @param rms root mean square of the departures from the mean
 * @param minimum least value on the pupil
 * @param maximum largest value on the pupil
 */
public record WavefrontStatistics(double mean, double rms, double minimum, double maximum) {

  /**
   * Over the whole disk: mean and root mean square from the coefficients, extremes by sampling
   * (finer than the half waves of the highest mode) and Newton's method, inside and along the edge.
   *
   * @param coefficients orthonormal in OSA order, not modified
   */
  public static WavefrontStatistics of(double[] coefficients) {
    OsaCoefficients.degree(coefficients);
    double sum = 0;
    for (int j = 1; j < coefficients.length; j++) {
      sum += coefficients[j] * coefficients[j];
    }
    double[] plain = OsaCoefficients.toPlain(coefficients);
    double maximum = new MaximumSearch(plain).value();
    double[] negative = plain.clone();
    for (int j = 0; j < negative.length; j++) {
      negative[j] = -negative[j];
    }
    double minimum = -new MaximumSearch(negative).value();
    return new WavefrontStatistics(coefficients[0], Math.sqrt(sum), minimum, maximum);
  }

  /**
   * Over another pupil; extremes are those at the points of the quadrature.
   *
   * @param coefficients orthonormal (over the disk) in OSA order, not modified
   * @param pupil a quadrature, of twice the degree for an exact mean square
   */
  public static WavefrontStatistics over(double[] coefficients, PupilQuadrature pupil) {
    ModeColumns columns = new ModeColumns(OsaCoefficients.degree(coefficients));
    double[] plain = OsaCoefficients.toPlain(coefficients);
    DiskEvaluator evaluator = columns.evaluator();
    double[] values = evaluator.values(plain, pupil.x(), pupil.y(), null);
    double area = pupil.area();
    double mean = pupil.integrate(values) / area;
    double square = 0;
    double minimum = Double.POSITIVE_INFINITY;
    double maximum = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      square += pupil.weights()[i] * (values[i] - mean) * (values[i] - mean);
      minimum = Math.min(minimum, values[i]);
      maximum = Math.max(maximum, values[i]);
    }
    return new WavefrontStatistics(mean, Math.sqrt(square / area), minimum, maximum);
  }

  /** Largest less least value. */
  public double peakToValley() {
    return maximum - minimum;
  }

  /**
   * Maréchal's approximation of the Strehl ratio, {@code exp(-(2 pi rms / wavelength)^2)}, good
   * from about 0.3 on; {@link PointSpread#strehl} gives the exact one.
   *
   * @param wavelength in the unit of the wavefront, above 0; 1 if that is waves
   */
  public double strehl(double wavelength) {
    if (!(wavelength > 0)) {
      throw new IllegalArgumentException(
          "wavelength: given " + wavelength + ", expected above 0, in the unit of the wavefront");
    }
    double phase = 2 * Math.PI * rms / wavelength;
    return Math.exp(-phase * phase);
  }
}
