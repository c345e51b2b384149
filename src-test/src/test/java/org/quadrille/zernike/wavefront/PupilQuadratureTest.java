package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PupilQuadratureTest {

  private static double integral(PupilQuadrature rule, DoubleBinaryOperator f) {
    double[] samples = new double[rule.size()];
    Arrays.setAll(samples, i -> f.applyAsDouble(rule.x()[i], rule.y()[i]));
    return rule.integrate(samples);
  }

  /** Over the unit disk: {@code 2 G((i+1)/2) G((j+1)/2) / (G((i+j+2)/2) (i+j+2))}, i and j even. */
  private static double onDisk(int i, int j) {
    if (i % 2 == 1 || j % 2 == 1) {
      return 0;
    }
    return 2 * gammaOfHalf(i + 1) * gammaOfHalf(j + 1) / (gammaOfHalf(i + j + 2) * (i + j + 2));
  }

  /** Gamma(k / 2). */
  private static double gammaOfHalf(int k) {
    double value = k % 2 == 0 ? 1 : Math.sqrt(Math.PI);
    for (double x = k % 2 == 0 ? 1 : 0.5; x < 0.5 * k; x++) {
      value *= x;
    }
    return value;
  }

  @Property(tries = 100)
  void diskEllipseAndAnnulusAreExact(
      @ForAll @IntRange(max = 20) int i,
      @ForAll @IntRange(max = 20) int j,
      @ForAll @DoubleRange(max = 0.99) double inner,
      @ForAll @DoubleRange(min = 0.1, max = 1) double a,
      @ForAll @DoubleRange(min = 0.1, max = 1) double b) {
    int degree = i + j;
    DoubleBinaryOperator f = (x, y) -> Math.pow(x, i) * Math.pow(y, j);
    double disk = onDisk(i, j);
    assertEquals(disk, integral(PupilQuadrature.disk(degree), f), 1e-14);
    double annulus = disk * (1 - Math.pow(inner, degree + 2));
    assertEquals(annulus, integral(PupilQuadrature.annulus(degree, inner), f), 1e-14);
    double ellipse = disk * Math.pow(a, i + 1) * Math.pow(b, j + 1);
    assertEquals(ellipse, integral(PupilQuadrature.ellipse(degree, a, b), f), 1e-14);
  }

  @Property(tries = 50)
  void rectangleIsExact(@ForAll @IntRange(max = 20) int i, @ForAll @IntRange(max = 20) int j) {
    double a = 0.6;
    double b = 0.8;
    DoubleBinaryOperator f = (x, y) -> Math.pow(x, i) * Math.pow(y, j);
    double expected =
        i % 2 == 1 || j % 2 == 1
            ? 0
            : 4 * Math.pow(a, i + 1) / (i + 1) * Math.pow(b, j + 1) / (j + 1);
    assertEquals(expected, integral(PupilQuadrature.rectangle(i + j, a, b), f), 1e-15);
  }

  /**
   * Green's theorem: {@code integral of x^i y^j = 1/(i+1) of the loop integral of x^(i+1) y^j dy}.
   */
  @Property(tries = 20)
  void polygonIsExact(
      @ForAll @IntRange(min = 3, max = 9) int sides,
      @ForAll @IntRange(max = 12) int i,
      @ForAll @IntRange(max = 12) int j,
      @ForAll @DoubleRange(min = -4, max = 4) double angle) {
    PupilQuadrature rule = PupilQuadrature.regularPolygon(i + j, sides, angle);
    double loop = 0;
    int steps = 20_000;
    for (int side = 0; side < sides; side++) {
      double from = angle + 2 * Math.PI * side / sides;
      double to = angle + 2 * Math.PI * (side + 1) / sides;
      double dy = Math.sin(to) - Math.sin(from);
      for (int k = 0; k < steps; k++) {
        double s = (k + 0.5) / steps;
        double x = (1 - s) * Math.cos(from) + s * Math.cos(to);
        double y = (1 - s) * Math.sin(from) + s * Math.sin(to);
        loop += Math.pow(x, i + 1) * Math.pow(y, j) * dy / steps;
      }
    }
    double actual = integral(rule, (x, y) -> Math.pow(x, i) * Math.pow(y, j));
    // the midpoint rule's error is some 1e-8
    assertEquals(loop / (i + 1), actual, 1e-7);
  }

  @Test
  void momentsOfTheHexagonAreThoseOfTextbooks() {
    PupilQuadrature hexagon = PupilQuadrature.regularPolygon(2, 6, 0);
    assertEquals(1.5 * Math.sqrt(3), hexagon.area(), 4e-15);
    double moment = 5 * Math.sqrt(3) / 16;
    assertEquals(moment, integral(hexagon, (x, y) -> x * x), 1e-15);
    assertEquals(moment, integral(hexagon, (x, y) -> y * y), 1e-15);
  }

  @Test
  void maskHoldsTransparentPixelsOfTheDisk() {
    PixelGrid grid = PixelGrid.inscribed(5, 6);
    double[] transmission = new double[30];
    Arrays.fill(transmission, 1);
    PupilQuadrature all = PupilQuadrature.mask(grid, transmission);
    assertEquals(grid.inside().length, all.size());
    transmission[grid.inside()[3]] = 0;
    transmission[grid.inside()[4]] = 0.5;
    PupilQuadrature some = PupilQuadrature.mask(grid, transmission);
    assertEquals(all.size() - 1, some.size());
    assertEquals(all.area() - 1.5 / (2.5 * 2.5), some.area(), 1e-15);
  }

  @Test
  void areaOfAFineMaskIsThatOfTheDisk() {
    double[] transmission = new double[400 * 400];
    Arrays.fill(transmission, 1);
    PupilQuadrature mask = PupilQuadrature.mask(PixelGrid.inscribed(400, 400), transmission);
    assertEquals(Math.PI, mask.area(), 1e-3);
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> PupilQuadrature.disk(-1), "-1");
    assertRejected(() -> PupilQuadrature.annulus(4, 1), "obscuration", "1.0");
    assertRejected(() -> PupilQuadrature.annulus(4, Double.NaN), "NaN");
    assertRejected(() -> PupilQuadrature.ellipse(4, 0, 1), "half axis a");
    assertRejected(() -> PupilQuadrature.rectangle(4, 0.8, 0.8), "corners");
    assertRejected(() -> PupilQuadrature.regularPolygon(4, 2, 0), "2 sides");
    assertRejected(
        () -> PupilQuadrature.mask(PixelGrid.inscribed(3, 3), new double[9]), "no transparent");
    assertRejected(() -> PupilQuadrature.mask(PixelGrid.inscribed(3, 3), new double[8]), "given 8");
    assertRejected(
        () -> new PupilQuadrature(new double[] {2}, new double[] {0}, new double[] {1}), "point 0");
    assertRejected(() -> PupilQuadrature.disk(2).integrate(new double[1]), "given 1");
    assertRejected(() -> new PixelGrid(0, 3, 0, 0, 1), "0 x 3");
  }
}
