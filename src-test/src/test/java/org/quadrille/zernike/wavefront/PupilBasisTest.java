package org.quadrille.zernike.wavefront;

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
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

class PupilBasisTest {

  private static double gramError(PupilBasis basis) {
    PupilQuadrature rule = basis.quadrature();
    Tensor modes = basis.values(rule.x(), rule.y());
    double area = rule.area();
    double worst = 0;
    for (int i = 0; i < basis.modeCount(); i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < rule.size(); k++) {
          sum += rule.weights()[k] * modes.get(k, i) * modes.get(k, j);
        }
        worst = Math.max(worst, Math.abs(sum / area - (i == j ? 1 : 0)));
      }
    }
    return worst;
  }

  /** V. N. Mahajan, 1981, table 1; mode numbers in OSA order. */
  @Property(tries = 30)
  void annularModesAreThoseOfMahajan(
      @ForAll @DoubleRange(max = 0.9) double e,
      @ForAll @DoubleRange(min = 0.1, max = 0.7) double x,
      @ForAll @DoubleRange(min = 0.1, max = 0.7) double y) {
    PupilBasis basis = PupilBasis.of(4, PupilQuadrature.annulus(8, e));
    double[] f = basis.values(new double[] {x}, new double[] {y}).row(0).toDoubles();
    double r2 = x * x + y * y;
    double e2 = e * e;
    double e4 = e2 * e2;
    double gap = 1 - e2;
    assertEquals(1, f[0], 1e-13);
    assertEquals(2 * x / Math.sqrt(1 + e2), f[2], 1e-13);
    assertEquals(Math.sqrt(3) * (2 * r2 - 1 - e2) / gap, f[4], 1e-12 / gap);
    assertEquals(Math.sqrt(6 / (1 + e2 + e4)) * 2 * x * y, f[3], 1e-12);
    double spherical =
        Math.sqrt(5) * (6 * r2 * r2 - 6 * (1 + e2) * r2 + 1 + 4 * e2 + e4) / (gap * gap);
    assertEquals(spherical, f[12], 1e-12 / (gap * gap));
    double coma =
        Math.sqrt(8)
            * (3 * (1 + e2) * r2 - 2 * (1 + e2 + e4))
            / (gap * Math.sqrt((1 + e2) * (1 + 4 * e2 + e4)));
    assertEquals(coma * y, f[7], 1e-12 / gap);
  }

  /** V. N. Mahajan and G. Dai, 2007, table 3: corner on the x axis. */
  @Test
  void hexagonalModesAreThoseOfMahajanAndDai() {
    PupilBasis basis = PupilBasis.of(4, PupilQuadrature.regularPolygon(8, 6, 0));
    double x = 0.3;
    double y = -0.55;
    double r2 = x * x + y * y;
    double[] f = basis.values(new double[] {x}, new double[] {y}).row(0).toDoubles();
    assertEquals(2 * Math.sqrt(6.0 / 5) * x, f[2], 1e-14);
    assertEquals(Math.sqrt(5.0 / 43) * (-5 + 12 * r2), f[4], 1e-14);
    assertEquals(2 * Math.sqrt(15.0 / 7) * 2 * x * y, f[3], 1e-14);
    assertEquals(4 * Math.sqrt(42.0 / 3685) * (25 * r2 - 14) * x, f[8], 1e-14);
  }

  @Test
  void modesAreOrthonormalOnEveryPupil() {
    double[] transmission = new double[64 * 64];
    for (int i = 0; i < transmission.length; i++) {
      // a pupil with a spider
      transmission[i] = i % 64 == 31 || i / 64 == 20 ? 0 : 1;
    }
    PixelGrid grid = PixelGrid.inscribed(64, 64);
    for (PupilQuadrature pupil :
        new PupilQuadrature[] {
          PupilQuadrature.disk(16),
          PupilQuadrature.annulus(16, 0.612),
          PupilQuadrature.ellipse(16, 1, 0.8),
          PupilQuadrature.rectangle(16, 0.6, 0.8),
          PupilQuadrature.regularPolygon(16, 6, 0.1),
          PupilQuadrature.mask(grid, transmission)
        }) {
      assertEquals(0, gramError(PupilBasis.of(8, pupil)), 1e-13, pupil.size() + " points");
    }
  }

  @Test
  void secondFactorizationRepairsIllConditioning() {
    PupilBasis basis = PupilBasis.of(12, PupilQuadrature.annulus(24, 0.85));
    assertTrue(basis.conditionNumber() > 1e6, "condition number " + basis.conditionNumber());
    assertTrue(gramError(basis) < 1e-9, () -> "Gram error " + gramError(basis));
  }

  @Test
  void onTheDiskTheyAreZernikeModes() {
    PupilBasis basis = PupilBasis.of(6, PupilQuadrature.disk(12));
    assertEquals(1, basis.conditionNumber(), 1e-13);
    double[] c = coefficients(1, 6, 1);
    assertClose(c, basis.fromZernike(c), 1e-14);
  }

  @Test
  void conversionsKeepTheWavefront() {
    PupilBasis basis = PupilBasis.of(7, PupilQuadrature.annulus(14, 0.4));
    double[] c = coefficients(2, 7, 1);
    double[] a = basis.fromZernike(c);
    assertClose(c, basis.toZernike(a), 1e-12);
    int n = c.length;
    Tensor r = basis.conversion();
    assertClose(a, MatrixProduct.multiply(r, Tensor.of(c, n)).toDoubles(), 1e-13);
    Tensor product = MatrixProduct.multiply(r, basis.modesInZernike());
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        assertEquals(i == j ? 1 : 0, product.get(i, j), 1e-13);
      }
    }
    double[] x = {0.5, -0.2};
    double[] y = {0.1, 0.9};
    Tensor values = MatrixProduct.multiply(basis.values(x, y), Tensor.of(a, n));
    assertClose(Samples.values(c, x, y), values.toDoubles(), 1e-12);
    // samples of the wavefront have these coefficients
    PupilQuadrature rule = basis.quadrature();
    assertClose(a, basis.project(Samples.values(c, rule.x(), rule.y())), 1e-13);
    double expected = WavefrontStatistics.over(c, rule).rms();
    assertEquals(expected, basis.rms(a), 1e-13);
  }

  @Test
  void mistakesAreRefused() {
    PupilQuadrature few = PupilQuadrature.disk(2);
    assertRejected(() -> PupilBasis.of(10, few), "given " + few.size(), "66");
    assertRejected(() -> PupilBasis.of(12, PupilQuadrature.annulus(24, 0.99)), "condition number");
    PupilBasis basis = PupilBasis.of(2, PupilQuadrature.disk(4));
    assertRejected(() -> basis.fromZernike(new double[3]), "given 3", "6");
    assertRejected(() -> basis.project(new double[1]), "given 1");
    double[] x = new double[2];
    Arrays.fill(x, Double.NaN);
    assertRejected(() -> basis.values(x, x), "NaN");
  }
}
