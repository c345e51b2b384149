package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Zernike modes: the same bits from all kernels, and nothing written next to the output. */
class DiskKernelsTest {
  private static final Kernels SCALAR = KernelProvider.scalar();
  private static final int[] DEGREES = {0, 1, 2, 3, 8, 21};
  private static final int[] COUNTS = {0, 1, 3, 7, 8, 9, 63, 64, 65, 131};
  private static final int OFFSET = 3;

  private static double[] random(int count, Random random) {
    return random.doubles(count, -1, 1).toArray();
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  /** Radii, their low parts, cosines and sines, after an offset; one radius is NaN. */
  private static double[][] points(int count, Random random) {
    double[][] points = new double[4][count + OFFSET];
    for (int i = OFFSET; i < count + OFFSET; i++) {
      double angle = 7 * random.nextDouble();
      points[0][i] = i == OFFSET + 5 ? Double.NaN : random.nextDouble();
      points[1][i] = 1e-17 * random.nextDouble();
      points[2][i] = Math.cos(angle);
      points[3][i] = Math.sin(angle);
    }
    return points;
  }

  private static double[] sum(Kernels kernels, int degree, double[] c, int count, double[][] p) {
    double[] out = new double[count + 2];
    kernels.zernikeSum(degree, c, 1, count, p[0], p[1], p[2], p[3], OFFSET, out, 1);
    return out;
  }

  private static float[] sums(Kernels kernels, int degree, double[] c, int count, double[][] p) {
    float[] out = new float[count + 2];
    kernels.zernikeSum(
        degree,
        floats(c),
        1,
        count,
        floats(p[0]),
        floats(p[1]),
        floats(p[2]),
        floats(p[3]),
        OFFSET,
        out,
        1);
    return out;
  }

  private static double[] modes(Kernels kernels, int degree, int count, double[][] p) {
    int stride = count + 2;
    double[] out = new double[(degree + 1) * (degree + 2) / 2 * stride + 1];
    kernels.zernikeModes(degree, count, p[0], p[1], p[2], p[3], OFFSET, out, 1, stride);
    return out;
  }

  private static float[] singleModes(Kernels kernels, int degree, int count, double[][] p) {
    int stride = count + 2;
    float[] out = new float[(degree + 1) * (degree + 2) / 2 * stride + 1];
    kernels.zernikeModes(
        degree,
        count,
        floats(p[0]),
        floats(p[1]),
        floats(p[2]),
        floats(p[3]),
        OFFSET,
        out,
        1,
        stride);
    return out;
  }

  @Test
  void vectorsOfEveryWidthGiveTheBitsOfPlainLoopsAndKeepTheirNeighbours() {
    for (Kernels kernels : NarrowKernels.all()) {
      for (int degree : DEGREES) {
        for (int count : COUNTS) {
          Random random = new Random(degree + 100L * count);
          double[] c = random((degree + 1) * (degree + 2) / 2 + 1, random);
          double[][] p = points(count, random);
          // elements that are not written are 0 in both
          assertArrayEquals(sum(SCALAR, degree, c, count, p), sum(kernels, degree, c, count, p));
          assertArrayEquals(sums(SCALAR, degree, c, count, p), sums(kernels, degree, c, count, p));
          assertArrayEquals(modes(SCALAR, degree, count, p), modes(kernels, degree, count, p));
          assertArrayEquals(
              singleModes(SCALAR, degree, count, p), singleModes(kernels, degree, count, p));
        }
      }
    }
  }

  @Test
  void sumsAreThoseOfModes() {
    Random random = new Random(4);
    double[] c = random(67, random);
    double[][] p = points(40, random);
    double[] modes = modes(SCALAR, 10, 40, p);
    double[] sums = sum(SCALAR, 10, c, 40, p);
    for (int i = 0; i < 40; i++) {
      double sum = 0;
      for (int j = 0; j < 66; j++) {
        sum += c[j + 1] * modes[1 + j * 42 + i];
      }
      assertEquals(sum, sums[1 + i], 1e-14);
    }
  }
}
