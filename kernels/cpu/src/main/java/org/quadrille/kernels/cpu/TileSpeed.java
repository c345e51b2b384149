package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Measures the innermost loop of the matrix product against the arithmetic peak of the same core,
 * for a check before a release: a small change of the loop, or of the compiler, can make it spill
 * its registers and run at half its speed, which no other test sees.
 *
 * @param peak gigaflops per second of fused multiply-adds on registers alone, single precision
 * @param tile gigaflops per second of the tile on packed operands, C included
 */
public record TileSpeed(double peak, double tile) {

  /** Share of the peak below which the tile must be taken for broken. */
  public static final double LEAST_SHARE = 0.75;

  private static final int DEPTH = 256;
  private static final int TILES = 8;

  /** Short loops until they are compiled: interpreted ones are a thousand times slower. */
  private static final int WARM_UP_DEPTH = 8;

  private static final long WARM_UP_NANOSECONDS = 500_000_000;

  /** Gigaflops per second that only compiled vector code reaches, on the smallest of machines. */
  private static final double COMPILED = 8;

  private static final int MOST_WARM_UPS = 20;
  private static final long NANOSECONDS = 500_000_000;

  /** Returns the speed of the tile as a share of the peak. */
  public double share() {
    return tile / peak;
  }

  private double slower() {
    return Math.min(peak, tile);
  }

  /**
   * Measures for a second and a half, in turns of microseconds of which the best counts, so that a
   * busy machine does not matter much.
   *
   * @throws IllegalStateException if SIMD kernels are not available here
   */
  public static TileSpeed measure() {
    if (KernelProvider.simd().isEmpty()) {
      throw new IllegalStateException(
          "no SIMD kernels to measure: " + KernelProvider.simdUnavailableReason());
    }
    // On a busy machine the compiler may be late.
    TileSpeed speed = turns(WARM_UP_DEPTH, WARM_UP_NANOSECONDS);
    for (int i = 1; i < MOST_WARM_UPS && speed.slower() < COMPILED; i++) {
      speed = turns(WARM_UP_DEPTH, WARM_UP_NANOSECONDS);
    }
    return turns(DEPTH, NANOSECONDS);
  }

  private static TileSpeed turns(int depth, long nanoseconds) {
    float[] a = new float[TileFloat.ROWS * TileFloat.PITCH];
    float[] b = new float[DEPTH * TileFloat.COLUMNS];
    float[] c = new float[TileFloat.ROWS * TileFloat.COLUMNS];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 0.25f);
    int steps = 4 * TILES * depth;
    long bestTile = Long.MAX_VALUE;
    long bestPeak = Long.MAX_VALUE;
    float used = 0;
    long begin = System.nanoTime();
    long now = begin;
    while (now - begin < nanoseconds) {
      for (int i = 0; i < TILES; i++) {
        // Both ways to update C, as in a product of several blocks of depth.
        multiply(depth, i % 2, a, b, c);
      }
      long middle = System.nanoTime();
      used += FmaPeak.run(steps, 0.5f);
      long end = System.nanoTime();
      bestTile = Math.min(bestTile, middle - now);
      bestPeak = Math.min(bestPeak, end - middle);
      now = end;
    }
    if (!(used > 0 && c[0] > 0)) {
      throw new AssertionError("the loops compute something else");
    }
    double tileFlops = 2.0 * TILES * depth * TileFloat.ROWS * TileFloat.COLUMNS;
    return new TileSpeed(FmaPeak.flops(steps) / bestPeak, tileFlops / bestTile);
  }

  private static void multiply(int depth, float beta, float[] a, float[] b, float[] c) {
    int step = TileFloat.COLUMNS;
    TileFloat.wide(TileFloat.ROWS, depth, 1, a, 0, b, 0, step, beta, c, 0, step);
  }
}
