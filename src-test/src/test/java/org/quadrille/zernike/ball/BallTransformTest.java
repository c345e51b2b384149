package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Tensor;

class BallTransformTest {
  private static double[] gaussian(int length, long seed) {
    Random random = new Random(seed);
    double[] x = new double[length];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextGaussian();
    }
    return x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Property(tries = 12)
  void analysisOfASynthesisReturnsTheCoefficients(@ForAll @IntRange(min = 0, max = 24) int degree) {
    BallTransform transform = new BallTransform(degree);
    double[] coefficients = gaussian(transform.cols(), degree);
    double[] samples = transform.synthesize(coefficients);
    double[] back = transform.analyze(samples);
    double error = 0;
    for (int i = 0; i < back.length; i++) {
      error += (back[i] - coefficients[i]) * (back[i] - coefficients[i]);
    }
    double norm = dot(coefficients, coefficients);
    assertTrue(Math.sqrt(error) <= 1e-14 * Math.sqrt(norm), degree + ": " + Math.sqrt(error));
    // Parseval on the grid
    double[] weights = transform.weights();
    double energy = 0;
    for (int i = 0; i < samples.length; i++) {
      energy += weights[i] * samples[i] * samples[i];
    }
    assertEquals(norm, energy, 1e-12 * norm);
  }

  @Property(tries = 8)
  void transposeIsTheAdjoint(@ForAll @IntRange(min = 0, max = 12) int degree) {
    BallTransform transform = new BallTransform(degree);
    double[] x = gaussian(transform.cols(), 1);
    double[] y = gaussian(transform.rows(), 2);
    double left = dot(transform.apply(Tensor.of(x, x.length)).toDoubles(), y);
    double right = dot(x, transform.applyTransposed(Tensor.of(y, y.length)).toDoubles());
    double size = Math.sqrt(dot(y, y) * dot(x, x)) * transform.rows();
    assertEquals(left, right, 1e-15 * size);
  }

  @Test
  void columnsAreModesByTheirDefinition() {
    int degree = 5;
    BallTransform transform = new BallTransform(degree);
    Tensor dense = transform.toDense();
    SphericalHarmonics harmonics = new SphericalHarmonics(degree);
    for (int order = 0; order <= degree; order++) {
      for (int n = 0; order + 2 * n <= degree; n++) {
        for (int m = -order; m <= order; m++) {
          int index = SphericalHarmonics.index(order, m);
          int order0 = order;
          int n0 = n;
          double[] expected =
              transform.sample(
                  (x, y, z) ->
                      radial(order0, n0, Math.sqrt(x * x + y * y + z * z))
                          * harmonics.values(x, y, z)[index]);
          int column = transform.index(order, m, n);
          for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], dense.get(i, column), 2e-13, order + ", " + m + ", " + n);
          }
        }
      }
    }
  }

  /** {@code (2 (2n+N+3/2))^(1/2) sum over k of (-1)^k C(n,k) C(2n-k+a,n) x^(N+2(n-k))}. */
  private static double radial(int order, int n, double x) {
    double a = order + 0.5;
    double sum = 0;
    for (int k = 0; k <= n; k++) {
      double term = (k & 1) == 0 ? 1 : -1;
      for (int j = 1; j <= k; j++) {
        term *= (n - j + 1.0) / j;
      }
      for (int j = 1; j <= n; j++) {
        term *= (n - k + a + j) / j;
      }
      sum += term * Math.pow(x, order + 2 * (n - k));
    }
    return Math.sqrt(2 * (2 * n + order + 1.5)) * sum;
  }

  @Test
  void bitsDoNotDependOnThreads() {
    BallTransform transform = new BallTransform(20);
    double[] coefficients = gaussian(transform.cols(), 3);
    double[] one = WorkerPool.of(1).call(() -> transform.synthesize(coefficients));
    double[] three = WorkerPool.of(3).call(() -> transform.synthesize(coefficients));
    assertArrayEquals(one, three);
    assertArrayEquals(
        WorkerPool.of(1).call(() -> transform.analyze(one)),
        WorkerPool.of(3).call(() -> transform.analyze(one)));
  }

  @Test
  void badInputIsRefusedWithItsValue() {
    BallTransform transform = new BallTransform(3);
    assertMessage("given -1", () -> new BallTransform(-1));
    assertMessage("given 2 numbers", () -> transform.analyze(new double[2]));
    double[] samples = new double[transform.rows()];
    samples[7] = Double.NaN;
    assertMessage("number 7 is NaN", () -> transform.analyze(samples));
    assertMessage("n = 1", () -> transform.index(2, 0, 1));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
