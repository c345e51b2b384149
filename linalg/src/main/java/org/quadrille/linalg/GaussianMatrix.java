package org.quadrille.linalg;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Matrices of independent standard normal numbers.
 *
 * <p>Counter-based: the entry of row-major index i is the i-th output of SplitMix64 (Steele, Lea
 * and Flood 2014) under the seed, mapped through the inverse normal distribution function (Wichura
 * 1988). Every entry is a function of seed and index alone, so the numbers do not depend on the
 * number of threads, and only correctly rounded operations and {@link StrictMath} are used, so they
 * are the same bits on every machine. F32 entries are the F64 ones, rounded. Largest possible
 * magnitude: 8.2.
 */
public final class GaussianMatrix {
  /** Odd increment of SplitMix64, 2^64 divided by the golden ratio. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private static final int PIECE = 1 << 13;

  private GaussianMatrix() {}

  /**
   * A new matrix of independent N(0, 1) entries. About 15 ns an entry and thread.
   *
   * @param dtype precision of the entries
   * @param seed any number; different seeds give independent matrices
   * @param rows number of rows, at least 0
   * @param cols number of columns, at least 0
   */
  public static Tensor of(DType dtype, long seed, int rows, int cols) {
    Tensor matrix = Tensor.zeros(dtype, rows, cols);
    int n = matrix.length();
    // Neighbouring seeds would otherwise give shifted copies of one sequence.
    long start = mix(seed ^ 0x2545f4914f6cdd1dL);
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(n, PIECE),
            piece -> {
              int from = piece * PIECE;
              int to = Math.min(n, from + PIECE);
              if (dtype == DType.F32) {
                float[] data = matrix.floats();
                for (int i = from; i < to; i++) {
                  data[i] = (float) entry(start, i);
                }
              } else {
                double[] data = matrix.doubles();
                for (int i = from; i < to; i++) {
                  data[i] = entry(start, i);
                }
              }
            });
    return matrix;
  }

  private static double entry(long start, int index) {
    long bits = mix(start + (index + 1) * GOLDEN);
    // (j + 1/2) / 2^52 is exact, never 0 or 1, and symmetric around 1/2.
    return InverseNormal.value(((bits >>> 12) + 0.5) * 0x1p-52);
  }

  /** Finalizer of SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
