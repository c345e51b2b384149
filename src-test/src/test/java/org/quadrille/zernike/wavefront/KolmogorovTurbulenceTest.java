package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.ModeOrder;

class KolmogorovTurbulenceTest {

  /** Noll 1976, table IV, from rounded constants. */
  @Test
  void residualsAreThoseOfNollsTable() {
    double[] table = {
      1.0299, 0.582, 0.134, 0.111, 0.0880, 0.0648, 0.0587, 0.0525, 0.0463, 0.0401, 0.0377, 0.0352,
      0.0328, 0.0304, 0.0279, 0.0267, 0.0255, 0.0243, 0.0232, 0.0220, 0.0208
    };
    for (int j = 1; j <= table.length; j++) {
      double actual = KolmogorovTurbulence.residualVariance(j);
      assertEquals(table[j - 1], actual, 0.006 * actual, "J = " + j);
    }
  }

  /**
   * Half the structure function, averaged over pairs of points of the pupil: their distance s over
   * the diameter has the density {@code 16 s / pi (acos s - s (1 - s^2)^(1/2))}.
   */
  @Test
  void varianceWithoutPistonIsTheMeanOfTheStructureFunction() {
    // s = sin^2, so that the ends are smooth
    int n = 2000;
    double mean = 0;
    for (int i = 0; i < n; i++) {
      double angle = 0.5 * Math.PI * (i + 0.5) / n;
      double s = Math.pow(Math.sin(angle), 2);
      double density = 16 * s / Math.PI * (Math.acos(s) - s * Math.sqrt(1 - s * s));
      double ds = 2 * Math.sin(angle) * Math.cos(angle) * 0.5 * Math.PI / n;
      mean += density * Math.pow(s, 5.0 / 3) * ds;
    }
    double structure = 6.883877182293811615;
    assertEquals(0.5 * structure * mean, KolmogorovTurbulence.residualVariance(1), 1e-6);
    assertEquals(1.0324216394654818774, KolmogorovTurbulence.residualVariance(1), 1e-14);
  }

  /** Numbers of 20 digits from the formula. */
  @Test
  void covarianceMatchesLongArithmetic() {
    Tensor c = KolmogorovTurbulence.covariance(23);
    assertEquals(0.44887897368064429453, at(c, 1, 1, 1), 1e-14);
    assertEquals(-0.014164133989606714298, at(c, 1, 3, 1), 1e-15);
    assertEquals(-0.014164133989606714298, at(c, 3, 1, -1), 1e-15);
    assertEquals(0.023217877948998842821, at(c, 2, 2, 0), 1e-15);
    assertEquals(8.607547561923504979e-7, at(c, 1, 9, 1), 1e-19);
    assertEquals(5.2574828691825401276e-10, at(c, 5, 23, 3), 1e-21);
    assertEquals(0, at(c, 0, 2, 0));
    assertEquals(0, c.get(1, 2), "x and y tilt do not correlate");
  }

  private static double at(Tensor covariance, int d, int e, int m) {
    return covariance.get(DiskModes.index(d, m), DiskModes.index(e, m));
  }

  @Property(tries = 40)
  void eachModeTakesItsVariance(@ForAll @IntRange(min = 1, max = 600) int modes) {
    double before = KolmogorovTurbulence.residualVariance(modes);
    double after = KolmogorovTurbulence.residualVariance(modes + 1);
    int degree = ModeOrder.NOLL.mode(modes + 1).degree();
    double own = at(KolmogorovTurbulence.covariance(degree), degree, degree, degree);
    assertEquals(own, before - after, 1e-13 * before);
    assertTrue(after > 0);
  }

  @Test
  void covarianceIsPositive() {
    Tensor values = SymmetricEigen.values(KolmogorovTurbulence.covariance(12));
    assertEquals(0, values.get(0), 1e-15, "piston");
    assertTrue(values.get(1) > 1e-6);
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> KolmogorovTurbulence.covariance(-1), "-1");
    assertRejected(() -> KolmogorovTurbulence.covariance(151), "memory");
    assertRejected(() -> KolmogorovTurbulence.residualVariance(0), "given 0");
  }
}
