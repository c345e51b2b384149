package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Updates of weights: the same bits for every backend and width, and nothing else is written. */
class UpdateKernelsTest {

  private static final int[] SIZES = {0, 1, 3, 4, 7, 8, 9, 17, 64, 101};
  private static final AdamStep ADAM = new AdamStep(0.99, 0.1, 0.9, 0.95, 0.02, 3, 1e-8);

  private static float[] floats(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static double[] doubles(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  private static float[] squares(float[] x) {
    float[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] *= y[i];
    }
    return y;
  }

  /** Every array after every update, each at another offset. */
  private static List<float[]> floats(Kernels kernels, int n) {
    List<float[]> all = new ArrayList<>();
    for (int kind = 0; kind < 5; kind++) {
      float[] theta = floats(n + 4, 1);
      float[] g = floats(n + 4, 2);
      float[] m = floats(n + 4, 3);
      float[] v = squares(floats(n + 4, 4));
      if (n > 2) {
        g[2] = Float.NaN;
        m[4] = -0.0f;
      }
      switch (kind) {
        case 0 -> kernels.adam(n, ADAM, theta, 1, g, 0, m, 2, v, 3);
        case 1 -> kernels.lion(n, 0.99, 0.01, 0.9, 0.95, theta, 1, g, 0, m, 2);
        case 2 -> kernels.momentum(n, 0.99, 0.1, 0.01, 0.9, theta, 1, g, 0, m, 2);
        case 3 -> kernels.descend(n, 0.99, 0.1, 0.01, theta, 1, g, 0);
        default -> kernels.approach(n, 0.25, g, 0, theta, 1);
      }
      all.addAll(List.of(theta, g, m, v));
    }
    return all;
  }

  private static List<double[]> doubles(Kernels kernels, int n) {
    List<double[]> all = new ArrayList<>();
    for (int kind = 0; kind < 5; kind++) {
      double[] theta = doubles(floats(n + 4, 1));
      double[] g = doubles(floats(n + 4, 2));
      double[] m = doubles(floats(n + 4, 3));
      double[] v = doubles(squares(floats(n + 4, 4)));
      switch (kind) {
        case 0 -> kernels.adam(n, ADAM, theta, 1, g, 0, m, 2, v, 3);
        case 1 -> kernels.lion(n, 0.99, 0.01, 0.9, 0.95, theta, 1, g, 0, m, 2);
        case 2 -> kernels.momentum(n, 0.99, 0.1, 0.01, 0.9, theta, 1, g, 0, m, 2);
        case 3 -> kernels.descend(n, 0.99, 0.1, 0.01, theta, 1, g, 0);
        default -> kernels.approach(n, 0.25, g, 0, theta, 1);
      }
      all.addAll(List.of(theta, g, m, v));
    }
    return all;
  }

  @Test
  void everyBackendAndWidthGivesTheSameBits() {
    for (int n : SIZES) {
      List<float[]> single = floats(KernelProvider.scalar(), n);
      List<double[]> wide = doubles(KernelProvider.scalar(), n);
      for (Kernels kernels : NarrowKernels.all()) {
        List<float[]> otherSingle = floats(kernels, n);
        List<double[]> otherWide = doubles(kernels, n);
        for (int i = 0; i < single.size(); i++) {
          assertArrayEquals(single.get(i), otherSingle.get(i), n + " elements, result " + i);
          assertArrayEquals(wide.get(i), otherWide.get(i), n + " elements, result " + i);
        }
      }
    }
  }

  @Test
  void onlyTheGivenRangeIsWritten() {
    int n = 17;
    float[] before = floats(n + 4, 1);
    for (Kernels kernels : NarrowKernels.all()) {
      List<float[]> after = floats(kernels, n);
      for (int kind = 0; kind < 5; kind++) {
        float[] theta = after.get(4 * kind);
        assertEquals(before[0], theta[0]);
        assertArrayEquals(
            java.util.Arrays.copyOfRange(before, n + 1, n + 4),
            java.util.Arrays.copyOfRange(theta, n + 1, n + 4));
      }
    }
  }

  @Test
  void approachIsExactAtTheGoal() {
    float[] x = floats(33, 7);
    for (Kernels kernels : NarrowKernels.all()) {
      float[] y = x.clone();
      kernels.approach(33, 0.3, x, 0, y, 0);
      assertArrayEquals(x, y);
      kernels.approach(33, 1, new float[33], 0, y, 0);
      assertArrayEquals(new float[33], y);
    }
  }
}
