package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AngularFourierTest {
  @Property(tries = 120)
  void equalsTheDefinition(
      @ForAll @IntRange(min = 1, max = 260) int length,
      @ForAll @IntRange(min = 1, max = 9) int width) {
    Random random = new Random(length);
    double[][] re = new double[length][width];
    double[][] im = new double[length][width];
    double[] x = new double[length];
    double[] y = new double[length];
    for (int j = 0; j < length; j++) {
      for (int i = 0; i < width; i++) {
        re[j][i] = random.nextGaussian();
        im[j][i] = random.nextGaussian();
      }
      x[j] = re[j][width - 1];
      y[j] = im[j][width - 1];
    }
    AngularFourier fourier = new AngularFourier(length);
    fourier.transform(re, im, width);
    for (int f = 0; f < length; f++) {
      double real = 0;
      double imaginary = 0;
      for (int j = 0; j < length; j++) {
        double angle = 2 * Math.PI * ((long) f * j % length) / length;
        real += x[j] * Math.cos(angle) + y[j] * Math.sin(angle);
        imaginary += y[j] * Math.cos(angle) - x[j] * Math.sin(angle);
      }
      assertEquals(real, re[fourier.position(f)][width - 1], 1e-14 * length);
      assertEquals(imaginary, im[fourier.position(f)][width - 1], 1e-14 * length);
    }
  }

  @Test
  void badInputIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new AngularFourier(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AngularFourier(3).transform(new double[2][4], new double[3][4], 4));
  }

  @Test
  void fastLengthsHaveSmallFactorsOnly() {
    assertEquals(1, AngularFourier.fastLength(0));
    assertEquals(8, AngularFourier.fastLength(7));
    assertEquals(1080, AngularFourier.fastLength(1025));
    assertEquals(4096, AngularFourier.fastLength(4051));
  }

  @Property(tries = 300)
  void rootsOfUnityLieOnTheCircleAtTheirAngles(
      @ForAll @IntRange(min = 1, max = 100_000) int n, @ForAll @IntRange(min = 0) int k) {
    int j = k % n;
    double c = RootsOfUnity.cosine(j, n);
    double s = RootsOfUnity.sine(j, n);
    assertEquals(1, c * c + s * s, 4e-16);
    double angle = 2 * Math.PI * j / n;
    // the rounding of the angle itself, up to 2 pi
    assertEquals(Math.cos(angle), c, 3e-15);
    assertEquals(Math.sin(angle), s, 3e-15);
    assertTrue(4L * j != n || c == 0, "quarter of the circle: " + c);
  }
}
