package org.quadrille.kernels.cpu;

/**
 * SIMD kernels that leave the first little work of a program to plain loops.
 *
 * <p>A first SIMD call costs a tenth of a second and more: the classes of the Vector API load, and
 * vector code that is not compiled yet runs hundreds of times slower than after. A program that
 * multiplies a few small matrices should not pay that. Both kinds give the same bits, so the change
 * shows on the clock only. Matrix, matrix-vector and dot products do so, each counting its own
 * work; work of more than the limit goes to SIMD at once. The other kernels are SIMD from the first
 * call.
 */
final class TieredKernels extends VectorKernels {

  /**
   * Multiply-adds of matrix products in plain loops: about as long as the first SIMD calls take.
   */
  static final long GEMM_LIMIT = 1L << 26;

  /** Multiply-adds of matrix-vector products and of dot products. */
  static final long VECTOR_LIMIT = 1L << 25;

  private static final Kernels PLAIN = new ScalarKernels();

  // Multiply-adds seen so far. Threads may lose some of each other's counts, which does no harm.
  private long sgemmWork;
  private long sgemvWork;
  private long sdotWork;
  private long dgemmWork;
  private long dgemvWork;
  private long ddotWork;

  @Override
  public void gemm(
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
    if (sgemmWork < GEMM_LIMIT) {
      sgemmWork += Math.max(1, (long) m * n * k);
    }
    if (sgemmWork < GEMM_LIMIT) {
      PLAIN.gemm(
          m,
          n,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          bColStride,
          beta,
          c,
          cOffset,
          cRowStride,
          cColStride);
    } else {
      super.gemm(
          m,
          n,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          bColStride,
          beta,
          c,
          cOffset,
          cRowStride,
          cColStride);
    }
  }

  @Override
  public void gemv(
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
    if (sgemvWork < VECTOR_LIMIT) {
      sgemvWork += Math.max(1, (long) m * n);
    }
    if (sgemvWork < VECTOR_LIMIT) {
      PLAIN.gemv(
          m,
          n,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          x,
          xOffset,
          xStride,
          beta,
          y,
          yOffset,
          yStride);
    } else {
      super.gemv(
          m,
          n,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          x,
          xOffset,
          xStride,
          beta,
          y,
          yOffset,
          yStride);
    }
  }

  @Override
  public float dot(
      int n, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    if (sdotWork < VECTOR_LIMIT) {
      sdotWork += Math.max(1, n);
    }
    return sdotWork < VECTOR_LIMIT
        ? PLAIN.dot(n, x, xOffset, xStride, y, yOffset, yStride)
        : super.dot(n, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public void gemm(
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      double[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      double beta,
      double[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    if (dgemmWork < GEMM_LIMIT) {
      dgemmWork += Math.max(1, (long) m * n * k);
    }
    if (dgemmWork < GEMM_LIMIT) {
      PLAIN.gemm(
          m,
          n,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          bColStride,
          beta,
          c,
          cOffset,
          cRowStride,
          cColStride);
    } else {
      super.gemm(
          m,
          n,
          k,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          b,
          bOffset,
          bRowStride,
          bColStride,
          beta,
          c,
          cOffset,
          cRowStride,
          cColStride);
    }
  }

  @Override
  public void gemv(
      int m,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      double[] x,
      int xOffset,
      int xStride,
      double beta,
      double[] y,
      int yOffset,
      int yStride) {
    if (dgemvWork < VECTOR_LIMIT) {
      dgemvWork += Math.max(1, (long) m * n);
    }
    if (dgemvWork < VECTOR_LIMIT) {
      PLAIN.gemv(
          m,
          n,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          x,
          xOffset,
          xStride,
          beta,
          y,
          yOffset,
          yStride);
    } else {
      super.gemv(
          m,
          n,
          alpha,
          a,
          aOffset,
          aRowStride,
          aColStride,
          x,
          xOffset,
          xStride,
          beta,
          y,
          yOffset,
          yStride);
    }
  }

  @Override
  public double dot(
      int n, double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride) {
    if (ddotWork < VECTOR_LIMIT) {
      ddotWork += Math.max(1, n);
    }
    return ddotWork < VECTOR_LIMIT
        ? PLAIN.dot(n, x, xOffset, xStride, y, yOffset, yStride)
        : super.dot(n, x, xOffset, xStride, y, yOffset, yStride);
  }
}
