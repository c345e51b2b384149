package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DiskRuleTest {
  /** A function of the reference file. */
  private static DoubleBinaryOperator function(String name) {
    return switch (name) {
      case "cos20x" -> (x, y) -> Math.cos(20 * x);
      case "runge25" -> (x, y) -> 1 / (1 + 25 * (x * x + y * y));
      case "rho8" -> (x, y) -> Math.pow(x * x + y * y, 4);
      case "j100_150" -> DiskRuleTest::bessel100;
      case "sin80xy" -> (x, y) -> Math.sin(80 * x + y);
      case "cos80xy" -> (x, y) -> Math.cos(80 * x + y);
      case "gauss_off" -> (x, y) -> Math.exp(-10 * (square(x - 0.2) + square(y + 0.1)));
      case "sqrt1mr2" -> (x, y) -> Math.sqrt(Math.max(0, 1 - x * x - y * y));
      case "poly12" -> (x, y) -> Math.pow(1 + x - 2 * y, 12);
      case "exp3x2y" -> (x, y) -> Math.exp(3 * x - 2 * y);
      default -> throw new AssertionError("unknown function " + name);
    };
  }

  private static double square(double x) {
    return x * x;
  }

  private static double bessel100(double x, double y) {
    double r = Math.hypot(x, y);
    return BesselFunction.value(100, 150 * r) * Math.cos(100 * Math.atan2(y, x));
  }

  private static DiskRule rule(Map<String, String> row) {
    int m = ZernikeData.integer(row, "radial_nodes");
    int k = ZernikeData.integer(row, "angular_nodes");
    return row.get("rule").equals("A") ? DiskRule.inRadius(m, k) : DiskRule.inSquaredRadius(m, k);
  }

  @Test
  void valuesOfRulesMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("disk_quadrature.csv")) {
      DiskRule rule = rule(row);
      DoubleBinaryOperator f = function(row.get("function"));
      double expected = ZernikeData.number(row, "rule_value");
      // angles 100 theta and arguments 80 x carry rounding errors of their own
      double size = rule.integrate((x, y) -> Math.abs(f.applyAsDouble(x, y)));
      assertEquals(expected, rule.integrate(f), 2e-14 * size, row.toString());
      assertEquals(expected, rule.integrateSamples(rule.sample(f)), 2e-14 * size, row.toString());
    }
  }

  @Test
  void estimateIsAboveTheErrorForSmoothFunctions() {
    DoubleBinaryOperator f = (x, y) -> Math.cos(20 * x);
    DiskIntegral integral = DiskRule.inRadius(16, 40).integrateWithEstimate(f);
    double error = Math.abs(integral.value() - 2.099624519273049e-2);
    assertTrue(error < integral.difference() && integral.difference() < 0.1, integral.toString());
  }

  /** {@code int x^i y^k} over the unit disk, by the Gamma function of halves. */
  private static double monomial(int i, int k) {
    if (i % 2 == 1 || k % 2 == 1) {
      return 0;
    }
    // 2 Gamma((i+1)/2) Gamma((k+1)/2) / Gamma((i+k)/2 + 1) / (i + k + 2)
    double value = 2 * Math.PI / (i + k + 2);
    for (int j = 1; j <= i / 2; j++) {
      value *= (j - 0.5) / j;
    }
    for (int j = 1; j <= k / 2; j++) {
      value *= (j - 0.5) / (j + i / 2);
    }
    return value;
  }

  @Property(tries = 200)
  void smallestRuleIsExactForPolynomialsOfItsDegree(
      @ForAll @IntRange(min = 0, max = 30) int i, @ForAll @IntRange(min = 0, max = 30) int k) {
    DiskRule rule = DiskRule.exactTo(i + k);
    double value = rule.integrate((x, y) -> Math.pow(x, i) * Math.pow(y, k));
    assertEquals(monomial(i, k), value, 1e-15);
    DiskRule inRadius = DiskRule.inRadius((i + k) / 2 + 1, i + k + 1);
    assertEquals(
        monomial(i, k), inRadius.integrate((x, y) -> Math.pow(x, i) * Math.pow(y, k)), 1e-15);
  }

  @Test
  void ordersThatAreMultiplesOfTheAnglesAlias() {
    DoubleBinaryOperator f =
        (x, y) -> Math.pow(Math.hypot(x, y), 6) * Math.cos(6 * Math.atan2(y, x));
    assertEquals(0, DiskRule.inRadius(10, 7).integrate(f), 1e-15);
    assertEquals(Math.PI / 4, DiskRule.inRadius(10, 6).integrate(f), 1e-14);
  }

  @Property(tries = 100)
  void weightsAddUpToTheArea(
      @ForAll @IntRange(min = 1, max = 200) int rings,
      @ForAll @IntRange(min = 2, max = 200) int angles,
      @ForAll @DoubleRange(min = 0.01, max = 100) double radius) {
    for (DiskRule unit :
        new DiskRule[] {
          DiskRule.inRadius(rings, angles), DiskRule.inSquaredRadius(rings, angles)
        }) {
      DiskRule rule = unit.on(3, -4, radius);
      double area = Math.PI * radius * radius;
      assertEquals(area, rule.integrate((x, y) -> 1), 1e-13 * area);
      double sum = 0;
      for (int i = 0; i < rings; i++) {
        sum += angles * rule.weight(i);
      }
      assertEquals(area, sum, 1e-13 * area);
      // the moment of x about the centre
      assertEquals(3 * area, rule.integrate((x, y) -> x), 1e-12 * area * (3 + radius));
    }
  }

  @Test
  void manyPointsAtOnceGiveTheSameBits() {
    DiskRule rule = DiskRule.inRadius(30, 61).on(0.5, 0.25, 2);
    double one = rule.integrate((x, y) -> x * y + y);
    double many =
        rule.integrate(
            (double[] x, double[] y, double[] out) -> {
              for (int i = 0; i < x.length; i++) {
                out[i] = x[i] * y[i] + y[i];
              }
            });
    assertEquals(one, many);
  }

  @Test
  void badInputIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> DiskRule.inRadius(0, 5));
    assertThrows(IllegalArgumentException.class, () -> DiskRule.inSquaredRadius(5, 0));
    assertThrows(IllegalArgumentException.class, () -> DiskRule.exactTo(-1));
    assertThrows(IllegalArgumentException.class, () -> DiskRule.exactTo(3).on(0, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> DiskRule.exactTo(3).on(Double.NaN, 0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> DiskRule.exactTo(3).integrateSamples(new double[3]));
    assertThrows(
        IllegalArgumentException.class,
        () -> DiskRule.inRadius(100_000, 100_000).sample((x, y) -> 1));
  }
}
