package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.kernels.cpu.Precision.Layout;

/** SIMD kernels of every width give the bits of the scalar ones, and touch nothing else. */
class KernelTwinsTest {

  private static final Kernels SCALAR = KernelProvider.scalar();
  private static final double[] FACTORS = {0, 1, -1, 0.75};
  private static final int[] OFFSETS = {0, 1, 3};

  /** Sizes around the lanes, the tiles and the partial sums of every width. */
  private static final int[] SIZES = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 31, 32, 33, 35, 37, 67
  };

  private static final int[] LENGTHS = {
    0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 131, 200, 257, 1000, 2081, 4099
  };

  private static int one(int[] choices, Random random) {
    return choices[random.nextInt(choices.length)];
  }

  private static double one(double[] choices, Random random) {
    return choices[random.nextInt(choices.length)];
  }

  private static Layout layout(int rows, int cols, Random random) {
    int step = random.nextInt(4) == 0 ? 2 : 1;
    return Layout.of(
        one(OFFSETS, random), rows, cols, random.nextBoolean(), step, one(OFFSETS, random));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void productsHaveTheSameBitsAndKeepTheirNeighbours(Precision precision) {
    for (int round = 0; round < 120; round++) {
      Random random = new Random(round);
      int m = one(SIZES, random);
      int n = one(SIZES, random);
      // Now and then deeper than one block of k.
      int k = round % 25 == 0 ? 750 + one(SIZES, random) : one(SIZES, random);
      Layout la = layout(m, k, random);
      Layout lb = layout(k, n, random);
      Layout lc = layout(m, n, random);
      Object a = precision.random(la.size(m, k), random);
      Object b = precision.random(lb.size(k, n), random);
      Object c = precision.random(lc.size(m, n), random);
      double alpha = one(FACTORS, random);
      double beta = one(FACTORS, random);
      Object expected = precision.copy(c);
      precision.gemm(SCALAR, m, n, k, alpha, a, la, b, lb, beta, expected, lc);
      for (Kernels kernels : NarrowKernels.all()) {
        Object actual = precision.copy(c);
        precision.gemm(kernels, m, n, k, alpha, a, la, b, lb, beta, actual, lc);
        assertTrue(
            precision.sameBits(expected, actual),
            "seed %d: %d x %d x %d, %d lanes".formatted(round, m, n, k, kernels.lanesFloat()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void largerProductsCrossEveryBlockBoundary(Precision precision) {
    Random random = new Random(5);
    for (int[] shape :
        new int[][] {{150, 67, 800}, {3, 1200, 40}, {1200, 3, 40}, {260, 90, 30}, {9, 300, 520}}) {
      int m = shape[0];
      int n = shape[1];
      int k = shape[2];
      Layout la = Layout.of(1, m, k, false, 1, 0);
      Layout lb = Layout.of(3, k, n, true, 1, 0);
      Layout lc = Layout.of(0, m, n, false, 1, 2);
      Object a = precision.random(la.size(m, k), random);
      Object b = precision.random(lb.size(k, n), random);
      Object c = precision.random(lc.size(m, n), random);
      Object expected = precision.copy(c);
      precision.gemm(SCALAR, m, n, k, 1, a, la, b, lb, 1, expected, lc);
      for (Kernels kernels : NarrowKernels.all()) {
        Object actual = precision.copy(c);
        precision.gemm(kernels, m, n, k, 1, a, la, b, lb, 1, actual, lc);
        assertTrue(precision.sameBits(expected, actual), m + " x " + n + " x " + k);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void matrixVectorProductsHaveTheSameBits(Precision precision) {
    for (int round = 0; round < 100; round++) {
      Random random = new Random(round);
      int m = round % 20 == 0 ? 600 : one(SIZES, random);
      int n = one(SIZES, random);
      Layout la = layout(m, n, random);
      Layout lx = layout(1, n, random);
      Layout ly = layout(1, m, random);
      Object a = precision.random(la.size(m, n), random);
      Object x = precision.random(lx.size(1, n), random);
      Object y = precision.random(ly.size(1, m), random);
      double alpha = one(FACTORS, random);
      double beta = one(FACTORS, random);
      Object expected = precision.copy(y);
      precision.gemv(SCALAR, m, n, alpha, a, la, x, lx, beta, expected, ly);
      for (Kernels kernels : NarrowKernels.all()) {
        Object actual = precision.copy(y);
        precision.gemv(kernels, m, n, alpha, a, la, x, lx, beta, actual, ly);
        assertTrue(precision.sameBits(expected, actual), "seed " + round + ": " + m + " x " + n);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void longColumnsHaveTheSameBits(Precision precision) {
    // Columns in groups of 8, 4 and 1 per partial sum, rows in several blocks, odd ends of arrays.
    for (int[] shape : new int[][] {{37, 290}, {64, 130}, {33, 16 * 13}, {4500, 40}, {8, 65}}) {
      int m = shape[0];
      int n = shape[1];
      Random random = new Random(m);
      for (Layout la :
          new Layout[] {new Layout(0, 1, m), new Layout(3, 1, m + 5), new Layout(1, 1, m + 1)}) {
        Object a = precision.random(la.at(m - 1, n - 1) + 1, random);
        Object x = precision.random(2 * n, random);
        Object y = precision.random(m, random);
        Layout lx = new Layout(1, 0, 2);
        Layout ly = new Layout(0, 0, 1);
        Object expected = precision.copy(y);
        precision.gemv(SCALAR, m, n, 2, a, la, x, lx, -1, expected, ly);
        for (Kernels kernels : NarrowKernels.all()) {
          Object actual = precision.copy(y);
          precision.gemv(kernels, m, n, 2, a, la, x, lx, -1, actual, ly);
          assertTrue(precision.sameBits(expected, actual), m + " x " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void symmetricProductsHaveTheSameBitsAndReadOneTriangle(Precision precision) {
    for (int n : new int[] {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 40, 67, 270, 519}) {
      for (boolean upper : new boolean[] {false, true}) {
        Random random = new Random(n);
        Layout la = Layout.of(one(OFFSETS, random), n, n, false, 1, one(OFFSETS, random));
        Layout lx = layout(1, n, random);
        Layout ly = layout(1, n, random);
        Object a = precision.random(la.size(n, n), random);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            if (upper ? j < i : j > i) {
              precision.set(a, la.at(i, j), Double.NaN);
            }
          }
        }
        Object x = precision.random(lx.size(1, n), random);
        Object y = precision.random(ly.size(1, n), random);
        double alpha = one(FACTORS, random);
        double beta = one(FACTORS, random);
        Object expected = precision.copy(y);
        precision.symv(SCALAR, upper, n, alpha, a, la, x, lx, beta, expected, ly);
        for (int i = 0; i < n; i++) {
          assertTrue(Double.isFinite(precision.get(expected, ly.at(0, i))));
        }
        for (Kernels kernels : NarrowKernels.all()) {
          Object actual = precision.copy(y);
          precision.symv(kernels, upper, n, alpha, a, la, x, lx, beta, actual, ly);
          assertTrue(precision.sameBits(expected, actual), n + (upper ? " upper" : " lower"));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void vectorOperationsHaveTheSameBits(Precision precision) {
    for (int n : LENGTHS) {
      for (int round = 0; round < 4; round++) {
        Random random = new Random(31L * n + round);
        Layout lx = layout(1, n, random);
        Layout ly = layout(1, n, random);
        Object x = precision.random(lx.size(1, n), random);
        Object y = precision.random(ly.size(1, n), random);
        double alpha = one(FACTORS, random);
        Object axpy = precision.copy(y);
        precision.axpy(SCALAR, n, alpha, x, lx, axpy, ly);
        Object scaled = precision.copy(x);
        precision.scale(SCALAR, n, alpha, scaled, lx);
        double dot = precision.dot(SCALAR, n, x, lx, y, ly);
        double[] norms = precision.norms(SCALAR, n, x, lx);
        for (Kernels kernels : NarrowKernels.all()) {
          Object actual = precision.copy(y);
          precision.axpy(kernels, n, alpha, x, lx, actual, ly);
          assertTrue(precision.sameBits(axpy, actual), "axpy " + n);
          actual = precision.copy(x);
          precision.scale(kernels, n, alpha, actual, lx);
          assertTrue(precision.sameBits(scaled, actual), "scale " + n);
          assertEquals(dot, precision.dot(kernels, n, x, lx, y, ly), "dot " + n);
          assertArrayEquals(norms, precision.norms(kernels, n, x, lx), "norms " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void transpositionsAreEqual(Precision precision) {
    for (int round = 0; round < 60; round++) {
      Random random = new Random(round);
      int m = one(SIZES, random);
      int n = one(SIZES, random);
      Layout la = Layout.of(one(OFFSETS, random), m, n, false, 1, one(OFFSETS, random));
      Layout lb = Layout.of(one(OFFSETS, random), n, m, false, 1, one(OFFSETS, random));
      Object a = precision.random(la.size(m, n), random);
      Object b = precision.random(lb.size(n, m), random);
      Object expected = precision.copy(b);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          precision.set(expected, lb.at(j, i), precision.get(a, la.at(i, j)));
        }
      }
      Object actual = precision.copy(b);
      precision.transpose(SCALAR, m, n, a, la, actual, lb);
      assertTrue(precision.sameBits(expected, actual), m + " x " + n);
      for (Kernels kernels : NarrowKernels.all()) {
        actual = precision.copy(b);
        precision.transpose(kernels, m, n, a, la, actual, lb);
        assertTrue(precision.sameBits(expected, actual), m + " x " + n);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void oldValuesDoNotMatterWhereBetaIsZero(Precision precision) {
    Random random = new Random(9);
    Layout matrix = Layout.of(0, 9, 9, false, 1, 0);
    Layout vector = Layout.of(0, 1, 9, false, 1, 0);
    Object a = precision.random(90, random);
    Object nan = precision.random(90, random);
    for (int i = 0; i < 90; i++) {
      precision.set(nan, i, Double.NaN);
    }
    for (Kernels kernels : NarrowKernels.all()) {
      Object c = precision.copy(nan);
      precision.gemm(kernels, 9, 9, 9, 1, a, matrix, a, matrix, 0, c, matrix);
      Object y = precision.copy(nan);
      precision.gemv(kernels, 9, 9, 1, a, matrix, a, vector, 0, y, vector);
      for (int i = 0; i < 81; i++) {
        assertTrue(Double.isFinite(precision.get(c, i)));
      }
      for (int i = 0; i < 9; i++) {
        assertTrue(Double.isFinite(precision.get(y, i)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void specialValuesAndUnderflowHaveTheSameBits(Precision precision) {
    double[] special = {
      0,
      -0.0,
      1,
      -1,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      0x1p-120,
      -0x1p-120,
      0x1p-600,
      -0x1p-1000
    };
    for (int round = 0; round < 40; round++) {
      Random random = new Random(round);
      int m = 1 + random.nextInt(20);
      int n = 1 + random.nextInt(20);
      int k = 1 + random.nextInt(20);
      Layout la = layout(m, k, random);
      Layout lb = layout(k, n, random);
      Layout lc = Layout.of(0, m, n, random.nextBoolean(), 1, 0);
      Object a = precision.random(la.size(m, k), random);
      Object b = precision.random(lb.size(k, n), random);
      Object c = precision.random(lc.size(m, n), random);
      // Mostly tiny values, so that sums underflow to either zero.
      int choices = round % 2 == 0 ? special.length : 4;
      for (int i = 0; i < la.size(m, k); i++) {
        int choice = random.nextInt(choices);
        precision.set(a, i, round % 2 == 0 ? special[choice] : special[6 + choice]);
      }
      for (int i = 0; i < lb.size(k, n); i++) {
        precision.set(b, i, special[6 + random.nextInt(4)]);
      }
      Object expected = precision.copy(c);
      precision.gemm(SCALAR, m, n, k, 1, a, la, b, lb, 0, expected, lc);
      double[] norms = precision.norms(SCALAR, m * k, a, new Layout(0, 0, 1));
      for (Kernels kernels : NarrowKernels.all()) {
        Object actual = precision.copy(c);
        precision.gemm(kernels, m, n, k, 1, a, la, b, lb, 0, actual, lc);
        assertTrue(precision.sameBits(expected, actual), "seed " + round);
        assertArrayEquals(norms, precision.norms(kernels, m * k, a, new Layout(0, 0, 1)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void anyNumberOfThreadsGivesTheSameBits(Precision precision) {
    Random random = new Random(11);
    int n = 137;
    Layout square = Layout.of(0, n, n, false, 1, 0);
    Object a = precision.random(n * n, random);
    Object b = precision.random(n * n, random);
    Layout tall = Layout.of(0, 1000, n, false, 1, 0);
    Layout wide = Layout.of(0, 1000, n, true, 1, 0);
    Layout row = Layout.of(0, 1, 1000, false, 1, 0);
    Object t = precision.random(1000 * n, random);
    Layout large = Layout.of(0, 600, 600, false, 1, 0);
    Object s = precision.random(600 * 600, random);
    for (Kernels kernels : new Kernels[] {SCALAR, NarrowKernels.all().getFirst()}) {
      Object[] expected = null;
      for (int threads : new int[] {1, 2, 4}) {
        Object c = precision.random(n * n, new Random(1));
        Object y = precision.random(1000, new Random(1));
        Object z = precision.random(1000, new Random(1));
        Object u = precision.random(1000, new Random(1));
        Object v = precision.random(1000, new Random(1));
        Object transposed = precision.random(1000 * n, new Random(1));
        WorkerPool.of(threads)
            .run(
                () -> {
                  precision.gemm(kernels, n, n, n, 2, a, square, b, square, 1, c, square);
                  precision.gemv(kernels, 1000, n, 2, t, tall, a, row, 1, y, row);
                  precision.gemv(kernels, 1000, n, 2, t, wide, a, row, 1, z, row);
                  precision.symv(kernels, true, 600, 1, s, large, a, row, 1, u, row);
                  precision.symv(kernels, false, 600, 1, s, large, a, row, 1, v, row);
                  precision.transpose(
                      kernels, 1000, n, t, tall, transposed, Layout.of(0, n, 1000, false, 1, 0));
                });
        Object[] actual = {c, y, z, u, v, transposed};
        if (expected == null) {
          expected = actual;
        }
        for (int i = 0; i < actual.length; i++) {
          assertTrue(precision.sameBits(expected[i], actual[i]), threads + " threads, result " + i);
        }
      }
    }
  }

  @Test
  void widthsDiffer() {
    var all = NarrowKernels.all();
    assertEquals(4, all.get(1).lanesFloat());
    assertEquals(2, all.get(1).lanesDouble());
    assertTrue(all.get(2).lanesFloat() <= 8);
    assertEquals(16, all.get(3).lanesFloat());
    assertEquals(8, all.get(3).lanesDouble());
    assertEquals("simd", all.get(1).name());
  }
}
