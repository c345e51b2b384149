// Generated from SymmetricFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Product of a symmetric matrix, of which one triangle is given, and a vector: the definition of
 * its bits, and what scalar and SIMD loops share.
 *
 * <p>The rows are cut into strips of about equal area, whose number depends on n only, so any
 * number of threads may share them. Element i of the product is the sum of its own row up to the
 * diagonal (from the diagonal in the upper triangle) and, strip by strip, of what the rows of that
 * strip give through their column i. Within a row the order is that of {@link SumOrder} for
 * matrix-vector products, counted from the outer end of the triangle, and the block of the diagonal
 * comes last.
 */
final class SymmetricDouble {

  /** Rows and columns of the blocks on the diagonal. */
  static final int BLOCK = SumOrder.GEMV_PARTIALS_DOUBLE;

  private static final Workspace<double[]> VECTORS = new Workspace<>(double[]::new, x -> x.length);

  private SymmetricDouble() {}

  /** The loops over one strip, scalar or SIMD. */
  interface Loops {

    /**
     * Writes the sums of rows {@code first} to {@code last} to d, and what their columns give to z
     * from {@code zAt} on, elements 0 to {@code last} in the lower triangle.
     */
    void lower(
        int first,
        int last,
        double[] a,
        int aOffset,
        int rowStride,
        double[] x,
        double[] d,
        double[] z,
        int zAt);

    /** The same in the upper triangle, where z has elements {@code first} to n. */
    void upper(
        int first,
        int last,
        int n,
        double[] a,
        int aOffset,
        int rowStride,
        double[] x,
        double[] d,
        double[] z,
        int zAt);

    /** {@code to[i] += from[i]}. */
    void add(int n, double[] from, int fromAt, double[] to, int toAt);
  }

  static void multiply(
      Loops loops,
      boolean upper,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int rowStride,
      double[] x,
      int xOffset,
      int xStride,
      double beta,
      double[] y,
      int yOffset,
      int yStride) {
    int strips = SumOrder.symmetricStrips(n);
    double[] xs = VECTORS.borrow(n);
    double[] d = VECTORS.borrow(n);
    double[] z = VECTORS.borrow(strips * n);
    for (int i = 0; i < n; i++) {
      xs[i] = x[xOffset + i * xStride];
    }
    WorkerPool.shared()
        .forEach(
            strips,
            s -> {
              if (upper) {
                int first = n - boundary(strips - s, strips, n);
                int last = n - boundary(strips - s - 1, strips, n);
                loops.upper(first, last, n, a, aOffset, rowStride, xs, d, z, s * n);
              } else {
                int first = boundary(s, strips, n);
                int last = boundary(s + 1, strips, n);
                loops.lower(first, last, a, aOffset, rowStride, xs, d, z, s * n);
              }
            });
    for (int s = 0; s < strips; s++) {
      int from = upper ? n - boundary(strips - s, strips, n) : 0;
      int to = upper ? n : boundary(s + 1, strips, n);
      loops.add(to - from, z, s * n + from, d, from);
    }
    for (int i = 0; i < n; i++) {
      int at = yOffset + i * yStride;
      y[at] = ScalarDouble.update(alpha, d[i], beta, beta == 0 ? 0 : y[at]);
    }
    VECTORS.giveBack(xs);
    VECTORS.giveBack(d);
    VECTORS.giveBack(z);
  }

  /** Rows of the lower triangle before strip s, whose areas are about equal: whole blocks. */
  private static int boundary(int s, int strips, int n) {
    int rows = (int) (n * Math.sqrt((double) s / strips));
    return Math.min(n, Math.ceilDiv(rows, BLOCK) * BLOCK);
  }

  /** The loops in plain Java. */
  static final Loops SCALAR =
      new Loops() {
        @Override
        public void lower(
            int first,
            int last,
            double[] a,
            int aOffset,
            int rowStride,
            double[] x,
            double[] d,
            double[] z,
            int zAt) {
          double[] partial = new double[BLOCK];
          Arrays.fill(z, zAt, zAt + last, 0);
          for (int i = first; i < last; i++) {
            int row = aOffset + i * rowStride;
            Arrays.fill(partial, 0);
            for (int j = 0; j < i; j++) {
              int lane = j % BLOCK;
              partial[lane] = Math.fma(a[row + j], x[j], partial[lane]);
              z[zAt + j] = Math.fma(a[row + j], x[i], z[zAt + j]);
            }
            partial[i % BLOCK] = Math.fma(a[row + i], x[i], partial[i % BLOCK]);
            d[i] = SumOrder.rowTree(partial, 0);
          }
        }

        @Override
        public void upper(
            int first,
            int last,
            int n,
            double[] a,
            int aOffset,
            int rowStride,
            double[] x,
            double[] d,
            double[] z,
            int zAt) {
          double[] partial = new double[BLOCK];
          Arrays.fill(z, zAt + first, zAt + n, 0);
          for (int i = first; i < last; i++) {
            int row = aOffset + i * rowStride;
            Arrays.fill(partial, 0);
            int blockEnd = n - (n - i - 1) / BLOCK * BLOCK;
            for (int j = blockEnd; j < n; j++) {
              int lane = (j - blockEnd) % BLOCK;
              partial[lane] = Math.fma(a[row + j], x[j], partial[lane]);
              z[zAt + j] = Math.fma(a[row + j], x[i], z[zAt + j]);
            }
            int lane = BLOCK - blockEnd + i;
            partial[lane] = Math.fma(a[row + i], x[i], partial[lane]);
            for (int j = i + 1; j < blockEnd; j++) {
              lane = BLOCK - blockEnd + j;
              partial[lane] = Math.fma(a[row + j], x[j], partial[lane]);
              z[zAt + j] = Math.fma(a[row + j], x[i], z[zAt + j]);
            }
            d[i] = SumOrder.rowTree(partial, 0);
          }
        }

        @Override
        public void add(int n, double[] from, int fromAt, double[] to, int toAt) {
          for (int i = 0; i < n; i++) {
            to[toAt + i] += from[fromAt + i];
          }
        }
      };
}
