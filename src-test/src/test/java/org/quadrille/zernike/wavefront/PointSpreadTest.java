package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.zernike.wavefront.Samples.assertClose;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;
import static org.quadrille.zernike.wavefront.Samples.coefficients;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

class PointSpreadTest {
  private static final double[] FLAT = {0};

  /** J_1 by Bessel's integral, which the trapezoidal rule gives to all digits. */
  private static double bessel1(double x) {
    int n = 400;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double t = 2 * Math.PI * i / n;
      sum += Math.cos(t - x * Math.sin(t));
    }
    return sum / n;
  }

  /** {@code 2 J_1(z) / z}. */
  private static double jinc(double z) {
    return z == 0 ? 1 : 2 * bessel1(z) / z;
  }

  @Property(tries = 20)
  void withoutErrorItIsTheAiryPattern(
      @ForAll @DoubleRange(max = 0.95) double obscuration,
      @ForAll @DoubleRange(min = 0.1, max = 1.5) double step) {
    PointSpread image = PointSpread.of(FLAT, obscuration, 21, step);
    double[] intensity = image.intensity();
    double e2 = obscuration * obscuration;
    for (int i = 0; i < intensity.length; i++) {
      double z = Math.PI * step * Math.hypot(i % 21 - 10, i / 21 - 10);
      double amplitude = (jinc(z) - e2 * jinc(obscuration * z)) / (1 - e2);
      assertEquals(amplitude * amplitude, intensity[i], 2e-14 / (1 - e2));
    }
    assertEquals(1, image.strehl(), 1e-14);
    assertEquals(intensity[10 * 21 + 10], image.peak());
  }

  @Test
  void aberratedImagesAreThoseOfADirectSum() {
    double[] waves = coefficients(1, 6, 0.15);
    double obscuration = 0.35;
    PointSpread image = PointSpread.of(waves, obscuration, 8, 0.7);
    PupilQuadrature pupil = PupilQuadrature.annulus(160, obscuration);
    double[] phase = Samples.values(waves, pupil.x(), pupil.y());
    double area = pupil.area();
    for (int i = 0; i < 64; i++) {
      double u = (i % 8 - 4) * 0.7;
      double v = (i / 8 - 4) * 0.7;
      double[] re = new double[phase.length];
      double[] im = new double[phase.length];
      for (int k = 0; k < phase.length; k++) {
        double angle = 2 * Math.PI * phase[k] - Math.PI * (u * pupil.x()[k] + v * pupil.y()[k]);
        re[k] = Math.cos(angle);
        im[k] = Math.sin(angle);
      }
      double real = pupil.integrate(re) / area;
      double imaginary = pupil.integrate(im) / area;
      double expected = real * real + imaginary * imaginary;
      assertEquals(expected, image.intensity()[i], 1e-12);
      if (u == 0 && v == 0) {
        assertEquals(expected, image.strehl(), 1e-12);
      }
    }
  }

  /** Z = 2 x: c waves of it are 2 c wavelengths a radius, 4 c over the diameter. */
  @Test
  void tiltMovesTheImage() {
    double[] waves = coefficients(2, 4, 0.1);
    double[] tilted = waves.clone();
    tilted[2] += 0.5;
    double[] still = PointSpread.of(waves, 0, 15, 0.5).intensity();
    double[] moved = PointSpread.of(tilted, 0, 15, 0.5).intensity();
    for (int row = 0; row < 15; row++) {
      // 2 wavelengths over the diameter are 4 pixels
      double[] expected = Arrays.copyOfRange(still, row * 15, row * 15 + 11);
      assertClose(expected, Arrays.copyOfRange(moved, row * 15 + 4, row * 15 + 15), 1e-12);
    }
  }

  @Test
  void smallErrorsGiveMarechalsStrehlRatio() {
    double[] waves = coefficients(3, 7, 0.004);
    double marechal = WavefrontStatistics.of(waves).strehl(1);
    double exact = PointSpread.of(waves, 0, 1, 1).strehl();
    assertEquals(marechal, exact, 0.02 * (1 - marechal));
    assertTrue(exact < 1);
  }

  @Test
  void nearlyAllLightFallsOnAWideImage() {
    PointSpread image = PointSpread.of(coefficients(4, 4, 0.1), 0.2, 241, 0.5);
    double energy = image.energy(1 - 0.04);
    // encircled energy of an Airy pattern to q is about 1 - 0.2 / q
    assertTrue(energy > 0.99 && energy < 1.0001, "energy " + energy);
  }

  @Test
  void aFineMaskGivesTheImageOfTheDisk() {
    double[] waves = coefficients(5, 5, 0.1);
    PixelGrid grid = PixelGrid.inscribed(200, 200);
    double[] mask = new double[200 * 200];
    Arrays.fill(mask, 1);
    double[] byMask = PointSpread.ofMask(waves, grid, mask, 16, 0.5).intensity();
    assertClose(PointSpread.of(waves, 0, 16, 0.5).intensity(), byMask, 3e-3);
    double strehl = PointSpread.ofMask(waves, grid, mask, 16, 0.5).strehl();
    assertEquals(byMask[8 * 16 + 8], strehl, 1e-13);
  }

  @Test
  void bitsDoNotDependOnThreadsNorBackend() {
    double[] waves = coefficients(6, 8, 0.1);
    double[] one = WorkerPool.of(1).call(() -> PointSpread.of(waves, 0.3, 130, 0.3).intensity());
    double[] four = WorkerPool.of(4).call(() -> PointSpread.of(waves, 0.3, 130, 0.3).intensity());
    assertArrayEquals(one, four);
    double[] scalar =
        KernelProvider.with(
            KernelProvider.scalar(), () -> PointSpread.of(waves, 0.3, 130, 0.3).intensity());
    assertArrayEquals(one, scalar);
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> PointSpread.of(FLAT, 1, 3, 1), "obscuration");
    assertRejected(() -> PointSpread.of(FLAT, 0, 0, 1), "size 0");
    assertRejected(() -> PointSpread.of(FLAT, 0, 9, -1), "step -1");
    assertRejected(() -> PointSpread.of(new double[] {0, 1e5, 0}, 0, 9, 1), "in waves");
    PixelGrid grid = PixelGrid.inscribed(2, 2);
    assertRejected(() -> PointSpread.ofMask(FLAT, grid, new double[4], 3, 1), "above 0");
    assertRejected(() -> PointSpread.ofMask(FLAT, grid, new double[3], 3, 1), "2 x 2");
    double[] hole = {1, Double.NaN, 1, 1};
    assertRejected(() -> PointSpread.ofMask(FLAT, grid, hole, 3, 1), "NaN");
    assertRejected(() -> PointSpread.of(FLAT, 0, 3, 1).energy(0), "area");
  }
}
