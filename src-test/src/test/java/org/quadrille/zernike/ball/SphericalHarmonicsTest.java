package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class SphericalHarmonicsTest {
  /** Degree 0 to 2 as they stand in tables. */
  @Property(tries = 50)
  void lowDegreesHaveTheirClosedForms(
      @ForAll @DoubleRange(min = 0, max = 3.1) double theta,
      @ForAll @DoubleRange(min = -3, max = 3) double phi) {
    double x = Math.sin(theta) * Math.cos(phi);
    double y = Math.sin(theta) * Math.sin(phi);
    double z = Math.cos(theta);
    double one = Math.sqrt(3 / (4 * Math.PI));
    double two = Math.sqrt(15 / (4 * Math.PI));
    double[] expected = {
      Math.sqrt(1 / (4 * Math.PI)),
      one * y,
      one * z,
      one * x,
      two * x * y,
      two * y * z,
      Math.sqrt(5 / (16 * Math.PI)) * (3 * z * z - 1),
      two * x * z,
      0.5 * two * (x * x - y * y)
    };
    double[] values = new SphericalHarmonics(2).values(3 * x, 3 * y, 3 * z);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 2e-15, "mode " + i);
    }
  }

  /** Unsöld: the squares of a degree add up to (2N + 1) / (4 pi) in every direction. */
  @Property(tries = 30)
  void squaresOfADegreeAddUp(
      @ForAll @DoubleRange(min = 0.05, max = 3.1) double theta,
      @ForAll @DoubleRange(min = -3, max = 3) double phi) {
    SphericalHarmonics harmonics = new SphericalHarmonics(300);
    double[] values =
        harmonics.values(
            Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta));
    for (int n : new int[] {0, 1, 17, 120, 299, 300}) {
      double squares = 0;
      for (int m = -n; m <= n; m++) {
        double value = values[SphericalHarmonics.index(n, m)];
        squares += value * value;
      }
      assertEquals(1, squares * 4 * Math.PI / (2 * n + 1), 1e-11, "degree " + n);
    }
  }

  @Test
  void highDegreesDoNotUnderflow() {
    int n = 3000;
    double[] values = new SphericalHarmonics(n).values(0.3, 0.4, 2);
    double squares = 0;
    for (int m = -n; m <= n; m++) {
      double value = values[SphericalHarmonics.index(n, m)];
      squares += value * value;
    }
    assertEquals(1, squares * 4 * Math.PI / (2 * n + 1), 1e-10);
  }

  @Test
  void modesAreOrthonormal() {
    int degree = 6;
    SphericalHarmonics harmonics = new SphericalHarmonics(degree);
    // homogeneous of degree 0: the integral over the ball is a third of that over the sphere
    double[] products = new double[harmonics.count() * harmonics.count()];
    BallRule.ofDegree(3, 2 * degree)
        .forEach(
            (point, weight) -> {
              double[] values = harmonics.values(point[0], point[1], point[2]);
              for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < values.length; j++) {
                  products[i * values.length + j] += 3 * weight * values[i] * values[j];
                }
              }
            });
    for (int i = 0; i < harmonics.count(); i++) {
      for (int j = 0; j < harmonics.count(); j++) {
        assertEquals(i == j ? 1 : 0, products[i * harmonics.count() + j], 1e-13, i + ", " + j);
      }
    }
  }

  @Test
  void complexModesHaveTheSignOfCondonAndShortley() {
    double theta = 0.7;
    double phi = 0.4;
    SphericalHarmonics harmonics = new SphericalHarmonics(2);
    double[] real = new double[9];
    double[] imaginary = new double[9];
    harmonics.complexValues(
        Math.sin(theta) * Math.cos(phi),
        Math.sin(theta) * Math.sin(phi),
        Math.cos(theta),
        real,
        imaginary);
    // Y_1^1 = -(3 / (8 pi))^(1/2) sin(theta) e^(i phi), Y_2^-1 = (15/(8 pi))^(1/2) sin cos e^(-i
    // phi)
    double first = -Math.sqrt(3 / (8 * Math.PI)) * Math.sin(theta);
    assertEquals(first * Math.cos(phi), real[3], 1e-15);
    assertEquals(first * Math.sin(phi), imaginary[3], 1e-15);
    double second = Math.sqrt(15 / (8 * Math.PI)) * Math.sin(theta) * Math.cos(theta);
    assertEquals(second * Math.cos(phi), real[5], 1e-15);
    assertEquals(-second * Math.sin(phi), imaginary[5], 1e-15);
    assertEquals(0, imaginary[6]);
  }

  @Test
  void poleAndBadInput() {
    SphericalHarmonics harmonics = new SphericalHarmonics(5);
    double[] values = harmonics.values(0, 0, -2);
    for (int n = 0; n <= 5; n++) {
      for (int m = -n; m <= n; m++) {
        double sign = (n & 1) == 0 ? 1 : -1;
        double expected = m == 0 ? sign * Math.sqrt((2 * n + 1) / (4 * Math.PI)) : 0;
        assertEquals(expected, values[SphericalHarmonics.index(n, m)], 1e-15);
      }
    }
    assertTrue(Double.isNaN(harmonics.values(Double.NaN, 0, 1)[4]));
    assertMessage("given -1", () -> new SphericalHarmonics(-1));
    assertMessage("order 3", () -> SphericalHarmonics.index(2, 3));
    assertMessage("given 3 elements", () -> harmonics.values(0, 0, 1, new double[3]));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
