package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.zernike.wavefront.Samples.assertClose;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * A telescope's design and pictures on a disk: expand, evaluate, fit, reconstruct. See {@link
 * RealPictures} for the files.
 *
 * <p>GalSim's code of that branch looks coefficients up by Noll numbers, whose modes are
 * orthonormal, sets each for both signs of m, and names a wavelength of 500, later of 600 nm beside
 * them; neither unit nor obscuration is stated, so nothing is claimed about the telescope here.
 */
@Tag("real-data")
class RealWavefrontTest {

  /** Samples over pupil and field give back all coefficients of the table. */
  @Test
  void telescopeIsExpandedAgainFromItsWavefronts() throws IOException {
    List<DoubleZernike.Term> terms = RealPictures.telescope();
    assertEquals(231, terms.size());
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(terms);
    assertEquals(0.38729361, telescope.rms(), 1e-8);
    PupilQuadrature field = PupilQuadrature.disk(12);
    PupilBasis pupilModes = PupilBasis.of(10, PupilQuadrature.disk(20));
    PupilBasis fieldModes = PupilBasis.of(6, field);
    int points = field.size();
    double[] analysed = new double[points * pupilModes.modeCount()];
    for (int i = 0; i < points; i++) {
      double[] c = telescope.pupil(field.x()[i], field.y()[i]);
      PupilQuadrature pupil = pupilModes.quadrature();
      double[] wavefront = Samples.values(c, pupil.x(), pupil.y());
      double[] found = pupilModes.project(wavefront);
      for (int j = 0; j < found.length; j++) {
        analysed[i * found.length + j] = found[j] * field.weights()[i] / field.area();
      }
    }
    Tensor overField = Tensor.of(analysed, points, pupilModes.modeCount());
    Tensor again =
        MatrixProduct.multiply(overField.transpose(), fieldModes.values(field.x(), field.y()));
    assertClose(telescope.coefficients().toDoubles(), again.toDoubles(), 2e-15);
  }

  /** In the middle, on the annulus of the LSST: what the light makes of these coefficients. */
  @Test
  void pointSpreadOfTheTelescopeIsThatOfItsAnnularWavefront() throws IOException {
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(RealPictures.telescope());
    double[] waves = telescope.pupil(0, 0);
    PupilBasis annular = PupilBasis.of(10, PupilQuadrature.annulus(20, 0.612));
    double rms = annular.rms(annular.fromZernike(waves));
    assertEquals(0.19522574, rms, 1e-8);
    PointSpread image = PointSpread.of(waves, 0.612, 64, 0.25);
    assertEquals(0.33690632, image.strehl(), 1e-8);
    assertTrue(image.peak() >= image.strehl());
  }

  /** Share of the standard deviation that is left, for the Sun and a mountain. */
  @Test
  void picturesAreFittedAndLeaveTheirDetails() throws IOException {
    check(RealPictures.sun(), new int[] {5, 10, 20, 30}, new double[] {.8782, .7908, .6712, .5749});
    check(
        RealPictures.elevation(),
        new int[] {5, 10, 20, 30},
        new double[] {.6067, .5359, .3919, .3084});
  }

  private static void check(RealPictures.Disk disk, int[] degrees, double[] expected) {
    PixelGrid grid = disk.grid();
    int[] inside = grid.inside();
    double[] x = new double[inside.length];
    double[] y = new double[inside.length];
    double[] samples = new double[inside.length];
    double mean = 0;
    for (int i = 0; i < inside.length; i++) {
      x[i] = grid.x(inside[i]);
      y[i] = grid.y(inside[i]);
      samples[i] = disk.pixels()[inside[i]];
      mean += samples[i] / inside.length;
    }
    double variance = 0;
    for (double sample : samples) {
      variance += (sample - mean) * (sample - mean) / inside.length;
    }
    for (int k = 0; k < degrees.length; k++) {
      WavefrontFit fit = new FitOptions(degrees[k]).fitPixels(grid, disk.pixels());
      assertEquals(inside.length, fit.samplesUsed());
      assertEquals(expected[k], fit.residualRms() / Math.sqrt(variance), 1e-4);
      double square = 0;
      for (double residual : fit.residuals(x, y, samples)) {
        square += residual * residual / inside.length;
      }
      assertEquals(fit.residualRms(), Math.sqrt(square), 1e-9 * fit.residualRms());
    }
  }
}
