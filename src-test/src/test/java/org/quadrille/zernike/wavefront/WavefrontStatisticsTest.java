package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;
import static org.quadrille.zernike.wavefront.Samples.coefficients;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.ZernikeBasis;

class WavefrontStatisticsTest {

  private static WavefrontStatistics ofMode(int degree, int index) {
    double[] c = new double[(degree + 1) * (degree + 2) / 2];
    c[index] = 1;
    return WavefrontStatistics.of(c);
  }

  @Test
  void extremesOfSingleModesAreExact() {
    WavefrontStatistics defocus = ofMode(2, 4);
    assertEquals(Math.sqrt(3), defocus.maximum(), 1e-15);
    assertEquals(-Math.sqrt(3), defocus.minimum(), 1e-15);
    WavefrontStatistics spherical = ofMode(4, 12);
    assertEquals(Math.sqrt(5), spherical.maximum(), 4e-15);
    assertEquals(-Math.sqrt(5) / 2, spherical.minimum(), 4e-15);
    WavefrontStatistics tilt = ofMode(1, 2);
    assertEquals(4, tilt.peakToValley(), 1e-15);
    WavefrontStatistics trefoil = ofMode(3, 6);
    assertEquals(2 * Math.sqrt(8), trefoil.peakToValley(), 1e-14);
  }

  /** Points of a fine grid are below the maximum, but not by more than the curvature allows. */
  @Property(tries = 25)
  void extremesAreThoseOfAFineGrid(
      @ForAll @IntRange(min = 1, max = 14) int degree, @ForAll @LongRange(max = 9) long seed) {
    double[] c = coefficients(seed, degree, 1);
    WavefrontStatistics statistics = WavefrontStatistics.of(c);
    int rings = 120;
    int angles = 500;
    double[] x = new double[rings * angles];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double r = (i / angles + 1.0) / rings;
      x[i] = r * Math.cos(2 * Math.PI * (i % angles) / angles);
      y[i] = r * Math.sin(2 * Math.PI * (i % angles) / angles);
    }
    double[] values =
        DiskEvaluator.ofDegree(degree).values(ZernikeBasis.OSA.toPlainOsa(c), x, y, null);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double span = high - low;
    assertTrue(statistics.maximum() >= high - 1e-13 * span, "maximum");
    assertTrue(statistics.minimum() <= low + 1e-13 * span, "minimum");
    assertEquals(span, statistics.peakToValley(), 5e-3 * span);
  }

  @Test
  void rmsAndMeanAreThoseOfAQuadrature() {
    double[] c = coefficients(1, 8, 1);
    WavefrontStatistics exact = WavefrontStatistics.of(c);
    WavefrontStatistics sampled = WavefrontStatistics.over(c, PupilQuadrature.disk(16));
    assertEquals(exact.rms(), sampled.rms(), 1e-14);
    assertEquals(exact.mean(), sampled.mean(), 1e-14);
    assertTrue(sampled.maximum() <= exact.maximum());
    assertTrue(sampled.minimum() >= exact.minimum());
  }

  @Test
  void strehlIsMarechals() {
    WavefrontStatistics statistics = WavefrontStatistics.of(new double[] {5, 0.05, 0});
    assertEquals(Math.exp(-Math.pow(2 * Math.PI * 0.05, 2)), statistics.strehl(1), 1e-15);
    assertEquals(statistics.strehl(0.5), Math.pow(statistics.strehl(1), 4), 1e-15);
  }

  @Test
  void aConstantWavefrontHasNoSpread() {
    WavefrontStatistics flat = WavefrontStatistics.of(new double[] {2, 0, 0, 0, 0, 0});
    assertEquals(0, flat.peakToValley(), 1e-15);
    assertEquals(0, flat.rms());
    assertEquals(1, flat.strehl(1));
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> WavefrontStatistics.of(new double[2]), "given 2");
    assertRejected(() -> WavefrontStatistics.of(new double[] {Double.NaN}), "coefficient 0");
    assertRejected(() -> WavefrontStatistics.of(new double[1]).strehl(0), "wavelength", "0.0");
  }
}
