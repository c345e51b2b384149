package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.RadialColumn;
import org.quadrille.zernike.ZernikeIndex;

/** Random wavefronts and points, and modes by their definition. */
final class Samples {
  private Samples() {}

  /** Orthonormal coefficients of all modes to a degree, between -size and size. */
  static double[] coefficients(long seed, int degree, double size) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles((degree + 1) * (degree + 2) / 2, -size, size).toArray();
  }

  /** Points of the unit disk: x, then y. */
  static double[][] points(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      double r = Math.sqrt(random.nextDouble());
      double angle = random.nextDouble(2 * Math.PI);
      x[i] = r * Math.cos(angle);
      y[i] = r * Math.sin(angle);
    }
    return new double[][] {x, y};
  }

  /** {@code sum c_j Z_j} at a point, from the definition of modes. */
  static double value(double[] coefficients, double x, double y) {
    double sum = 0;
    for (int j = 0; j < coefficients.length; j++) {
      sum += coefficients[j] * mode(ModeOrder.OSA.mode(j), x, y);
    }
    return sum;
  }

  static double[] values(double[] coefficients, double[] x, double[] y) {
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = value(coefficients, x[i], y[i]);
    }
    return values;
  }

  /** An orthonormal mode. */
  static double mode(ZernikeIndex mode, double x, double y) {
    double[] column = new double[mode.radialIndex() + 1];
    new RadialColumn(mode.angularOrder(), 0, column.length).values(Math.hypot(x, y), column);
    double angle = mode.angularOrder() * Math.atan2(y, x);
    double around = mode.order() < 0 ? Math.sin(angle) : Math.cos(angle);
    return mode.orthonormalFactor() * column[mode.radialIndex()] * around;
  }

  static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  static void assertClose(double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, "length");
    for (int i = 0; i < expected.length; i++) {
      int index = i;
      assertEquals(expected[i], actual[i], tolerance, () -> "element " + index);
    }
  }

  static void assertRejected(Runnable mistake, String... parts) {
    String message = assertThrows(IllegalArgumentException.class, mistake::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "\"" + part + "\" is not in: " + message);
    }
  }
}
