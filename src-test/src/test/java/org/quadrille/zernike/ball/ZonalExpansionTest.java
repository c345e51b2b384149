package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ZonalExpansionTest {
  @Property(tries = 40)
  void exponentialsAreReproducedInAnyDimension(
      @ForAll @IntRange(min = 2, max = 7) int dimension,
      @ForAll @DoubleRange(min = 0, max = 1) double r,
      @ForAll @DoubleRange(min = -1, max = 1) double c) {
    ZonalExpansion f = ZonalExpansion.ofDegree(dimension, 40, (x, y) -> Math.exp(5 * x * y));
    // R grows like r^(-p/2) towards the centre, and with it the error
    double amplitude = Math.min(Math.pow(r, 1 - 0.5 * dimension), 1e4);
    double limit = 1e-13 * Math.exp(5) * Math.max(1, amplitude);
    assertEquals(Math.exp(5 * r * c), f.value(r, c), limit, dimension + ": " + r + ", " + c);
  }

  @Test
  void integralAndNormAreThoseOfTheRule() {
    for (int dimension = 2; dimension <= 5; dimension++) {
      ZonalExpansion f = ZonalExpansion.ofDegree(dimension, 36, (r, c) -> Math.exp(3 * r * c));
      BallRule rule = BallRule.ofDegree(dimension, 30);
      int last = dimension - 1;
      double integral = rule.integrate(x -> Math.exp(3 * x[last]));
      double squares = rule.integrate(x -> Math.exp(6 * x[last]));
      assertEquals(integral, f.integrate(), 1e-13 * integral, "D = " + dimension);
      assertEquals(Math.sqrt(squares), f.norm(), 1e-13 * f.norm(), "D = " + dimension);
    }
  }

  @Test
  void modesHaveOneCoefficient() {
    // on the disk: R_3^1(r) cos gamma, R = 3 r^3 - 2 r
    ZonalExpansion disk = ZonalExpansion.ofDegree(2, 9, (r, c) -> (3 * r * r * r - 2 * r) * c);
    // in space: R_{2,0}(r) P_2(c) = r^2 (3 c^2 - 1) / 2
    ZonalExpansion space = ZonalExpansion.ofDegree(3, 8, (r, c) -> r * r * (1.5 * c * c - 0.5));
    for (int order = 0; order <= 8; order++) {
      for (int n = 0; order + 2 * n <= 8; n++) {
        assertEquals(order == 1 && n == 1 ? 1 : 0, disk.coefficient(order, n), 1e-14);
        assertEquals(order == 2 && n == 0 ? 1 : 0, space.coefficient(order, n), 1e-14);
      }
    }
  }

  @Test
  void fourierTransformsAreThoseOfTheRule() {
    for (int dimension = 2; dimension <= 5; dimension++) {
      ZonalExpansion f = ZonalExpansion.ofDegree(dimension, 30, (r, c) -> Math.exp(2 * r * c));
      BallRule rule = BallRule.ofDegree(dimension, 34);
      int last = dimension - 1;
      double k = 4.5;
      double c = 0.6;
      var phase =
          (java.util.function.ToDoubleFunction<double[]>) x -> k * (c * x[last] + 0.8 * x[0]);
      double real = rule.integrate(x -> Math.exp(2 * x[last]) * Math.cos(phase.applyAsDouble(x)));
      double imaginary =
          rule.integrate(x -> Math.exp(2 * x[last]) * Math.sin(phase.applyAsDouble(x)));
      assertEquals(real, f.fourier(k, c).real(), 1e-12, "D = " + dimension);
      assertEquals(imaginary, f.fourier(k, c).imaginary(), 1e-12, "D = " + dimension);
      assertEquals(f.integrate(), f.fourier(0, 1).real(), 0);
      assertEquals(f.integrate(), f.fourier(1e-9, 1).real(), 1e-13 * f.integrate());
    }
  }

  @Test
  void functionsOfTheRadiusHaveOrderZeroOnly() {
    ZonalExpansion f = ZonalExpansion.ofRadius(4, 60, r -> 1 / (1 + r * r));
    assertEquals(1 / 1.25, f.value(0.5, 0.3), 1e-13);
    for (int order = 1; order <= 10; order++) {
      assertEquals(0, f.coefficient(order, 2), 1e-13);
    }
    // 2 pi^2 integral of r^3 / (1 + r^2) = pi^2 (1 - log 2)
    double exact = Math.PI * Math.PI * (1 - Math.log(2));
    assertEquals(exact, f.integrate(), 1e-13 * exact);
  }

  @Test
  void badInput() {
    ZonalExpansion f = ZonalExpansion.ofDegree(3, 2, (r, c) -> r * c);
    assertTrue(Double.isNaN(f.value(1.5, 0)));
    assertTrue(Double.isNaN(f.value(0.5, Double.NaN)));
    assertMessage("dimension 1", () -> ZonalExpansion.ofDegree(1, 2, (r, c) -> 1));
    assertMessage("f is NaN", () -> ZonalExpansion.ofDegree(3, 2, (r, c) -> Double.NaN));
    assertMessage("k = -1.0", () -> f.fourier(-1, 0));
    assertMessage("N = 2, n = 1", () -> f.coefficient(2, 1));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
