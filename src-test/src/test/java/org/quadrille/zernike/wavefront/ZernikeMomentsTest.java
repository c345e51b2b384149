package org.quadrille.zernike.wavefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.zernike.wavefront.Samples.assertClose;
import static org.quadrille.zernike.wavefront.Samples.assertRejected;
import static org.quadrille.zernike.wavefront.Samples.coefficients;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.zernike.ModeOrder;

class ZernikeMomentsTest {

  private static double[] image(long seed, int pixels) {
    return new SplittableRandom(seed).doubles(pixels, 0, 1).toArray();
  }

  /** All cut pixels together are the disk: only piston is left of a constant image. */
  @Property(tries = 30)
  void aConstantImageHasOneMoment(
      @ForAll @IntRange(max = 9) int degree,
      @ForAll @DoubleRange(min = 1.2, max = 8) double radius,
      @ForAll @DoubleRange(min = 9, max = 10) double centre) {
    double[] pixels = new double[20 * 20];
    Arrays.fill(pixels, 2);
    PixelGrid grid = new PixelGrid(20, 20, centre, 19.3 - centre, radius);
    double[] expected = new double[(degree + 1) * (degree + 2) / 2];
    expected[0] = 2;
    assertClose(expected, ZernikeMoments.ofPixels(degree, grid, pixels), 1e-13);
  }

  @Test
  void momentsAreIntegralsOverEachPixel() {
    int size = 6;
    PixelGrid grid = new PixelGrid(size, size, 2.2, 2.7, 2.4);
    double[] pixels = image(1, size * size);
    double[] actual = ZernikeMoments.ofPixels(4, grid, pixels);
    double[] sums = new double[15];
    int fine = 60;
    for (int i = 0; i < size * fine; i++) {
      for (int j = 0; j < size * fine; j++) {
        double y = ((i + 0.5) / fine - 0.5 - 2.2) / 2.4;
        double x = ((j + 0.5) / fine - 0.5 - 2.7) / 2.4;
        if (x * x + y * y <= 1) {
          double pixel = pixels[i / fine * size + j / fine];
          for (int k = 0; k < 15; k++) {
            sums[k] += pixel * Samples.mode(ModeOrder.OSA.mode(k), x, y);
          }
        }
      }
    }
    double area = Math.pow(2.4 * fine, 2) * Math.PI;
    double[] expected = Arrays.stream(sums).map(v -> v / area).toArray();
    assertClose(expected, actual, 2e-3);
  }

  @Test
  void quarterTurnsKeepMagnitudesToRounding() {
    int size = 24;
    PixelGrid grid = PixelGrid.inscribed(size, size);
    double[] pixels = image(2, size * size);
    double[] turned = new double[pixels.length];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        // (x, y) to (-y, x)
        turned[column * size + size - 1 - row] = pixels[row * size + column];
      }
    }
    double[] moments = ZernikeMoments.ofPixels(10, grid, pixels);
    double[] after = ZernikeMoments.ofPixels(10, grid, turned);
    assertClose(ZernikeMoments.rotate(moments, Math.PI / 2), after, 1e-14);
    assertClose(ZernikeMoments.magnitudes(moments), ZernikeMoments.magnitudes(after), 1e-14);
    double[] mirrored = new double[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      mirrored[i] = pixels[i / size * size + size - 1 - i % size];
    }
    double[] mirror = ZernikeMoments.magnitudes(ZernikeMoments.ofPixels(10, grid, mirrored));
    assertClose(ZernikeMoments.magnitudes(moments), mirror, 1e-14);
  }

  /** A smooth picture at any angle, sampled anew. */
  @Property(tries = 4)
  void magnitudesStayUnderRotation(@ForAll @DoubleRange(min = 0, max = 6.2) double angle) {
    double[] c = coefficients(3, 5, 1);
    PixelGrid grid = PixelGrid.inscribed(100, 100);
    double[] expected = ZernikeMoments.magnitudes(c);
    double[] turned = ZernikeMoments.rotate(c, angle);
    double[] pixels = new double[10_000];
    Arrays.setAll(pixels, i -> extended(turned, grid, i));
    double[] bilinear = ZernikeMoments.magnitudes(ZernikeMoments.ofBilinear(5, grid, pixels));
    assertClose(expected, bilinear, 0.02);
    double[] exact = ZernikeMoments.magnitudes(ZernikeMoments.ofPixels(5, grid, pixels));
    assertClose(expected, exact, 0.02);
  }

  /** The polynomial, also in the pixels whose centres lie a little outside. */
  private static double extended(double[] c, PixelGrid grid, int i) {
    double x = grid.x(i);
    double y = grid.y(i);
    return x * x + y * y > 1.1 ? 0 : Samples.value(c, x, y);
  }

  @Test
  void bilinearIsExactForPlanes() {
    PixelGrid grid = new PixelGrid(30, 40, 14, 21, 12.5);
    double[] pixels = new double[1200];
    Arrays.setAll(pixels, i -> 1 + 2 * grid.x(i) - 3 * grid.y(i));
    double[] moments = ZernikeMoments.ofBilinear(3, grid, pixels);
    double[] expected = new double[10];
    expected[0] = 1;
    expected[1] = -1.5;
    expected[2] = 1;
    assertClose(expected, moments, 1e-14);
  }

  @Test
  void magnitudesAreOrderedByDegreeAndOrder() {
    double[] c = new double[15];
    c[3] = 3; // (2, -2)
    c[5] = 4; // (2, 2)
    c[12] = -2; // (4, 0)
    double[] magnitudes = ZernikeMoments.magnitudes(c);
    assertEquals(9, magnitudes.length);
    assertEquals(5, magnitudes[3]);
    assertEquals(2, magnitudes[6]);
    double[] turned = ZernikeMoments.rotate(c, 0.3);
    assertEquals(5, Math.hypot(turned[3], turned[5]), 1e-15);
    assertTrue(Math.abs(turned[3] - 3) > 0.1);
  }

  @Test
  void mistakesAreRefused() {
    PixelGrid grid = PixelGrid.inscribed(2, 2);
    assertRejected(() -> ZernikeMoments.ofPixels(-1, grid, new double[4]), "-1");
    assertRejected(() -> ZernikeMoments.ofPixels(2, grid, new double[5]), "given 5", "2 x 2");
    double[] hole = {0, 0, Double.NaN, 0};
    assertRejected(() -> ZernikeMoments.ofBilinear(2, grid, hole), "pixel 2");
    assertRejected(() -> ZernikeMoments.magnitudes(new double[2]), "given 2");
  }
}
