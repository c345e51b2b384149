package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MatrixFourierTransformTest {

  @Property(tries = 40)
  void equalsTheSumOverAllSamples(
      @ForAll @IntRange(min = 1, max = 9) int rowsIn,
      @ForAll @IntRange(min = 1, max = 9) int columnsIn,
      @ForAll @IntRange(min = 1, max = 9) int rowsOut,
      @ForAll @IntRange(min = 1, max = 9) int columnsOut) {
    SplittableRandom random = new SplittableRandom(rowsIn * 31 + columnsOut);
    double[] y = random.doubles(rowsIn, -1, 1).toArray();
    double[] x = random.doubles(columnsIn, -1, 1).toArray();
    double[] v = random.doubles(rowsOut, -20, 20).toArray();
    double[] u = random.doubles(columnsOut, -20, 20).toArray();
    double[] real = random.doubles(rowsIn * columnsIn, -1, 1).toArray();
    double[] imaginary = random.doubles(rowsIn * columnsIn, -1, 1).toArray();
    double[] field = new MatrixFourierTransform(y, x, v, u).transform(real, imaginary);
    for (int i = 0; i < rowsOut; i++) {
      for (int j = 0; j < columnsOut; j++) {
        double re = 0;
        double im = 0;
        for (int k = 0; k < rowsIn; k++) {
          for (int l = 0; l < columnsIn; l++) {
            double angle = -Math.PI * (v[i] * y[k] + u[j] * x[l]);
            int at = k * columnsIn + l;
            re += real[at] * Math.cos(angle) - imaginary[at] * Math.sin(angle);
            im += imaginary[at] * Math.cos(angle) + real[at] * Math.sin(angle);
          }
        }
        assertEquals(re, field[i * columnsOut + j], 2e-12);
        assertEquals(im, field[rowsOut * columnsOut + i * columnsOut + j], 2e-12);
      }
    }
  }

  @Test
  void mistakesAreRefused() {
    double[] one = {0};
    assertRejected(() -> new MatrixFourierTransform(new double[0], one, one, one), "y", "0");
    assertRejected(
        () -> new MatrixFourierTransform(one, one, one, new double[] {Double.NaN}), "u", "NaN");
    MatrixFourierTransform transform = new MatrixFourierTransform(one, one, one, one);
    assertRejected(() -> transform.transform(new double[2], one), "2 real", "1 x 1");
  }
}
