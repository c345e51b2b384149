package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.NotConvergedException;

class DiskInterpolantTest {
  private static final double X = 0.31;
  private static final double Y = -0.42;

  /** Random orthonormal coefficients that fall with the degree. */
  private static DiskInterpolant random(int degree, long seed) {
    Random random = new Random(seed);
    double[] coefficients = new double[(degree + 1) * (degree + 2) / 2];
    for (int j = 0; j < coefficients.length; j++) {
      coefficients[j] = random.nextGaussian() / (1 + ModeOrder.OSA.mode(j).degree());
    }
    return DiskInterpolant.ofCoefficients(coefficients, ZernikeBasis.OSA);
  }

  private static DoubleBinaryOperator function(String name) {
    return switch (name) {
      case "J10(10rho)cos(10theta)" -> bessel(10, 10);
      case "J100(150rho)cos(100theta)" -> bessel(100, 150);
      case "J0(20rho)cos(0theta)" -> bessel(0, 20);
      case "J3(40rho)cos(3theta)" -> bessel(3, 40);
      case "cos(80x+1y)" -> (x, y) -> Math.cos(80 * x + y);
      case "sin(80x+1y)" -> (x, y) -> Math.sin(80 * x + y);
      case "exp(-5rho^2)" -> (x, y) -> Math.exp(-5 * (x * x + y * y));
      case "exp(-40rho^2)" -> (x, y) -> Math.exp(-40 * (x * x + y * y));
      case "1/(1+25rho^2)" -> (x, y) -> 1 / (1 + 25 * (x * x + y * y));
      default -> throw new AssertionError("unknown function " + name);
    };
  }

  private static DoubleBinaryOperator bessel(int order, double b) {
    return (x, y) ->
        BesselFunction.value(order, b * Math.hypot(x, y)) * Math.cos(order * Math.atan2(y, x));
  }

  @Test
  void coefficientsMatchReference() {
    Map<String, DiskInterpolant> interpolants = new HashMap<>();
    for (Map<String, String> row : ZernikeData.csv("coefficients.csv")) {
      DiskInterpolant f =
          interpolants.computeIfAbsent(
              row.get("function"), name -> DiskInterpolant.ofDegree(256, function(name)));
      int order = ZernikeData.integer(row, "N");
      int degree = order + 2 * ZernikeData.integer(row, "n");
      boolean cosine = row.get("angular").equals("cos");
      double given = f.coefficient(new ZernikeIndex(degree, cosine ? order : -order));
      // arguments 80 x and 150 r are rounded; a plain mode of degree d has a norm of (2 d)^-1/2
      assertEquals(
          ZernikeData.number(row, "coefficient"), given, 3e-15 * (degree + 1), row.toString());
    }
    assertTrue(interpolants.size() > 5);
  }

  @Test
  void expansionsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("expansion_values.csv")) {
      int degree = ZernikeData.integer(row, "L");
      double[] coefficients = new double[(degree + 1) * (degree + 2) / 2];
      for (int j = 0; j < coefficients.length; j++) {
        coefficients[j] = ((7 * j) % 11 - 5) / (j + 2.0);
      }
      DiskInterpolant f = DiskInterpolant.ofCoefficients(coefficients, ZernikeBasis.OSA);
      double x = ZernikeData.number(row, "x");
      double y = ZernikeData.number(row, "y");
      assertEquals(ZernikeData.number(row, "value"), f.value(x, y), 1e-12, row.toString());
      DiskInterpolant.Gradient gradient = f.gradient(x, y);
      assertEquals(ZernikeData.number(row, "d_dx"), gradient.dx(), 1e-10, row.toString());
      assertEquals(ZernikeData.number(row, "d_dy"), gradient.dy(), 1e-10, row.toString());
      double laplacian = ZernikeData.number(row, "laplacian");
      double tolerance = 1e-12 * (1 + Math.abs(laplacian)) * degree;
      assertEquals(laplacian, f.laplacian(x, y), tolerance, row.toString());
      assertEquals(laplacian, f.laplacian().value(x, y), tolerance, row.toString());
    }
  }

  @Test
  void adaptiveConstructionFindsTheDegreeOfPolynomials() {
    DiskInterpolant f = DiskInterpolant.of((x, y) -> x * x * x - 3 * x * y * y + y);
    assertEquals(3, f.degree());
    assertEquals(1, f.coefficient(new ZernikeIndex(3, 3)), 1e-15); // r^3 cos 3 theta
    assertEquals(0, DiskInterpolant.of((x, y) -> 0).degree());
    assertEquals(0, DiskInterpolant.of((x, y) -> 7.5).degree());
    // zero on the first grid's 36 angles, not between them
    DiskInterpolant g =
        DiskInterpolant.of(
            (x, y) -> Math.pow(Math.hypot(x, y), 36) * Math.sin(36 * Math.atan2(y, x)));
    assertEquals(36, g.degree());
  }

  @Test
  void valuesAreWithinTheTolerance() {
    for (DoubleBinaryOperator f :
        new DoubleBinaryOperator[] {
          (x, y) -> Math.exp(3 * x - 2 * y),
          (x, y) -> Math.sin(20 * x * y),
          (x, y) -> 1 / (2 + x + y * y)
        }) {
      DiskInterpolant interpolant = DiskInterpolant.of(f);
      DiskInterpolant coarse =
          DiskInterpolant.of(f, InterpolationOptions.DEFAULT.withTolerance(1e-6));
      assertTrue(coarse.degree() < interpolant.degree());
      Random random = new Random(5);
      double[] x = new double[200];
      double[] y = new double[200];
      for (int i = 0; i < 200; i++) {
        double r = Math.sqrt(random.nextDouble());
        double angle = 7 * random.nextDouble();
        x[i] = r * Math.cos(angle);
        y[i] = r * Math.sin(angle);
      }
      double[] values = interpolant.values(x, y, null);
      double[] rough = coarse.values(x, y, null);
      for (int i = 0; i < 200; i++) {
        double exact = f.applyAsDouble(x[i], y[i]);
        assertEquals(exact, values[i], 3e-11);
        assertEquals(exact, rough[i], 3e-4);
      }
    }
  }

  @Test
  void roughFunctionsAreReportedWithTheBestResult() {
    InterpolationOptions options = InterpolationOptions.DEFAULT.withLargestDegree(64);
    NotConvergedException e =
        assertThrows(
            NotConvergedException.class, () -> DiskInterpolant.of((x, y) -> Math.abs(x), options));
    DiskInterpolant best = (DiskInterpolant) e.best().orElseThrow();
    assertEquals(X, best.value(X, Y), 0.01);
    assertTrue(e.residual() > 1e-13 && e.residual() < 0.1, e.getMessage());
  }

  @Test
  void derivativesAndAlgebraAgreeWithCalculusOnAnyDisk() {
    DoubleBinaryOperator f = (x, y) -> Math.exp(1.5 * x) * Math.cos(2 * y);
    DoubleBinaryOperator g = (x, y) -> x * y + 1 / (3 + x);
    for (InterpolationOptions on :
        new InterpolationOptions[] {
          InterpolationOptions.DEFAULT, InterpolationOptions.DEFAULT.on(0.5, -1, 1.25)
        }) {
      DiskInterpolant a = DiskInterpolant.of(f, on);
      DiskInterpolant b = DiskInterpolant.of(g, on);
      double fXy = f.applyAsDouble(X, Y);
      double gXy = g.applyAsDouble(X, Y);
      assertEquals(fXy + gXy, a.plus(b).value(X, Y), 1e-12);
      assertEquals(fXy - gXy, a.minus(b).value(X, Y), 1e-12);
      assertEquals(fXy * gXy, a.times(b).value(X, Y), 1e-12);
      assertEquals(-3 * fXy, a.times(-3).value(X, Y), 1e-12);
      assertEquals(X * fXy, a.timesX().value(X, Y), 1e-12);
      assertEquals(Y * fXy, a.timesY().value(X, Y), 1e-12);
      double dx = 1.5 * fXy;
      double dy = -2 * Math.exp(1.5 * X) * Math.sin(2 * Y);
      assertEquals(dx, a.derivativeX().value(X, Y), 1e-11);
      assertEquals(dy, a.derivativeY().value(X, Y), 1e-11);
      assertEquals(dx, a.gradient(X, Y).dx(), 1e-11);
      assertEquals(dy, a.gradient(X, Y).dy(), 1e-11);
      DiskInterpolant.Hessian hessian = a.hessian(X, Y);
      assertEquals(2.25 * fXy, hessian.dxx(), 1e-9);
      assertEquals(1.5 * dy, hessian.dxy(), 1e-9);
      assertEquals(-4 * fXy, hessian.dyy(), 1e-9);
      assertEquals(-1.75 * fXy, a.laplacian().value(X, Y), 1e-9);
      DiskRule rule = DiskRule.inRadius(30, 61).on(on.centreX(), on.centreY(), on.radius());
      assertEquals(rule.integrate(f), a.integrate(), 1e-12 * on.radius() * on.radius() * 20);
      double product = rule.integrate((x, y) -> f.applyAsDouble(x, y) * g.applyAsDouble(x, y));
      assertEquals(product, a.innerProduct(b), 1e-11);
      assertEquals(product, a.times(b).integrate(), 1e-11);
      assertEquals(Math.sqrt(a.times(a).integrate()), a.norm2(), 1e-11);
    }
  }

  @Property(tries = 30)
  void productRuleHolds(
      @ForAll @IntRange(min = 0, max = 12) int p, @ForAll @IntRange(min = 0, max = 9) int q) {
    DiskInterpolant f = random(p, 1);
    DiskInterpolant g = random(q, 2);
    DiskInterpolant left = f.times(g).derivativeX();
    DiskInterpolant right = f.derivativeX().times(g).plus(f.times(g.derivativeX()));
    assertTrue(left.minus(right).norm2() < 1e-11 * (1 + left.norm2()));
    DiskInterpolant twice = f.timesX().timesX().plus(f.timesY().timesY());
    DiskInterpolant square = DiskInterpolant.of((x, y) -> x * x + y * y).times(f);
    assertTrue(twice.minus(square).norm2() < 1e-12 * (1 + f.norm2()));
  }

  @Property(tries = 60)
  void rotationAndScalingMovePoints(
      @ForAll @IntRange(min = 0, max = 60) int degree,
      @ForAll @DoubleRange(min = -7, max = 7) double angle,
      @ForAll @DoubleRange(min = 0.05, max = 1) double e) {
    DiskInterpolant f = random(degree, degree);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    double size = 1e-12 * (1 + degree);
    assertEquals(f.value(X, Y), f.rotate(angle).value(c * X - s * Y, s * X + c * Y), size);
    assertEquals(f.value(e * X, e * Y), f.scale(e).value(X, Y), size);
    // group laws
    DiskInterpolant back = f.rotate(angle).rotate(-angle);
    assertTrue(f.minus(back).norm2() < 1e-14 * (1 + f.norm2()));
    DiskInterpolant twice = f.scale(e).scale(0.5);
    assertTrue(twice.minus(f.scale(0.5 * e)).norm2() < 1e-13 * (1 + f.norm2()));
    // a concentric pupil scales
    assertTrue(f.pupil(e, 0, 0, 0).minus(f.scale(e)).norm2() < 1e-13 * (1 + f.norm2()));
  }

  @Property(tries = 40)
  void smallPupilsSeeTheSameFunction(
      @ForAll @IntRange(min = 0, max = 40) int degree,
      @ForAll @DoubleRange(min = 0.1, max = 0.6) double e,
      @ForAll @DoubleRange(min = -4, max = 4) double rotation,
      @ForAll @DoubleRange(min = -0.25, max = 0.25) double shiftX,
      @ForAll @DoubleRange(min = -0.25, max = 0.25) double shiftY) {
    DiskInterpolant f = random(degree, 3);
    double x = shiftX + e * (Math.cos(rotation) * X - Math.sin(rotation) * Y);
    double y = shiftY + e * (Math.sin(rotation) * X + Math.cos(rotation) * Y);
    double expected = f.value(x, y);
    assertEquals(expected, f.pupil(e, rotation, shiftX, shiftY).value(X, Y), 1e-12 * (degree + 1));
  }

  @Test
  void extrapolatedPupilsContinueThePolynomial() {
    DiskInterpolant f = DiskInterpolant.of((x, y) -> x * x * y - y);
    DiskInterpolant g = f.pupilExtrapolated(2, 0.5, 0.3, 0);
    double x = 0.3 + 2 * (Math.cos(0.5) * X - Math.sin(0.5) * Y);
    double y = 2 * (Math.sin(0.5) * X + Math.cos(0.5) * Y);
    assertEquals(x * x * y - y, g.value(X, Y), 1e-13);
    assertThrows(IllegalArgumentException.class, () -> f.pupil(2, 0.5, 0.3, 0));
  }

  @Test
  void truncationKeepsWhatMatters() {
    DiskInterpolant f = random(20, 4);
    DiskInterpolant low = f.truncate(7);
    assertEquals(7, low.degree());
    double[] all = f.coefficients();
    assertArrayEquals(Arrays.copyOf(all, 36), low.coefficients(), 0.0);
    DiskInterpolant g = DiskInterpolant.of((x, y) -> Math.exp(x));
    DiskInterpolant chopped = g.chop(1e-5);
    assertTrue(chopped.degree() < g.degree());
    assertTrue(g.minus(chopped).norm2() < 1e-4);
    assertTrue(g.minus(g.truncate(1e-5)).norm2() < 1e-4);
    assertEquals(g.degree() + 5, random(g.degree() + 5, 1).chop(0).degree());
  }

  @Test
  void fourierTransformIsTheIntegral() {
    DiskInterpolant f =
        DiskInterpolant.of(
            (x, y) -> Math.exp(x) * (1 + y), InterpolationOptions.DEFAULT.on(0.25, -0.5, 0.75));
    DiskRule rule = DiskRule.inRadius(40, 81).on(0.25, -0.5, 0.75);
    for (double[] k : new double[][] {{0, 0}, {3, -2}, {-7.5, 20}, {1e-6, 0}, {0, 31}}) {
      FourierValue value = f.fourier(k[0], k[1]);
      double real = rule.integrate((x, y) -> Math.exp(x) * (1 + y) * Math.cos(k[0] * x + k[1] * y));
      double imaginary =
          rule.integrate((x, y) -> Math.exp(x) * (1 + y) * Math.sin(k[0] * x + k[1] * y));
      assertEquals(real, value.real(), 1e-13);
      assertEquals(imaginary, value.imaginary(), 1e-13);
      assertEquals(Math.hypot(real, imaginary), value.magnitude(), 1e-13);
    }
  }

  @Property(tries = 40)
  void radonTransformIsTheLineIntegral(
      @ForAll @DoubleRange(min = -1.9, max = 1.9) double q,
      @ForAll @DoubleRange(min = -4, max = 4) double phi) {
    DiskInterpolant f = random(9, 8).on(1, 2, 2);
    double half = Math.sqrt(4 - q * q);
    RadialRule rule = RadialRule.ofPower(12, 0); // Gauss-Legendre on [0, 1]
    double[] t = rule.nodes();
    double[] w = rule.weights();
    double integral = 0;
    for (int i = 0; i < t.length; i++) {
      double along = half * (2 * t[i] - 1);
      double x = 1 + q * Math.cos(phi) - along * Math.sin(phi);
      double y = 2 + q * Math.sin(phi) + along * Math.cos(phi);
      integral += 2 * half * w[i] * f.value(x, y);
    }
    assertEquals(integral, f.radon(q, phi), 1e-12);
    assertEquals(0, f.radon(2.5, phi));
  }

  @Test
  void hankelTransformIsTheRadialIntegral() {
    DiskInterpolant f = random(12, 6);
    RadialRule rule = RadialRule.inRadius(60, 0);
    for (int m : new int[] {0, 3, -4, 12}) {
      for (double k : new double[] {0, 0.5, 8, 33}) {
        int order = Math.abs(m);
        double expected =
            rule.integrate(
                r -> {
                  double[] radial = new double[(12 - order) / 2 + 1];
                  new RadialColumn(order, 0, radial.length).values(r, radial);
                  double sum = 0;
                  for (int n = 0; n < radial.length; n++) {
                    sum += radial[n] * f.coefficient(new ZernikeIndex(order + 2 * n, m));
                  }
                  return sum * BesselFunction.value(order, k * r);
                });
        assertEquals(expected, f.hankel(m, k), 1e-14);
      }
    }
    assertEquals(0, f.hankel(13, 2));
  }

  @Test
  void hankelTransformsOfRadialPolynomialsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("hankel.csv")) {
      int p = ZernikeData.integer(row, "p");
      double b = ZernikeData.number(row, "b");
      double given =
          HankelTransform.ofRadial(
              ZernikeData.integer(row, "N"), ZernikeData.integer(row, "n"), p, b);
      double expected = ZernikeData.number(row, "value");
      // the Bessel function is known to rounding of its amplitude b^-1/2
      double amplitude = b == 0 ? 1 : Math.pow(b, -0.5 * p - 1.5);
      double tolerance = 2e-14 * Math.max(Math.abs(expected), b > 10 ? 0.3 * amplitude : 0);
      assertEquals(expected, given, Math.max(tolerance, Double.MIN_VALUE), row.toString());
    }
    assertEquals(0.2659615202676218, HankelTransform.ofRadial(0, 0, 1, 0), 1e-15);
  }

  @Test
  void resamplingMatchesReference() throws IOException {
    String text = Files.readString(ReferenceData.file("zernike", "pupil_transform.json"));
    List<?> cases = Json.parseObject("{\"cases\":" + text + "}").array("cases");
    assertTrue(!cases.isEmpty());
    for (Object item : cases) {
      JsonObject each = (JsonObject) item;
      double[] shift = numbers(each, "shift");
      DiskInterpolant f =
          DiskInterpolant.ofCoefficients(numbers(each, "coefficients_in"), ZernikeBasis.OSA);
      double[] given =
          f.pupilExtrapolated(
                  Double.parseDouble(each.string("scale")),
                  Double.parseDouble(each.string("rotation_rad")),
                  shift[0],
                  shift[1])
              .coefficients(ZernikeBasis.OSA);
      assertArrayEquals(numbers(each, "coefficients_out"), given, 3e-14, text);
    }
  }

  private static double[] numbers(JsonObject object, String key) throws IOException {
    return object.array(key).stream()
        .mapToDouble(number -> Double.parseDouble((String) number))
        .toArray();
  }

  @Test
  void bitsDependNeitherOnThreadsNorOnKernels() {
    DoubleBinaryOperator f = (x, y) -> Math.sin(30 * x + y * y);
    double[] expected = DiskInterpolant.of(f).times(2).coefficients();
    for (int threads : new int[] {1, 3}) {
      assertArrayEquals(
          expected,
          WorkerPool.of(threads).call(() -> DiskInterpolant.of(f).times(2).coefficients()),
          0.0);
    }
    KernelProvider.with(
        KernelProvider.scalar(),
        () -> assertArrayEquals(expected, DiskInterpolant.of(f).times(2).coefficients(), 0.0));
  }

  @Test
  void badInputIsRefused() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> DiskInterpolant.of((x, y) -> x > 0.5 ? Double.NaN : 1));
    assertTrue(e.getMessage().contains("NaN at (0."), e.getMessage());
    DiskInterpolant f = random(3, 1);
    assertThrows(IllegalArgumentException.class, () -> f.plus(f.on(0, 0, 2)));
    assertThrows(IllegalArgumentException.class, () -> f.scale(1.5));
    assertThrows(IllegalArgumentException.class, () -> f.scale(0));
    assertThrows(IllegalArgumentException.class, () -> f.rotate(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> f.truncate(-1));
    assertThrows(IllegalArgumentException.class, () -> f.chop(2));
    assertThrows(IllegalArgumentException.class, () -> f.fourier(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> f.on(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> f.times(Double.POSITIVE_INFINITY));
    assertThrows(
        IllegalArgumentException.class,
        () -> DiskInterpolant.ofCoefficients(new double[] {1, Double.NaN}, ZernikeBasis.OSA));
    assertThrows(IllegalArgumentException.class, () -> HankelTransform.ofRadial(-1, 0, 0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> InterpolationOptions.DEFAULT.withTolerance(0));
    assertTrue(Double.isNaN(f.value(2, 0)));
  }
}
