package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quadrille.zernike.wavefront.Samples.assertClose;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeIndex;

class DoubleZernikeTest {

  /** The eight largest coefficients of the design of the LSST as GalSim had them in 2018. */
  static final List<DoubleZernike.Term> LARGEST =
      List.of(
          term(2, 0, 2, 0, 0.23113484),
          term(2, 0, 0, 0, -0.13235281),
          term(4, 0, 2, 0, -0.12582651),
          term(2, 2, 4, 2, -0.09443532),
          term(3, 3, 3, 3, 0.06807902),
          term(3, 1, 1, 1, -0.06762354),
          term(6, 0, 0, 0, 0.07907768),
          term(8, 0, 0, 0, -0.06537855));

  static DoubleZernike.Term term(int n, int m, int fieldN, int fieldM, double coefficient) {
    return new DoubleZernike.Term(
        new ZernikeIndex(n, m), new ZernikeIndex(fieldN, fieldM), coefficient);
  }

  @Property(tries = 30)
  void wavefrontIsTheSumOfProducts(
      @ForAll @DoubleRange(min = -0.7, max = 0.7) double u,
      @ForAll @DoubleRange(min = -0.7, max = 0.7) double v) {
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(LARGEST);
    double x = 0.4;
    double y = -0.3;
    double expected = 0;
    for (DoubleZernike.Term term : LARGEST) {
      ZernikeIndex p = term.pupil();
      ZernikeIndex f = term.field();
      expected += term.coefficient() * Samples.mode(p, x, y) * Samples.mode(f, u, v);
      if (p.order() > 0) {
        expected +=
            term.coefficient()
                * Samples.mode(new ZernikeIndex(p.degree(), -p.order()), x, y)
                * Samples.mode(new ZernikeIndex(f.degree(), -f.order()), u, v);
      }
    }
    assertEquals(expected, Samples.value(telescope.pupil(u, v), x, y), 1e-14);
  }

  /** Turning field and pupil together changes nothing. */
  @Property(tries = 30)
  void symmetricSystemsLookTheSameFromAllSides(
      @ForAll @DoubleRange(min = 0, max = 6.2) double angle) {
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(LARGEST);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    double[] turned = telescope.pupil(0.8 * c - 0.1 * s, 0.8 * s + 0.1 * c);
    assertClose(ZernikeMoments.rotate(telescope.pupil(0.8, 0.1), angle), turned, 1e-14);
  }

  @Test
  void fieldHoldsTheShareOfAMode() {
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(LARGEST);
    double[] defocus = telescope.field(ModeOrder.NOLL.mode(4));
    double u = 0.3;
    double v = 0.5;
    assertEquals(telescope.pupil(u, v)[4], Samples.value(defocus, u, v), 1e-14);
    assertEquals(0.23113484, defocus[4]);
    assertClose(new double[15], telescope.field(new ZernikeIndex(20, 0)), 0);
    assertEquals(45, telescope.coefficients().size(0));
    assertEquals(15, telescope.coefficients().size(1));
  }

  /** The mean over the field of the square of the rms in the pupil. */
  @Test
  void rmsIsThatOverPupilAndField() {
    DoubleZernike telescope = DoubleZernike.rotationallySymmetric(LARGEST);
    PupilQuadrature field = PupilQuadrature.disk(8);
    double[] squares = new double[field.size()];
    for (int i = 0; i < squares.length; i++) {
      double[] pupil = telescope.pupil(field.x()[i], field.y()[i]);
      squares[i] = Math.pow(WavefrontStatistics.of(pupil).rms(), 2);
    }
    double expected = Math.sqrt(field.integrate(squares) / Math.PI);
    assertEquals(expected, telescope.rms(), 1e-14);
  }

  @Test
  void repeatedTermsAreAdded() {
    DoubleZernike sum = DoubleZernike.of(List.of(term(1, 1, 0, 0, 2), term(1, 1, 0, 0, 3)));
    assertClose(new double[] {0, 0, 5}, sum.pupil(0.2, 0.3), 1e-15);
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> DoubleZernike.of(List.of()), "none");
    assertRejected(
        () -> DoubleZernike.of(List.of(term(0, 0, 0, 0, Double.NaN))), "finite coefficient");
    assertRejected(
        () -> DoubleZernike.rotationallySymmetric(List.of(term(1, -1, 1, 1, 1))), "0 or more");
    DoubleZernike one = DoubleZernike.of(List.of(term(0, 0, 0, 0, 1)));
    assertRejected(() -> one.pupil(1, 1), "unit disk");
  }
}
