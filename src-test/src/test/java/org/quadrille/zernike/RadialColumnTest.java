package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RadialColumnTest {
  private static double value(int order, int n, int p, double x) {
    double[] values = new double[n + 1];
    new RadialColumn(order, p, n + 1).values(x, values);
    return values[n];
  }

  @Test
  void valuesMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("radial_values.csv")) {
      int order = ZernikeData.integer(row, "N");
      int n = ZernikeData.integer(row, "n");
      int p = ZernikeData.integer(row, "p");
      double x = ZernikeData.number(row, "x");
      double expected = ZernikeData.number(row, "R");
      double amplitude =
          x == 0 ? Math.max(1, Math.abs(expected)) : Math.max(1, Math.pow(x, -0.5 * p));
      String name = "N = " + order + ", n = " + n + ", p = " + p + ", x = " + x;
      assertEquals(expected, value(order, n, p, x), 4e-14 * amplitude, name);
    }
  }

  @Property(tries = 200)
  void isOneAtTheEdge(
      @ForAll @IntRange(min = 0, max = 5000) int order,
      @ForAll @IntRange(min = 0, max = 500) int n,
      @ForAll @IntRange(min = 0, max = 5) int p) {
    assertEquals(1, value(order, n, p, 1));
  }

  /** Janssen and Dirksen 2007: an average of Chebyshev polynomials of the second kind. */
  @Property(tries = 200)
  void equalsTheAverageOfChebyshevPolynomialsOnTheDisk(
      @ForAll @IntRange(min = 0, max = 60) int order,
      @ForAll @IntRange(min = 0, max = 60) int n,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double x) {
    int degree = order + 2 * n;
    int points = degree + order + 1;
    double sum = 0;
    for (int k = 0; k < points; k++) {
      double angle = 2 * Math.PI * k / points;
      double inner = Math.acos(x * Math.cos(angle));
      sum += Math.sin((degree + 1) * inner) / Math.sin(inner) * Math.cos(order * angle);
    }
    assertEquals(sum / points, value(order, n, 0, x), 2e-15 * (degree + 1));
  }

  @Property(tries = 200)
  void fourTermRelationHolds(
      @ForAll @IntRange(min = 1, max = 200) int order,
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll @IntRange(min = 0, max = 4) int p,
      @ForAll @DoubleRange(min = 0.01, max = 1) double x) {
    // R_{N,n} + R_{N,n-1} = x (R_{N-1,n} + R_{N+1,n-1})
    double left = value(order, n, p, x) + value(order, n - 1, p, x);
    double right = x * (value(order - 1, n, p, x) + value(order + 1, n - 1, p, x));
    assertEquals(left, right, 4e-15 * Math.max(1, Math.pow(x, -0.5 * p)));
  }

  @Property(tries = 100)
  void squareAndRadiusGiveTheSame(
      @ForAll @IntRange(min = 0, max = 300) int order,
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 1023) int k) {
    double x = k / 1024.0; // its square and the complement are exact
    RadialColumn column = new RadialColumn(order, 0, count);
    double[] byRadius = new double[count];
    double[] bySquare = new double[count];
    column.values(x, byRadius);
    column.values(x * x, 1 - x * x, bySquare);
    for (int n = 0; n < count; n++) {
      assertEquals(byRadius[n], bySquare[n], 2e-14);
    }
  }

  @Property(tries = 100)
  void hasTheParityOfItsOrder(
      @ForAll @IntRange(min = 0, max = 50) int order,
      @ForAll @IntRange(min = 0, max = 50) int n,
      @ForAll @DoubleRange(min = 0, max = 1) double x) {
    double sign = order % 2 == 0 ? 1 : -1;
    assertEquals(sign * value(order, n, 0, x), value(order, n, 0, -x), Double.MIN_VALUE);
  }

  @Test
  void originIsExact() {
    assertEquals(0, value(3, 5, 0, 0), Double.MIN_VALUE);
    assertEquals(1, value(0, 4, 0, 0));
    assertEquals(-1, value(0, 5, 0, 0));
    assertEquals(10, value(0, 2, 6, 0), 1e-14); // C(2 + 3, 2)
  }

  @Test
  void powersBelowTheRangeOfDoublesDoNotLoseLargeValues() {
    // x^3000 is 1e-478, R itself is not small: the relation of neighbours still holds
    double x = 0.693;
    double left = value(3000, 2500, 0, x) + value(3000, 2499, 0, x);
    double right = x * (value(2999, 2500, 0, x) + value(3001, 2499, 0, x));
    assertTrue(Math.abs(left) > 1e-4, "left " + left);
    assertEquals(left, right, 1e-12);
  }

  @Test
  void nanStaysNanAndBadSizesAreRefused() {
    assertTrue(Double.isNaN(value(2, 3, 0, Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> new RadialColumn(-1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new RadialColumn(0, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new RadialColumn(0, 0, 3).values(0.5, new double[2]));
  }
}
