package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ZernikeRadialTest {
  private static ZernikeRadial radial(Map<String, String> row) {
    return ZernikeRadial.of(
        ZernikeData.integer(row, "N"),
        ZernikeData.integer(row, "n"),
        ZernikeData.integer(row, "p"));
  }

  private static double amplitude(double x, int p, double atOrigin) {
    return x == 0 ? Math.max(1, Math.abs(atOrigin)) : Math.max(1, Math.pow(x, -0.5 * p));
  }

  @Test
  void valuesAndDerivativesMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("radial_values.csv")) {
      ZernikeRadial radial = radial(row);
      double x = ZernikeData.number(row, "x");
      double expected = ZernikeData.number(row, "R");
      double amplitude = amplitude(x, radial.p(), expected);
      double square = Math.max(1, (double) radial.degree() * radial.degree());
      String name = radial + " at " + x;
      assertEquals(expected, radial.value(x), 4e-15 * amplitude, name);
      assertEquals(
          ZernikeData.number(row, "Rbar"),
          radial.orthonormal(x),
          4e-15 * amplitude * radial.orthonormalFactor(),
          name);
      assertEquals(
          ZernikeData.number(row, "dR"), radial.derivative(x), 2e-15 * square * amplitude, name);
      assertEquals(
          ZernikeData.number(row, "d2R"),
          radial.secondDerivative(x),
          1e-15 * square * square * amplitude,
          name);
    }
  }

  @Test
  void weightedFunctionsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("t_functions.csv")) {
      ZernikeRadial radial = radial(row);
      double x = ZernikeData.number(row, "x");
      double square = Math.max(1, (double) radial.degree() * radial.degree());
      String name = radial + " at " + x;
      assertEquals(ZernikeData.number(row, "T"), radial.weighted(x), 5e-16, name);
      assertEquals(
          ZernikeData.number(row, "Tbar"),
          radial.weightedOrthonormal(x),
          5e-16 * radial.orthonormalFactor(),
          name);
      assertEquals(
          ZernikeData.number(row, "dT"), radial.weightedDerivative(x), 5e-16 * square, name);
      double chi = ZernikeData.number(row, "chi");
      assertEquals(chi, radial.eigenvalue(), 1e-15 * chi, name);
    }
  }

  /** Coefficient of x^(d-2k): (-1)^k (d-k)! / (k! ((d+N)/2-k)! ((d-N)/2-k)!), summed exactly. */
  @Property(tries = 150)
  void equalsTheExplicitSumOnTheDisk(
      @ForAll @IntRange(min = 0, max = 25) int order,
      @ForAll @IntRange(min = 0, max = 20) int n,
      @ForAll @DoubleRange(min = 0, max = 1) double x) {
    int degree = order + 2 * n;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k <= n; k++) {
      BigInteger coefficient =
          factorial(degree - k)
              .divide(factorial(k))
              .divide(factorial(order + n - k))
              .divide(factorial(n - k));
      BigDecimal term = new BigDecimal(coefficient).multiply(new BigDecimal(x).pow(degree - 2 * k));
      sum = (k & 1) == 0 ? sum.add(term) : sum.subtract(term);
    }
    assertEquals(sum.doubleValue(), ZernikeRadial.ofDegree(degree, -order).value(x), 1e-15);
  }

  private static BigInteger factorial(int k) {
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= k; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return product;
  }

  /** x^2(1-x^2)R'' + x((p+1)-(p+3)x^2)R' + [d(d+p+2)x^2 - N(N+p)]R = 0. */
  @Property(tries = 200)
  void derivativesSatisfyTheDifferentialEquation(
      @ForAll @IntRange(min = 0, max = 60) int order,
      @ForAll @IntRange(min = 0, max = 60) int n,
      @ForAll @IntRange(min = 0, max = 3) int p,
      @ForAll @DoubleRange(min = 0.1, max = 1) double x) {
    ZernikeRadial radial = ZernikeRadial.of(order, n, p);
    double d = radial.degree();
    double t = x * x;
    double residual =
        t * (1 - t) * radial.secondDerivative(x)
            + x * ((p + 1) - (p + 3) * t) * radial.derivative(x)
            + (d * (d + p + 2) * t - (double) order * (order + p)) * radial.value(x);
    double scale = Math.max(1, Math.pow(x, -0.5 * p)) * Math.pow(d + p + 2, 2);
    assertEquals(0, residual, 2e-14 * scale);
  }

  @Property(tries = 100)
  void derivativesHaveTheirParity(
      @ForAll @IntRange(min = 0, max = 9) int order,
      @ForAll @IntRange(min = 0, max = 9) int n,
      @ForAll @DoubleRange(min = 0, max = 1) double x) {
    ZernikeRadial radial = ZernikeRadial.of(order, n, 0).withOutside(Outside.EXTRAPOLATE);
    double sign = order % 2 == 0 ? 1 : -1;
    assertEquals(sign * radial.value(x), radial.value(-x), Double.MIN_VALUE);
    assertEquals(-sign * radial.derivative(x), radial.derivative(-x), Double.MIN_VALUE);
    assertEquals(sign * radial.secondDerivative(x), radial.secondDerivative(-x), Double.MIN_VALUE);
  }

  @Test
  void endsAreExact() {
    for (int n = 0; n < 6; n++) {
      assertEquals(1, ZernikeRadial.of(7, n, 3).value(1));
      // R'(1) = N + 2n(n+a+1)
      assertEquals(7 + 2 * n * (n + 8.5 + 1), ZernikeRadial.of(7, n, 3).derivative(1), 1e-13);
      double sign = n % 2 == 0 ? 1 : -1;
      assertEquals(sign, ZernikeRadial.of(0, n, 0).value(0));
      assertEquals(sign * (n + 1), ZernikeRadial.of(1, n, 0).derivative(0), 1e-14);
      assertEquals(0, ZernikeRadial.of(2, n, 0).derivative(0), 0.0);
      assertEquals(
          sign * Double.POSITIVE_INFINITY, ZernikeRadial.of(0, n, 0).weightedDerivative(0));
      assertEquals(
          ZernikeRadial.of(0, n, 1).value(0), ZernikeRadial.of(0, n, 1).weightedDerivative(0));
      assertEquals(0, ZernikeRadial.of(0, n, 2).weightedDerivative(0), 0.0);
      assertEquals(0, ZernikeRadial.of(1, n, 0).weightedDerivative(0), 0.0);
    }
  }

  @Test
  void hugeDegreesAndDimensionsEndInInfinityNotInAnException() {
    // C(2000 + 1000, 2000) is 1e827
    assertEquals(Double.POSITIVE_INFINITY, ZernikeRadial.of(0, 2000, 2000).value(0));
    assertEquals(Double.NEGATIVE_INFINITY, ZernikeRadial.of(0, 2001, 2000).value(0));
    assertEquals(0, ZernikeRadial.of(1_000_000, 3, 0).value(0.5), 0.0);
  }

  @Test
  void pointsOutsideAreTreatedAsAsked() {
    ZernikeRadial radial = ZernikeRadial.of(2, 1, 0); // 4 x^4 - 3 x^2
    for (double x : new double[] {-0.1, 1.5, Double.POSITIVE_INFINITY, Double.NaN}) {
      assertTrue(Double.isNaN(radial.value(x)));
      assertTrue(Double.isNaN(radial.derivative(x)));
      assertTrue(Double.isNaN(radial.secondDerivative(x)));
      assertTrue(Double.isNaN(radial.weighted(x)));
      assertTrue(Double.isNaN(radial.weightedDerivative(x)));
    }
    ZernikeRadial extrapolated = radial.withOutside(Outside.EXTRAPOLATE);
    assertEquals(13.5, extrapolated.value(1.5), 1e-13);
    assertEquals(45, extrapolated.derivative(1.5), 1e-12);
    assertEquals(102, extrapolated.secondDerivative(1.5), 1e-12);
    ZernikeRadial strict = radial.withOutside(Outside.THROW);
    assertThrows(IllegalArgumentException.class, () -> strict.value(1.0000001));
    assertThrows(IllegalArgumentException.class, () -> strict.derivative(-1e-9));
    assertTrue(Double.isNaN(strict.value(Double.NaN)));
  }

  @Test
  void badIndicesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> ZernikeRadial.of(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> ZernikeRadial.of(0, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> ZernikeRadial.of(0, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> ZernikeRadial.ofDegree(3, 2));
    assertThrows(IllegalArgumentException.class, () -> ZernikeRadial.ofDegree(3, 5));
    RadialColumn column = new RadialColumn(0, 0, 3);
    double[] three = new double[3];
    assertThrows(
        IllegalArgumentException.class, () -> column.derivatives(0.5, three, new double[2], three));
  }
}
