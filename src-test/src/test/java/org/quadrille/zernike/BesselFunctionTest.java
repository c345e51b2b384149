package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BesselFunctionTest {
  private static final MathContext DIGITS = new MathContext(80);

  /** Power series {@code sum (-1)^k (x/2)^(2k+n) / (k! (n+k)!)} in 80 digits. */
  private static double series(int n, double x) {
    BigDecimal half = new BigDecimal(x).divide(BigDecimal.TWO);
    BigDecimal square = half.multiply(half).negate();
    BigDecimal term = half.pow(n, DIGITS);
    for (int k = 2; k <= n; k++) {
      term = term.divide(BigDecimal.valueOf(k), DIGITS);
    }
    BigDecimal sum = term;
    for (int k = 1; k < 400; k++) {
      term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf((long) k * (n + k)), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum.doubleValue();
  }

  @Property(tries = 150)
  void integerOrdersEqualThePowerSeries(
      @ForAll @IntRange(min = 0, max = 200) int order,
      @ForAll @DoubleRange(min = -80, max = 80) double x) {
    double expected = series(order, x);
    double amplitude = order < Math.abs(x) ? 1 / Math.sqrt(1 + Math.abs(x)) : Math.abs(expected);
    assertEquals(expected, BesselFunction.value(order, x), 2e-14 * amplitude);
  }

  /**
   * Bessel's integral {@code (1/pi) int cos(n angle - x sin angle)}, a sum of equispaced values.
   */
  @Property(tries = 60)
  void integerOrdersEqualBesselsIntegral(
      @ForAll @IntRange(min = 0, max = 900) int order,
      @ForAll @DoubleRange(min = 0, max = 900) double x) {
    int points = 2200;
    double sum = 0;
    for (int k = 0; k < points; k++) {
      double angle = 2 * Math.PI * k / points;
      sum += Math.cos(order * angle - x * Math.sin(angle));
    }
    assertEquals(sum / points, BesselFunction.value(order, x), 1e-13);
  }

  @Property(tries = 100)
  void lowestHalfIntegerOrdersAreElementary(@ForAll @DoubleRange(min = 0.01, max = 2000) double x) {
    double[] j = new double[4];
    BesselFunction.halfIntegerOrders(x, j);
    double size = Math.sqrt(2 / (Math.PI * x));
    assertEquals(size * Math.sin(x), j[0], 2e-15 * size);
    if (x > 1) {
      assertEquals(size * (Math.sin(x) / x - Math.cos(x)), j[1], 4e-15 * size);
    }
    // the next ones by their own power series for small x: J_{5/2} ~ x^{5/2} (2/pi)^{1/2} / 15
    if (x < 0.5) {
      double leading = Math.sqrt(2 / Math.PI) * Math.pow(x, 2.5) / 15;
      double q = x * x / 4;
      double expected = leading * (1 - q / 3.5 * (1 - q / 9 * (1 - q / 16.5 * (1 - q / 26))));
      assertEquals(expected, j[2], 1e-10 * leading);
    }
  }

  @Property(tries = 200)
  void neighboursSatisfyTheirRecurrence(
      @ForAll @IntRange(min = 3, max = 1500) int count,
      @ForAll @DoubleRange(min = 0.5, max = 1500) double x,
      @ForAll boolean half) {
    double[] j = new double[count];
    if (half) {
      BesselFunction.halfIntegerOrders(x, j);
    } else {
      BesselFunction.integerOrders(x, j);
    }
    double[] longer = new double[count + 7];
    BesselFunction.integerOrders(x, longer);
    for (int k = 1; k + 1 < count; k++) {
      double a = k + (half ? 0.5 : 0);
      double scale = Math.abs(2 * a / x * j[k]) + Math.abs(j[k - 1]) + Math.abs(j[k + 1]);
      assertEquals(0, j[k - 1] + j[k + 1] - 2 * a / x * j[k], 2e-14 * scale + 1e-300);
      if (!half) {
        assertEquals(j[k], longer[k], 1e-13 * Math.max(Math.abs(j[k]), k < x ? 0.03 : 0));
      }
    }
  }

  @Test
  void specialArguments() {
    double[] j = new double[3];
    BesselFunction.integerOrders(0, j);
    assertArrayEquals(new double[] {1, 0, 0}, j);
    BesselFunction.halfIntegerOrders(0, j);
    assertArrayEquals(new double[] {0, 0, 0}, j);
    BesselFunction.integerOrders(Double.POSITIVE_INFINITY, j);
    assertArrayEquals(new double[] {0, 0, 0}, j);
    assertTrue(Double.isNaN(BesselFunction.value(2, Double.NaN)));
    assertEquals(0, BesselFunction.value(500, 1e-3), Double.MIN_VALUE);
    assertEquals(-BesselFunction.value(3, 7), BesselFunction.value(3, -7));
    assertEquals(1.25e-7, BesselFunction.value(2, 1e-3), 1e-13); // x^2 / 8
    BesselFunction.integerOrders(3, new double[0]);
  }

  @Test
  void zerosAreWhereTheyAre() {
    // the first zeros of J_0 and J_1, the hundredth of J_0 (Abramowitz and Stegun, table 9.5)
    assertEquals(0, BesselFunction.value(0, 2.404825557695773), 1e-16 * 4);
    assertEquals(0, BesselFunction.value(1, 3.831705970207512), 1e-16 * 4);
    assertEquals(0, BesselFunction.value(0, 313.37426607752784), 4e-15);
  }

  @Test
  void badInputIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> BesselFunction.value(-1, 2));
    assertThrows(IllegalArgumentException.class, () -> BesselFunction.value(0.3, 2));
    assertThrows(IllegalArgumentException.class, () -> BesselFunction.value(1.5, -2));
  }
}
