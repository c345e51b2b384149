package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * The float loops in plain Java: slow, obvious, and the definition of the bits of every other
 * implementation.
 */
final class ScalarFloat {

  /** Products with fewer multiply-adds than this are not worth waking another thread. */
  private static final long PARALLEL_FROM = 1L << 18;

  private ScalarFloat() {}

  static void gemm(
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float beta,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    if (m == 0 || n == 0) {
      return;
    }
    if (n == 1) {
      gemv(
          m,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          beta,
          c,
          cOffset,
          cRowStride);
      return;
    }
    if (m == 1) {
      // A product with a row vector from the left is one with the transposed matrix.
      gemv(
          n,
          k,
          alpha,
          b,
          bOffset,
          bColStride,
          bRowStride,
          a,
          aOffset,
          aColStride,
          beta,
          c,
          cOffset,
          cColStride);
      return;
    }
    boolean parallel = (long) m * n * k >= PARALLEL_FROM;
    int tasks = parallel ? Math.min(m, 4 * WorkerPool.shared().threads()) : 1;
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              float[] sum = new float[n];
              int end = (int) ((long) m * (task + 1) / tasks);
              for (int i = (int) ((long) m * task / tasks); i < end; i++) {
                gemmRow(
                    n,
                    k,
                    alpha,
                    a,
                    aOffset + i * aRowStride,
                    aColStride,
                    b,
                    bOffset,
                    bRowStride,
                    bColStride,
                    beta,
                    c,
                    cOffset + i * cRowStride,
                    cColStride,
                    sum);
              }
            });
  }

  private static void gemmRow(
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float beta,
      float[] c,
      int cOffset,
      int cStride,
      float[] sum) {
    float factor = beta;
    int start = 0;
    do {
      int end = Math.min(k, start + SumOrder.GEMM_DEPTH_FLOAT);
      Arrays.fill(sum, 0);
      for (int p = start; p < end; p++) {
        float ap = a[aOffset + p * aStride];
        int row = bOffset + p * bRowStride;
        for (int j = 0; j < n; j++) {
          sum[j] = Math.fma(ap, b[row + j * bColStride], sum[j]);
        }
      }
      for (int j = 0; j < n; j++) {
        int at = cOffset + j * cStride;
        c[at] = update(alpha, sum[j], factor, factor == 0 ? 0 : c[at]);
      }
      factor = 1;
      start = end;
    } while (start < k);
  }

  /** {@code alpha * sum + beta * old}, each operation rounded; old is not used where beta is 0. */
  static float update(float alpha, float sum, float beta, float old) {
    return beta == 0 ? alpha * sum : alpha * sum + beta * old;
  }

  static void gemv(
      int m,
      int n,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      float[] x,
      int xOffset,
      int xStride,
      float beta,
      float[] y,
      int yOffset,
      int yStride) {
    float[] partial = new float[SumOrder.GEMV_PARTIALS_FLOAT];
    for (int i = 0; i < m; i++) {
      float sum = dot(n, a, aOffset + i * aRowStride, aColStride, x, xOffset, xStride, partial);
      int at = yOffset + i * yStride;
      y[at] = update(alpha, sum, beta, beta == 0 ? 0 : y[at]);
    }
  }

  static float dot(
      int n, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    return dot(n, x, xOffset, xStride, y, yOffset, yStride, new float[SumOrder.DOT_PARTIALS_FLOAT]);
  }

  /** Dot product in as many partial sums as the scratch array has elements. */
  private static float dot(
      int n,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      float[] partial) {
    int mask = partial.length - 1;
    Arrays.fill(partial, 0);
    for (int i = 0; i < n; i++) {
      partial[i & mask] =
          Math.fma(x[xOffset + i * xStride], y[yOffset + i * yStride], partial[i & mask]);
    }
    return SumOrder.tree(partial, partial.length);
  }

  static void axpy(
      int n,
      float alpha,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride) {
    for (int i = 0; i < n; i++) {
      int at = yOffset + i * yStride;
      y[at] = Math.fma(alpha, x[xOffset + i * xStride], y[at]);
    }
  }

  static void scale(int n, float alpha, float[] x, int xOffset, int xStride) {
    for (int i = 0; i < n; i++) {
      x[xOffset + i * xStride] *= alpha;
    }
  }

  static double norm1(int n, float[] x, int xOffset, int xStride) {
    double[] partial = new double[SumOrder.DOT_PARTIALS_DOUBLE];
    int mask = partial.length - 1;
    for (int i = 0; i < n; i++) {
      partial[i & mask] += Math.abs(x[xOffset + i * xStride]);
    }
    return SumOrder.tree(partial, partial.length);
  }

  /** Sum of the squares of {@code factor * x[i]}, in double. */
  static double sumOfSquares(int n, double factor, float[] x, int xOffset, int xStride) {
    double[] partial = new double[SumOrder.DOT_PARTIALS_DOUBLE];
    int mask = partial.length - 1;
    for (int i = 0; i < n; i++) {
      double scaled = factor * x[xOffset + i * xStride];
      partial[i & mask] = Math.fma(scaled, scaled, partial[i & mask]);
    }
    return SumOrder.tree(partial, partial.length);
  }

  static float normInf(int n, float[] x, int xOffset, int xStride) {
    float max = 0;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, Math.abs(x[xOffset + i * xStride]));
    }
    return max;
  }

  static void transpose(
      int rows,
      int cols,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] b,
      int bOffset,
      int bRowStride) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        b[bOffset + j * bRowStride + i] = a[aOffset + i * aRowStride + j];
      }
    }
  }
}
