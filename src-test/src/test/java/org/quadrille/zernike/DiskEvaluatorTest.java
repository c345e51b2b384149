package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

class DiskEvaluatorTest {
  private static final double NAN = Double.NaN;

  /** Points in the disk: x, then y. */
  private static double[][] points(int count, long seed) {
    Random random = new Random(seed);
    double[][] points = new double[2][count];
    for (int i = 0; i < count; i++) {
      double radius = Math.sqrt(random.nextDouble());
      double angle = 2 * Math.PI * random.nextDouble();
      points[0][i] = radius * Math.cos(angle);
      points[1][i] = radius * Math.sin(angle);
    }
    return points;
  }

  private static double[] random(int count, long seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }

  /** Janssen and Dirksen 2007: R is an average of Chebyshev polynomials of the second kind. */
  @Property(tries = 20)
  void modesEqualTheirFourierFormula(@ForAll @IntRange(min = 0, max = 40) int degree) {
    double[][] xy = points(5, degree);
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    double[] modes = evaluator.modes(xy[0], xy[1], null);
    for (int i = 0; i < 5; i++) {
      double radius = Math.hypot(xy[0][i], xy[1][i]);
      double angle = Math.atan2(xy[1][i], xy[0][i]);
      for (int m = -degree; m <= degree; m += 2) {
        int terms = degree + Math.abs(m) + 1;
        double sum = 0;
        for (int k = 0; k < terms; k++) {
          double inner = Math.acos(radius * Math.cos(2 * Math.PI * k / terms));
          sum +=
              Math.sin((degree + 1) * inner)
                  / Math.sin(inner)
                  * Math.cos(2 * Math.PI * m * k / terms);
        }
        double factor = m < 0 ? Math.sin(-m * angle) : Math.cos(m * angle);
        int at = DiskModes.index(degree, m) * 5 + i;
        assertEquals(sum / terms * factor, modes[at], 2e-14 * (degree + 1));
      }
    }
  }

  @Property(tries = 30)
  void expansionsAreSumsOfModes(
      @ForAll @IntRange(min = 0, max = 30) int degree,
      @ForAll @IntRange(min = 0, max = 200) int count) {
    double[][] xy = points(count, degree + 31L * count);
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    double[] c = random(evaluator.modeCount(), count);
    double[] modes = evaluator.modes(xy[0], xy[1], null);
    double[] byX = new double[modes.length];
    double[] byY = new double[modes.length];
    evaluator.modeGradients(xy[0], xy[1], byX, byY);
    double[] values = evaluator.values(c, xy[0], xy[1], null);
    double[] dx = new double[count];
    double[] dy = new double[count];
    evaluator.gradients(c, xy[0], xy[1], dx, dy);
    for (int i = 0; i < count; i++) {
      double value = 0;
      double x = 0;
      double y = 0;
      for (int j = 0; j < c.length; j++) {
        value += c[j] * modes[j * count + i];
        x += c[j] * byX[j * count + i];
        y += c[j] * byY[j * count + i];
      }
      assertEquals(value, values[i], 1e-13);
      assertEquals(x, dx[i], 1e-13 * (1 + degree * degree));
      assertEquals(y, dy[i], 1e-13 * (1 + degree * degree));
    }
  }

  /** At the origin only |m| = 1 has a gradient, (-1)^n (n + 1). */
  @Test
  void gradientsAtTheOriginAreExact() {
    int degree = 41;
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    double[] zero = {0};
    double[] dx = new double[evaluator.modeCount()];
    double[] dy = new double[evaluator.modeCount()];
    evaluator.modeGradients(zero, zero, dx, dy);
    double[] x = new double[1];
    double[] y = new double[1];
    for (int j = 0; j < dx.length; j++) {
      ZernikeIndex mode = ModeOrder.OSA.mode(j);
      int n = mode.radialIndex();
      double slope = mode.angularOrder() == 1 ? (n % 2 == 0 ? n + 1 : -n - 1) : 0;
      assertEquals(mode.order() == 1 ? slope : 0, dx[j], 0.0);
      assertEquals(mode.order() == -1 ? slope : 0, dy[j], 0.0);
      double[] c = new double[dx.length];
      c[j] = 1;
      evaluator.gradients(c, zero, zero, x, y);
      assertEquals(dx[j], x[0], 0.0);
      assertEquals(dy[j], y[0], 0.0);
    }
  }

  @Property(tries = 20)
  void hessiansAreSymmetricAndTheirTraceIsTheLaplacian(
      @ForAll @IntRange(min = 0, max = 25) int degree) {
    double[][] xy = points(40, degree);
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    double[] c = random(evaluator.modeCount(), degree);
    double[] dxx = new double[40];
    double[] dxy = new double[40];
    double[] dyy = new double[40];
    evaluator.hessians(c, xy[0], xy[1], dxx, dxy, dyy);
    double[] laplacians = evaluator.laplacians(c, xy[0], xy[1], null);
    double[] yx = SpectralDerivative.x(SpectralDerivative.y(c));
    double[] dyx =
        DiskEvaluator.ofDegree(DiskModes.degree(yx.length)).values(yx, xy[0], xy[1], null);
    double scale = 1 + Math.pow(degree, 4);
    for (int i = 0; i < 40; i++) {
      assertEquals(laplacians[i], dxx[i] + dyy[i], 1e-14 * scale);
      assertEquals(dyx[i], dxy[i], 1e-14 * scale);
    }
  }

  @Test
  void derivativesOfPowersAreThoseOfCalculus() {
    // x^2 y = ((3 r^3 - 2 r) sin + r^3 sin 3t) / 12 + r sin / 6: from its modes
    double[] cube = new double[10];
    cube[DiskModes.index(3, -1)] = 1 / 12.0;
    cube[DiskModes.index(3, -3)] = 1 / 4.0;
    cube[DiskModes.index(1, -1)] = 1 / 6.0;
    double[] x = {0.3, -0.5};
    double[] y = {0.4, 0.25};
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(3);
    double[] dx = new double[2];
    double[] dy = new double[2];
    double[] dxx = new double[2];
    double[] dxy = new double[2];
    double[] dyy = new double[2];
    evaluator.gradients(cube, x, y, dx, dy);
    evaluator.hessians(cube, x, y, dxx, dxy, dyy);
    for (int i = 0; i < 2; i++) {
      assertEquals(x[i] * x[i] * y[i], evaluator.value(cube, x[i], y[i]), 1e-16);
      assertEquals(2 * x[i] * y[i], dx[i], 1e-15);
      assertEquals(x[i] * x[i], dy[i], 1e-15);
      assertEquals(2 * y[i], dxx[i], 1e-15);
      assertEquals(2 * x[i], dxy[i], 1e-15);
      assertEquals(0, dyy[i], 1e-15);
    }
    assertEquals(0, DiskModes.integral(cube), 0.0);
    // integral of x^4 y^2 over the disk: 2 Gamma(5/2) Gamma(3/2) Gamma(1/2) / (Gamma(4) 8)
    assertEquals(Math.PI / 64, DiskModes.squareIntegral(cube), 1e-16);
  }

  @Test
  void threadsAndBackendsDoNotChangeTheBits() {
    for (int degree : new int[] {0, 1, 2, 7, 30}) {
      DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
      double[][] xy = points(1037, degree);
      double[] c = random(evaluator.modeCount(), 5);
      double[] values = WorkerPool.of(1).call(() -> evaluator.values(c, xy[0], xy[1], null));
      double[] modes = WorkerPool.of(1).call(() -> evaluator.modes(xy[0], xy[1], null));
      assertArrayEquals(
          values, WorkerPool.of(3).call(() -> evaluator.values(c, xy[0], xy[1], null)));
      assertArrayEquals(modes, WorkerPool.of(3).call(() -> evaluator.modes(xy[0], xy[1], null)));
      KernelProvider.with(
          KernelProvider.scalar(),
          () -> {
            assertArrayEquals(values, evaluator.values(c, xy[0], xy[1], null));
            assertArrayEquals(modes, evaluator.modes(xy[0], xy[1], null));
          });
      for (int i = 0; i < 20; i++) {
        assertEquals(values[i], evaluator.value(c, xy[0][i], xy[1][i]));
      }
    }
  }

  @Test
  void pointsOutsideAreTreatedAsAsked() {
    double[] tilt = {0, 0, 1};
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(1);
    double[] x = {1.5, NAN, 0.5, 1 + 0x1p-52, Double.POSITIVE_INFINITY};
    double[] y = {0, 0, NAN, 0, 0};
    double[] values = evaluator.values(tilt, x, y, null);
    assertArrayEquals(new double[] {NAN, NAN, NAN, 1 + 0x1p-52, NAN}, values);
    for (int degree = 0; degree < 4; degree++) {
      double[] modes = DiskEvaluator.ofDegree(degree).modes(x, y, null);
      for (int k = 0; k < modes.length; k++) {
        assertEquals(k % 5 != 3, Double.isNaN(modes[k]));
      }
    }
    DiskEvaluator beyond = evaluator.withOutside(Outside.EXTRAPOLATE);
    assertEquals(1.5, beyond.value(tilt, 1.5, 0));
    assertEquals(1e200, beyond.value(tilt, 1e200, 0), 1e185);
    DiskEvaluator strict = evaluator.withOutside(Outside.THROW);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> strict.values(tilt, x, y, null));
    assertTrue(e.getMessage().contains("point 0 (1.5, 0.0)"), e.getMessage());
    assertTrue(Double.isNaN(strict.value(tilt, NAN, 0)));
  }

  @Test
  void tinyPointsKeepTheirDirection() {
    double[] tilts = {0, 3, 1};
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(1);
    for (double size : new double[] {1e-3, 1e-150, 1e-200, 1e-300}) {
      double expected = 3 * size + 2 * size;
      assertEquals(expected, evaluator.value(tilts, 2 * size, size), 1e-15 * expected);
    }
    assertEquals(
        7 * Double.MIN_VALUE,
        evaluator.value(tilts, Double.MIN_VALUE, 2 * Double.MIN_VALUE),
        Double.MIN_VALUE);
  }

  @Test
  void singlePrecisionIsOffByLessThanItsStatedError() {
    int degree = 100;
    double[][] xy = points(400, 9);
    double[] x = xy[0];
    double[] y = xy[1];
    float[] singleX = new float[400];
    float[] singleY = new float[400];
    for (int i = 0; i < 400; i++) {
      // every fourth point next to the edge
      double stretch = i % 4 == 0 ? (1 - i * 1e-5) / Math.hypot(x[i], y[i]) : 1;
      singleX[i] = (float) (stretch * x[i]);
      singleY[i] = (float) (stretch * y[i]);
      x[i] = singleX[i];
      y[i] = singleY[i];
    }
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    double[] modes = evaluator.modes(x, y, null);
    float[] single = evaluator.modes(singleX, singleY, null);
    for (int k = 0; k < modes.length; k++) {
      assertEquals(modes[k], single[k], 1e-5);
    }
    double[] c = random(evaluator.modeCount(), 2);
    float[] singleC = new float[c.length];
    for (int j = 0; j < c.length; j++) {
      singleC[j] = (float) c[j];
      c[j] = singleC[j];
    }
    double[] values = evaluator.values(c, x, y, null);
    float[] singles = evaluator.values(singleC, singleX, singleY, null);
    for (int i = 0; i < 400; i++) {
      assertEquals(values[i], singles[i], 1e-3);
    }
    DiskEvaluator high = DiskEvaluator.ofDegree(101);
    assertThrows(IllegalArgumentException.class, () -> high.modes(singleX, singleY, null));
  }

  @Test
  void lengthsThatDoNotFitAreRefused() {
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(2);
    double[] two = new double[2];
    double[] six = new double[6];
    assertThrows(IllegalArgumentException.class, () -> evaluator.values(two, two, two, null));
    assertThrows(IllegalArgumentException.class, () -> evaluator.values(six, two, six, null));
    assertThrows(IllegalArgumentException.class, () -> evaluator.values(six, six, six, two));
    assertThrows(IllegalArgumentException.class, () -> evaluator.modes(two, two, six));
    assertThrows(
        IllegalArgumentException.class, () -> evaluator.gradients(six, six, six, six, two));
    assertThrows(NullPointerException.class, () -> evaluator.gradients(six, two, two, null, two));
    assertThrows(IllegalArgumentException.class, () -> DiskEvaluator.ofDegree(-1));
    DiskEvaluator huge = DiskEvaluator.ofDegree(46_000);
    assertThrows(IllegalArgumentException.class, () -> huge.modes(six, six, null));
    assertThrows(IllegalArgumentException.class, () -> DiskEvaluator.ofDegree(46_001));
  }
}
