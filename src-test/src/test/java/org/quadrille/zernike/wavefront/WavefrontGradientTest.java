package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quadrille.zernike.wavefront.Samples.assertClose;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;
import static org.quadrille.zernike.wavefront.Samples.coefficients;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.ModeOrder;

class WavefrontGradientTest {

  private static int osa(int noll) {
    return (int) ModeOrder.OSA.indexOf(ModeOrder.NOLL.mode(noll));
  }

  /** R. J. Noll, 1976: rows and columns by his numbers. */
  @Test
  void matricesAreThoseOfNoll() {
    Tensor x = WavefrontGradient.matrixX(4);
    Tensor y = WavefrontGradient.matrixY(4);
    double[][] byX = {
      {2, 1, 2},
      {4, 2, 2 * Math.sqrt(3)},
      {5, 3, Math.sqrt(6)},
      {6, 2, Math.sqrt(6)},
      {7, 5, 2 * Math.sqrt(3)},
      {8, 1, 2 * Math.sqrt(2)},
      {8, 4, 2 * Math.sqrt(6)},
      {8, 6, 2 * Math.sqrt(3)},
      {9, 5, 2 * Math.sqrt(3)},
      {10, 6, 2 * Math.sqrt(3)},
      {11, 2, 2 * Math.sqrt(5)},
      {11, 8, 2 * Math.sqrt(10)}
    };
    double[][] byY = {
      {3, 1, 2},
      {4, 3, 2 * Math.sqrt(3)},
      {5, 2, Math.sqrt(6)},
      {6, 3, -Math.sqrt(6)},
      {7, 1, 2 * Math.sqrt(2)},
      {7, 4, 2 * Math.sqrt(6)},
      {7, 6, -2 * Math.sqrt(3)},
      {8, 5, 2 * Math.sqrt(3)},
      {9, 6, 2 * Math.sqrt(3)},
      {10, 5, -2 * Math.sqrt(3)},
      {11, 3, 2 * Math.sqrt(5)},
      {11, 7, 2 * Math.sqrt(10)}
    };
    for (double[] entry : byX) {
      assertEquals(entry[2], x.get(osa((int) entry[1]), osa((int) entry[0])), 1e-14);
    }
    for (double[] entry : byY) {
      assertEquals(entry[2], y.get(osa((int) entry[1]), osa((int) entry[0])), 1e-14);
    }
    assertEquals(12, nonZero(x.slice(1, 0, 10)) + 2, "Noll's table to j = 11 has no others");
  }

  private static int nonZero(Tensor matrix) {
    int count = 0;
    for (double value : matrix.toDoubles()) {
      count += Math.abs(value) > 1e-14 ? 1 : 0;
    }
    return count;
  }

  @Property(tries = 30)
  void coefficientsAreThoseOfTheSlopes(@ForAll @IntRange(max = 12) int degree) {
    double[] c = coefficients(degree, degree, 1);
    WavefrontGradient gradient = WavefrontGradient.of(c);
    double[][] points = Samples.points(7, 6);
    double h = 1e-4;
    for (int i = 0; i < 6; i++) {
      double x = 0.9 * points[0][i];
      double y = 0.9 * points[1][i];
      // fourth-order central differences
      double byX =
          (8 * (Samples.value(c, x + h, y) - Samples.value(c, x - h, y))
                  - (Samples.value(c, x + 2 * h, y) - Samples.value(c, x - 2 * h, y)))
              / (12 * h);
      double byY =
          (8 * (Samples.value(c, x, y + h) - Samples.value(c, x, y - h))
                  - (Samples.value(c, x, y + 2 * h) - Samples.value(c, x, y - 2 * h)))
              / (12 * h);
      assertEquals(byX, Samples.value(gradient.x(), x, y), 1e-8 * (1 + degree * degree));
      assertEquals(byY, Samples.value(gradient.y(), x, y), 1e-8 * (1 + degree * degree));
    }
  }

  @Test
  void rmsIsThatOverTheDisk() {
    double[] c = coefficients(3, 9, 1);
    WavefrontGradient gradient = WavefrontGradient.of(c);
    PupilQuadrature disk = PupilQuadrature.disk(18);
    double[] squares = Samples.values(gradient.x(), disk.x(), disk.y());
    double[] byY = Samples.values(gradient.y(), disk.x(), disk.y());
    for (int i = 0; i < squares.length; i++) {
      squares[i] = squares[i] * squares[i] + byY[i] * byY[i];
    }
    double expected = Math.sqrt(disk.integrate(squares) / Math.PI);
    assertEquals(expected, gradient.rms(), 1e-13 * expected);
  }

  @Test
  void traceOfTheSlopeCovarianceIsTheMeanSquareGradient() {
    double[] c = coefficients(4, 6, 1);
    int n = c.length;
    Tensor column = Tensor.of(c, n, 1);
    Tensor covariance = MatrixProduct.multiply(column, column.transpose());
    Tensor slopes = WavefrontGradient.slopeCovariance(covariance);
    double trace = 0;
    for (int i = 0; i < slopes.size(0); i++) {
      trace += slopes.get(i, i);
    }
    double rms = WavefrontGradient.of(c).rms();
    assertEquals(rms * rms, trace, 1e-12 * trace);
  }

  @Test
  void pistonHasNoSlope() {
    WavefrontGradient gradient = WavefrontGradient.of(new double[] {3});
    assertClose(new double[1], gradient.x(), 0);
    assertClose(new double[1], gradient.y(), 0);
  }

  @Test
  void mistakesAreRefused() {
    assertRejected(() -> WavefrontGradient.of(new double[5]), "given 5");
    assertRejected(() -> WavefrontGradient.matrixX(-1), "-1");
    assertRejected(() -> WavefrontGradient.matrixY(151), "151");
    Tensor tall = Tensor.zeros(DType.F64, 3, 1);
    assertRejected(() -> WavefrontGradient.slopeCovariance(tall), "F64[3, 1]");
  }
}
