package org.quadrille.jmh;

import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_full;

/**
 * The steps of a randomized decomposition (Halko, Martinsson and Tropp, SIAM Review 53, 2011) by
 * calls of OpenBLAS: range by products and QR, two power iterations, then the small decomposition.
 */
final class OpenBlasRandomizedSvd {
  private static final int OVERSAMPLING = 10;
  private static final int POWER_ITERATIONS = 2;
  private static final int ROWS = 101;

  private final NativeBlas blas = NativeBlas.of("openblas");
  private final int n;
  private final int columns;
  private final FloatPointer matrix;
  private final FloatPointer test;
  private final FloatPointer range;
  private final FloatPointer corange;
  private final FloatPointer factors;
  private final FloatPointer values;
  private final FloatPointer left;
  private final FloatPointer right;
  private final FloatPointer product;

  /**
   * Space for the decomposition of an n x n matrix.
   *
   * @param matrix row-major
   */
  OpenBlasRandomizedSvd(int threads, int n, int rank, FloatPointer matrix) {
    blas.threads(threads);
    this.n = n;
    this.columns = rank + OVERSAMPLING;
    this.matrix = matrix;
    Random random = new Random(7);
    float[] gaussian = new float[n * columns];
    for (int i = 0; i < gaussian.length; i++) {
      gaussian[i] = (float) random.nextGaussian();
    }
    test = new FloatPointer(gaussian);
    range = new FloatPointer((long) n * columns);
    corange = new FloatPointer((long) n * columns);
    factors = new FloatPointer((long) columns);
    values = new FloatPointer((long) columns);
    left = new FloatPointer((long) columns * columns);
    right = new FloatPointer((long) n * columns);
    product = new FloatPointer((long) n * columns);
  }

  /** Decomposes, and returns the largest singular value. */
  double decompose() {
    // Y = A Omega, then Y = A orth(A^T orth(Y)) twice.
    blas.multiply(false, false, n, columns, n, matrix, n, test, columns, range, columns);
    orthonormalize(range);
    for (int i = 0; i < POWER_ITERATIONS; i++) {
      blas.multiply(true, false, n, columns, n, matrix, n, range, columns, corange, columns);
      orthonormalize(corange);
      blas.multiply(false, false, n, columns, n, matrix, n, corange, columns, range, columns);
      orthonormalize(range);
    }
    // B = Q^T A of columns x n, by its transpose A^T Q, whose decomposition is that of B turned.
    blas.multiply(true, false, n, columns, n, matrix, n, range, columns, corange, columns);
    require(
        openblas_full.LAPACKE_sgesdd(
            ROWS, (byte) 'S', n, columns, corange, columns, values, right, columns, left, columns));
    // U = Q times the small left vectors
    blas.multiply(
        false, true, n, columns, columns, range, columns, left, columns, product, columns);
    return values.get(0);
  }

  private void orthonormalize(FloatPointer tall) {
    require(openblas_full.LAPACKE_sgeqrf(ROWS, n, columns, tall, columns, factors));
    require(openblas_full.LAPACKE_sorgqr(ROWS, n, columns, columns, tall, columns, factors));
  }

  private static void require(int status) {
    if (status != 0) {
      throw new IllegalStateException("LAPACK failed with status " + status);
    }
  }
}
