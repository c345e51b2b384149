package org.quadrille.cli;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * A quick measurement of matrix multiplication: the best of repeated n x n products within a short
 * time, on the current backend and threads.
 */
final class GemmProbe {
  private static final int SIZE = 512;
  private static final double SECONDS = 1.0;
  private static final int LEAST_RUNS = 3;

  private GemmProbe() {}

  /** Gflop/s in single precision; 2 n^3 flops a product. */
  static double floatRate() {
    Kernels kernels = KernelProvider.active();
    float[] a = new float[SIZE * SIZE];
    float[] b = new float[SIZE * SIZE];
    float[] c = new float[SIZE * SIZE];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) Math.sin(i);
      b[i] = (float) Math.cos(i);
    }
    return best(
        () -> kernels.gemm(SIZE, SIZE, SIZE, 1f, a, 0, SIZE, 1, b, 0, SIZE, 1, 0f, c, 0, SIZE, 1));
  }

  /** Gflop/s in double precision. */
  static double doubleRate() {
    Kernels kernels = KernelProvider.active();
    double[] a = new double[SIZE * SIZE];
    double[] b = new double[SIZE * SIZE];
    double[] c = new double[SIZE * SIZE];
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.sin(i);
      b[i] = Math.cos(i);
    }
    return best(
        () ->
            kernels.gemm(SIZE, SIZE, SIZE, 1.0, a, 0, SIZE, 1, b, 0, SIZE, 1, 0.0, c, 0, SIZE, 1));
  }

  private static double best(Runnable product) {
    double bestSeconds = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + (long) (SECONDS * 1e9);
    for (int run = 0; run < LEAST_RUNS || System.nanoTime() < end; run++) {
      long start = System.nanoTime();
      product.run();
      bestSeconds = Math.min(bestSeconds, (System.nanoTime() - start) * 1e-9);
    }
    return 2.0 * SIZE * SIZE * SIZE / bestSeconds * 1e-9;
  }
}
