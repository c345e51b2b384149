package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.zernike.RadialRule;

class GpsfTest {
  @Test
  void eigenvaluesAndCoefficientsOfTheReference() {
    for (Map<String, String> row : ReferenceData.csv("zernike", "gpsf.csv")) {
      int n = Integer.parseInt(row.get("n"));
      Gpsf functions =
          new Gpsf(
              Double.parseDouble(row.get("c")),
              Integer.parseInt(row.get("N")),
              Integer.parseInt(row.get("p")),
              n + 1);
      double chi = Double.parseDouble(row.get("chi"));
      double gamma = Double.parseDouble(row.get("gamma"));
      assertEquals(chi, functions.chi(n), 2e-15 * chi, row.toString());
      assertEquals(gamma, functions.gamma(n), 1e-14 * Math.abs(gamma), row.toString());
      for (int k = 0; k < 4; k++) {
        double expected = Double.parseDouble(row.get("d" + k));
        double limit = 1e-13 * Math.abs(expected);
        assertEquals(expected, functions.coefficients(n)[k], limit, row + ", " + k);
      }
    }
  }

  /** By quadrature: the functions are orthonormal and solve the integral equation for a = 1/2. */
  @Test
  void functionsSolveTheIntegralEquation() {
    // a = 1/2: J_a(z) z^(1/2) = (2/pi)^(1/2) sin z, the odd functions of one dimension
    Gpsf functions = new Gpsf(12, 0, 1, 6);
    RadialRule rule = RadialRule.ofPower(60, 0);
    for (int n = 0; n < 6; n++) {
      for (int k = 0; k <= n; k++) {
        int first = n;
        int second = k;
        double product =
            rule.integrate(x -> functions.value(first, x) * functions.value(second, x));
        assertEquals(n == k ? 1 : 0, product, 1e-13, n + ", " + k);
      }
      for (double x : new double[] {0.1, 0.5, 0.9, 1}) {
        int number = n;
        double integral =
            rule.integrate(
                r -> Math.sqrt(2 / Math.PI) * Math.sin(12 * x * r) * functions.value(number, r));
        assertEquals(functions.gamma(n) * functions.value(n, x), integral, 1e-13, n + " at " + x);
      }
    }
  }

  @Property(tries = 30)
  void differentialEquationHolds(
      @ForAll @DoubleRange(min = 0.1, max = 60) double c,
      @ForAll @IntRange(min = 0, max = 10) int order,
      @ForAll @IntRange(min = 0, max = 3) int p,
      @ForAll @IntRange(min = 0, max = 8) int n) {
    Gpsf functions = new Gpsf(c, order, p, n + 1);
    double a = order + 0.5 * p;
    double x = 0.6;
    double h = 1e-3;
    double before = functions.value(n, x - h);
    double here = functions.value(n, x);
    double after = functions.value(n, x + h);
    double second = (after - 2 * here + before) / (h * h);
    double first = (after - before) / (2 * h);
    double potential = (0.25 - a * a) / (x * x) - c * c * x * x + functions.chi(n);
    double residual = (1 - x * x) * second - 2 * x * first + potential * here;
    // central differences are off by h^2 times derivatives of order four, chi^2 in size
    double scale = functions.chi(n) + c * c + a * a / (x * x);
    assertEquals(0, residual, 5 * h * h * scale * scale + 1e-6 * scale);
    for (int k = 1; k <= n; k++) {
      assertTrue(functions.chi(k) > functions.chi(k - 1));
      assertTrue(Math.abs(functions.gamma(k)) < Math.abs(functions.gamma(k - 1)) * (1 + 1e-13));
    }
    assertTrue(functions.concentration(0) <= 1 + 1e-13);
  }

  @Test
  void smallEigenvaluesKeepTheirDigits() {
    // for c to 0, gamma_n = (-1)^n c^(2n+1/2) n!^2 / (2^(2n+1) (2n)! (2n+1)!) for a = 0
    double c = 1e-3;
    Gpsf functions = new Gpsf(c, 0, 0, 12);
    double expected = 0.5 * Math.sqrt(c);
    for (int n = 0; n < 12; n++) {
      assertEquals(expected, functions.gamma(n), 1e-6 * Math.abs(expected), "n = " + n);
      double next = 2.0 * n + 1;
      expected *= -c * c * (n + 1) * (n + 1) / (4 * next * (next + 1) * (next + 1) * (next + 2));
    }
  }

  @Test
  void badInput() {
    Gpsf functions = new Gpsf(5, 0, 0, 2);
    assertTrue(Double.isNaN(functions.value(0, 1.1)));
    assertTrue(Double.isNaN(functions.value(0, Double.NaN)));
    assertMessage("bandwidth 0.0", () -> new Gpsf(0, 0, 0, 1));
    assertMessage("order -1", () -> new Gpsf(1, -1, 0, 1));
    assertMessage("given 2", () -> functions.gamma(2));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
