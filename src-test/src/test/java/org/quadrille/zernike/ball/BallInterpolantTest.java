package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BallInterpolantTest {
  private static final BallFunction SMOOTH = (x, y, z) -> Math.exp(x - y * z) + Math.sin(2 * z);

  @Test
  void smoothFunctionsAreFoundToTheTolerance() {
    BallInterpolant f = BallInterpolant.of(SMOOTH, 1e-13);
    Random random = new Random(1);
    double[][] points = new double[3][200];
    for (int i = 0; i < 200; i++) {
      double scale = Math.cbrt(random.nextDouble());
      double[] direction = new double[3];
      double length = 0;
      for (int k = 0; k < 3; k++) {
        direction[k] = random.nextGaussian();
        length = Math.hypot(length, direction[k]);
      }
      for (int k = 0; k < 3; k++) {
        points[k][i] = scale * direction[k] / length;
      }
    }
    double[] values = f.values(points[0], points[1], points[2]);
    for (int i = 0; i < values.length; i++) {
      double expected = SMOOTH.at(points[0][i], points[1][i], points[2][i]);
      assertEquals(expected, values[i], 2e-12);
      assertEquals(values[i], f.value(points[0][i], points[1][i], points[2][i]), 0);
    }
    assertEquals(SMOOTH.at(0, 0, 0), f.value(0, 0, 0), 1e-13);
    assertEquals(SMOOTH.at(0, 0, 1), f.value(0, 0, 1), 1e-11);
  }

  @Test
  void integralAndNormAreThoseOfTheRule() {
    BallInterpolant f = BallInterpolant.of(SMOOTH, 1e-14);
    BallRule rule = BallRule.ofDegree(3, 40);
    double integral = rule.integrate(x -> SMOOTH.at(x[0], x[1], x[2]));
    double squares = rule.integrate(x -> Math.pow(SMOOTH.at(x[0], x[1], x[2]), 2));
    assertEquals(integral, f.integrate(), 1e-13 * Math.abs(integral));
    assertEquals(Math.sqrt(squares), f.norm(), 1e-13 * f.norm());
  }

  @Test
  void sumsAndProductsAreThoseOfTheFunctions() {
    BallInterpolant f = BallInterpolant.ofDegree((x, y, z) -> 1 + x * y - z * z * z, 3);
    BallInterpolant g = BallInterpolant.ofDegree((x, y, z) -> y - 2 * x * z, 2);
    BallInterpolant sum = f.plus(-3, g);
    BallInterpolant product = f.times(g);
    assertEquals(5, product.degree());
    assertEquals(3, sum.degree());
    double x = 0.3;
    double y = -0.5;
    double z = 0.6;
    double first = 1 + x * y - z * z * z;
    double second = y - 2 * x * z;
    assertEquals(first - 3 * second, sum.value(x, y, z), 1e-14);
    assertEquals(first * second, product.value(x, y, z), 1e-14);
    assertArrayEquals(
        f.coefficients(),
        BallInterpolant.ofDegree((a, b, c) -> 1 + a * b - c * c * c, 9)
            .truncate(1e-13)
            .coefficients(),
        1e-14);
  }

  @Test
  void rotatedFunctionsHaveTheSameInvariants() {
    double angle = 0.83;
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    BallFunction f = (x, y, z) -> Math.exp(x) * (1 + y * z) + z * z * z;
    // about the y axis, then about the x axis
    BallFunction rotated =
        (x, y, z) -> {
          double x1 = c * x + s * z;
          double z1 = -s * x + c * z;
          return f.at(x1, c * y - s * z1, s * y + c * z1);
        };
    double[] expected = BallInterpolant.ofDegree(f, 20).rotationInvariants();
    double[] actual = BallInterpolant.ofDegree(rotated, 20).rotationInvariants();
    assertArrayEquals(expected, actual, 1e-13);
    assertEquals(0, expected[expected.length - 1], 1e-12);
    assertTrue(expected[0] > 1);
  }

  @Test
  void badInput() {
    BallInterpolant f = BallInterpolant.ofDegree((x, y, z) -> x, 1);
    assertTrue(Double.isNaN(f.value(1, 0.1, 0)));
    assertTrue(Double.isNaN(f.value(Double.NaN, 0, 0)));
    assertMessage("given 2 numbers", () -> BallInterpolant.ofCoefficients(1, new double[2]));
    assertMessage("tolerance: given 0", () -> BallInterpolant.of((x, y, z) -> x, 0));
    assertMessage("given 2, 1 and 2", () -> f.values(new double[2], new double[1], new double[2]));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
