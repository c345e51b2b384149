package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Softmax and normalization of rows: definitions, gradients and the same bits everywhere. */
class RowKernelsTest {

  private static final Kernels SCALAR = KernelProvider.scalar();
  private static final int[] COLUMNS = {1, 2, 7, 8, 31, 64, 65, 129, 300};

  private static double[] gaussian(int n, long seed) {
    return new Random(seed).doubles(n, -3, 3).toArray();
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  /** Every result of all row kernels for one shape, with gaps between rows. */
  private static List<double[]> doubles(Kernels kernels, int rows, int cols, boolean centered) {
    int stride = cols + 3;
    double[] x = gaussian(rows * stride + 1, 1);
    double[] dy = gaussian(rows * stride + 1, 2);
    double[] gamma = gaussian(cols + 1, 3);
    double[] beta = gaussian(cols + 2, 4);
    double[] soft = new double[x.length];
    double[] log = new double[x.length];
    double[] dsoft = new double[x.length];
    double[] norm = new double[x.length];
    double[] dx = new double[x.length];
    double[] means = new double[rows];
    double[] inverses = new double[rows];
    double[] dgamma = new double[cols];
    double[] dbeta = new double[cols];
    kernels.softmax(rows, cols, x, 1, stride, soft, 1, stride);
    kernels.logSoftmax(rows, cols, x, 1, stride, log, 1, stride);
    kernels.softmaxGradient(rows, cols, soft, 1, stride, dy, 1, stride, dsoft, 1, stride);
    kernels.normalizeRows(
        centered, rows, cols, x, 1, stride, gamma, 1, beta, 2, 1e-5, norm, 1, stride, means,
        inverses);
    kernels.normalizeRowsGradient(
        centered, rows, cols, x, 1, stride, gamma, 1, means, inverses, dy, 1, stride, dx, 1, stride,
        dgamma, 0, dbeta, 0);
    double[] product = new double[x.length];
    kernels.multiply(x.length, x, 0, dy, 0, product, 0);
    return List.of(soft, log, dsoft, norm, means, inverses, dx, dgamma, dbeta, product);
  }

  private static List<float[]> floats(Kernels kernels, int rows, int cols, boolean centered) {
    int stride = cols + 3;
    float[] x = floats(gaussian(rows * stride + 1, 1));
    float[] dy = floats(gaussian(rows * stride + 1, 2));
    float[] gamma = floats(gaussian(cols + 1, 3));
    float[] beta = floats(gaussian(cols + 2, 4));
    float[] soft = new float[x.length];
    float[] log = new float[x.length];
    float[] dsoft = new float[x.length];
    float[] norm = new float[x.length];
    float[] dx = new float[x.length];
    float[] means = new float[rows];
    float[] inverses = new float[rows];
    float[] dgamma = new float[cols];
    float[] dbeta = new float[cols];
    kernels.softmax(rows, cols, x, 1, stride, soft, 1, stride);
    kernels.logSoftmax(rows, cols, x, 1, stride, log, 1, stride);
    kernels.softmaxGradient(rows, cols, soft, 1, stride, dy, 1, stride, dsoft, 1, stride);
    kernels.normalizeRows(
        centered, rows, cols, x, 1, stride, gamma, 1, beta, 2, 1e-5f, norm, 1, stride, means,
        inverses);
    kernels.normalizeRowsGradient(
        centered, rows, cols, x, 1, stride, gamma, 1, means, inverses, dy, 1, stride, dx, 1, stride,
        dgamma, 0, dbeta, 0);
    float[] product = new float[x.length];
    kernels.multiply(x.length, x, 0, dy, 0, product, 0);
    return List.of(soft, log, dsoft, norm, means, inverses, dx, dgamma, dbeta, product);
  }

  @Test
  void everyBackendWidthAndNumberOfThreadsGivesTheSameBits() {
    for (int cols : COLUMNS) {
      boolean centered = cols % 2 == 0;
      List<double[]> expected = doubles(SCALAR, 5, cols, centered);
      List<float[]> floats = floats(SCALAR, 5, cols, centered);
      for (Kernels kernels : NarrowKernels.all()) {
        List<double[]> actual = doubles(kernels, 5, cols, centered);
        List<float[]> actualFloats = floats(kernels, 5, cols, centered);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i), actual.get(i), cols + " columns, result " + i);
          assertArrayEquals(floats.get(i), actualFloats.get(i), cols + " columns, result " + i);
        }
      }
    }
    List<List<float[]>> runs = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      WorkerPool.of(threads)
          .run(() -> runs.add(floats(KernelProvider.simd().orElseThrow(), 300, 300, true)));
    }
    for (int i = 0; i < runs.getFirst().size(); i++) {
      assertArrayEquals(runs.get(0).get(i), runs.get(1).get(i));
      assertArrayEquals(runs.get(0).get(i), runs.get(2).get(i));
    }
  }

  @Test
  void softmaxIsTheDistribution() {
    for (int cols : COLUMNS) {
      int stride = cols + 3;
      double[] x = gaussian(5 * stride + 1, 1);
      List<double[]> results = doubles(SCALAR, 5, cols, true);
      for (int i = 0; i < 5; i++) {
        double sum = 0;
        for (int j = 0; j < cols; j++) {
          sum += Math.exp(x[1 + i * stride + j]);
        }
        for (int j = 0; j < cols; j++) {
          int at = 1 + i * stride + j;
          double expected = Math.exp(x[at]) / sum;
          assertEquals(expected, results.get(0)[at], 1e-14 * expected + 1e-300);
          assertEquals(Math.log(expected), results.get(1)[at], 1e-13);
        }
        assertEquals(0, results.get(0)[(i + 1) * stride], "the gap after row " + i);
      }
    }
  }

  @Test
  void maskedElementsAndRows() {
    float masked = Float.NEGATIVE_INFINITY;
    float[] x = {1, masked, 1, masked, masked, masked, 3, Float.NaN, 0};
    for (Kernels kernels : NarrowKernels.all()) {
      float[] y = new float[9];
      kernels.softmax(3, 3, x, 0, 3, y, 0, 3);
      assertArrayEquals(new float[] {0.5f, 0, 0.5f, 0, 0, 0, Float.NaN, Float.NaN, Float.NaN}, y);
      kernels.logSoftmax(2, 3, x, 0, 3, y, 0, 3);
      assertEquals(masked, y[1]);
      assertEquals(-Math.log(2), y[0], 1e-7);
      assertEquals(masked, y[4]);
    }
  }

  @Test
  void gradientsAgreeWithDifferences() {
    int rows = 3;
    int cols = 9;
    double step = 1e-6;
    double[] x = gaussian(rows * cols, 5);
    double[] dy = gaussian(rows * cols, 6);
    double[] gamma = gaussian(cols, 7);
    for (boolean centered : new boolean[] {true, false}) {
      double[] soft = new double[x.length];
      double[] dsoft = new double[x.length];
      SCALAR.softmax(rows, cols, x, 0, cols, soft, 0, cols);
      SCALAR.softmaxGradient(rows, cols, soft, 0, cols, dy, 0, cols, dsoft, 0, cols);
      double[] means = new double[rows];
      double[] inverses = new double[rows];
      double[] dx = new double[x.length];
      double[] dgamma = new double[cols];
      double[] dbeta = new double[cols];
      normalized(centered, x, gamma, new double[cols], rows, cols, means, inverses);
      SCALAR.normalizeRowsGradient(
          centered, rows, cols, x, 0, cols, gamma, 0, means, inverses, dy, 0, cols, dx, 0, cols,
          dgamma, 0, dbeta, 0);
      for (int at = 0; at < x.length; at++) {
        double[] up = x.clone();
        double[] down = x.clone();
        up[at] += step;
        down[at] -= step;
        double[] a = new double[x.length];
        double[] b = new double[x.length];
        SCALAR.softmax(rows, cols, up, 0, cols, a, 0, cols);
        SCALAR.softmax(rows, cols, down, 0, cols, b, 0, cols);
        assertEquals(slope(a, b, dy, step), dsoft[at], 1e-8);
        a = normalized(centered, up, gamma, new double[cols], rows, cols, means, inverses);
        b = normalized(centered, down, gamma, new double[cols], rows, cols, means, inverses);
        assertEquals(slope(a, b, dy, step), dx[at], 1e-7);
      }
      for (int j = 0; j < cols; j++) {
        double[] more = gamma.clone();
        more[j] += 1;
        double[] beta = new double[cols];
        beta[j] = 1;
        double[] base =
            normalized(centered, x, gamma, new double[cols], rows, cols, means, inverses);
        double[] a = normalized(centered, x, more, new double[cols], rows, cols, means, inverses);
        double[] b = normalized(centered, x, gamma, beta, rows, cols, means, inverses);
        assertEquals(slope(a, base, dy, 0.5), dgamma[j], 1e-12);
        assertEquals(slope(b, base, dy, 0.5), dbeta[j], 1e-12);
      }
    }
  }

  private static double[] normalized(
      boolean centered,
      double[] x,
      double[] gamma,
      double[] beta,
      int rows,
      int cols,
      double[] means,
      double[] inverses) {
    double[] y = new double[x.length];
    SCALAR.normalizeRows(
        centered, rows, cols, x, 0, cols, gamma, 0, beta, 0, 1e-3, y, 0, cols, means, inverses);
    return y;
  }

  private static double slope(double[] a, double[] b, double[] weights, double step) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += weights[i] * (a[i] - b[i]) / (2 * step);
    }
    return sum;
  }

  @Test
  void normalizedRowsHaveMeanZeroAndVarianceOne() {
    int cols = 257;
    double[] x = gaussian(4 * cols, 9);
    double[] ones = new double[cols];
    java.util.Arrays.fill(ones, 1);
    double[] y = new double[x.length];
    double[] means = new double[4];
    double[] inverses = new double[4];
    Kernels simd = KernelProvider.simd().orElseThrow();
    simd.normalizeRows(
        true,
        4,
        cols,
        x,
        0,
        cols,
        ones,
        0,
        new double[cols],
        0,
        1e-30,
        y,
        0,
        cols,
        means,
        inverses);
    for (int i = 0; i < 4; i++) {
      double sum = 0;
      double squares = 0;
      double mean = 0;
      for (int j = 0; j < cols; j++) {
        sum += y[i * cols + j];
        squares += y[i * cols + j] * y[i * cols + j];
        mean += x[i * cols + j] / cols;
      }
      assertEquals(0, sum, 1e-12);
      assertEquals(cols, squares, 1e-11);
      assertEquals(mean, means[i], 1e-14);
      assertTrue(inverses[i] > 0);
    }
  }
}
