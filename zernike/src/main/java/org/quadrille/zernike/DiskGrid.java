package org.quadrille.zernike;

import java.util.Arrays;

/**
 * Angular Fourier transforms of samples on rings, in either direction, and the layout of what lies
 * between them and the radial transforms: for each order N the cosine and the sine part of each
 * function, at all radii.
 *
 * <p>The parts are stored as {@code parts[((N B + b) 2 + part) M + i]} for function b of B, part 0
 * (cosine) or 1 (sine), ring i of M.
 */
final class DiskGrid {
  /**
   * Pairs of rings that a transform takes side by side: its rows then fit the second-level cache.
   */
  private static final int MOST_PAIRS = 64;

  private final int degree;
  private final int rings;
  private final int angles;
  private final int blocks;
  private final AngularFourier fourier;
  private final ScratchPool<Rows> scratch;

  /** Rows of a transform. */
  private record Rows(double[][] re, double[][] im) {}

  DiskGrid(int degree, int rings, int angles) {
    this.degree = degree;
    this.rings = rings;
    this.angles = angles;
    this.fourier = new AngularFourier(angles);
    int pairs = Math.ceilDiv(rings, 2);
    this.blocks = Math.ceilDiv(pairs, MOST_PAIRS);
    int width = Math.ceilDiv(pairs, blocks);
    this.scratch =
        new ScratchPool<>(() -> new Rows(new double[angles][width], new double[angles][width]));
  }

  /** Independent tasks for each function. */
  int blocks() {
    return blocks;
  }

  /** The first ring of a block; as many as follow before the next one belong to it. */
  private int firstRing(int block) {
    return 2 * (int) ((long) Math.ceilDiv(rings, 2) * block / blocks);
  }

  /**
   * Sums over the angles: {@code factor_i sum_j f_ij cos(N theta_j)}, and with the sine.
   *
   * @param samples function b of the rings of a block at {@code offset + (i K + j) stride}
   * @param factors of the rings
   */
  void analyze(int block, double[] samples, int offset, int stride, double[] factors, Part parts) {
    int from = firstRing(block);
    int end = Math.min(rings, firstRing(block + 1));
    int width = Math.ceilDiv(end - from, 2);
    int second = from + width;
    int seconds = end - second;
    Rows rows = scratch.borrow();
    load(rows.re, samples, offset, stride, from, width);
    load(rows.im, samples, offset, stride, second, seconds);
    if (seconds < width) {
      for (double[] row : rows.im) {
        row[width - 1] = 0;
      }
    }
    fourier.transform(rows.re, rows.im, width);
    for (int order = 0; order <= degree; order++) {
      int there = fourier.position(order % angles);
      int back = fourier.position((angles - order % angles) % angles);
      double[] zr = rows.re[there];
      double[] zi = rows.im[there];
      double[] yr = rows.re[back];
      double[] yi = rows.im[back];
      int cosine = parts.at(order, 0);
      int sine = parts.at(order, 1);
      double[] out = parts.data();
      // Z = A + i B of two real signals: A = (Z_N + conj Z_-N) / 2, B = (Z_N - conj Z_-N) / 2i
      for (int l = 0; l < width; l++) {
        double half = 0.5 * factors[from + l];
        out[cosine + from + l] = half * (zr[l] + yr[l]);
        out[sine + from + l] = half * (yi[l] - zi[l]);
      }
      for (int l = 0; l < seconds; l++) {
        double half = 0.5 * factors[second + l];
        out[cosine + second + l] = half * (zi[l] + yi[l]);
        out[sine + second + l] = half * (zr[l] - yr[l]);
      }
    }
    scratch.giveBack(rows);
  }

  /**
   * Sums over the orders: {@code sum_N cosine_N cos(N theta_j) + sine_N sin(N theta_j)}.
   *
   * @param samples written, as in {@link #analyze}
   */
  void synthesize(int block, Part parts, double[] samples, int offset, int stride) {
    int from = firstRing(block);
    int end = Math.min(rings, firstRing(block + 1));
    int width = Math.ceilDiv(end - from, 2);
    int second = from + width;
    int seconds = end - second;
    Rows rows = scratch.borrow();
    for (int j = 0; j < angles; j++) {
      Arrays.fill(rows.re[j], 0);
      Arrays.fill(rows.im[j], 0);
    }
    for (int order = 0; order <= degree; order++) {
      // the inverse transform is the forward one with real and imaginary parts exchanged
      double[] zr = rows.re[order % angles];
      double[] zi = rows.im[order % angles];
      double[] yr = rows.re[(angles - order % angles) % angles];
      double[] yi = rows.im[(angles - order % angles) % angles];
      int cosine = parts.at(order, 0);
      int sine = parts.at(order, 1);
      double[] in = parts.data();
      for (int l = 0; l < width; l++) {
        double a = 0.5 * in[cosine + from + l];
        double b = 0.5 * in[sine + from + l];
        zr[l] += a;
        yr[l] += a;
        zi[l] -= b;
        yi[l] += b;
      }
      for (int l = 0; l < seconds; l++) {
        double a = 0.5 * in[cosine + second + l];
        double b = 0.5 * in[sine + second + l];
        zi[l] += a;
        yi[l] += a;
        zr[l] += b;
        yr[l] -= b;
      }
    }
    fourier.transform(rows.im, rows.re, width);
    store(rows.re, samples, offset, stride, from, width);
    store(rows.im, samples, offset, stride, second, seconds);
    scratch.giveBack(rows);
  }

  /** Angles that are copied together: a cache line of samples. */
  private static final int TOGETHER = 8;

  private void load(
      double[][] rows, double[] samples, int offset, int stride, int ring, int count) {
    for (int j = 0; j < angles; j += TOGETHER) {
      int end = Math.min(angles, j + TOGETHER);
      for (int l = 0; l < count; l++) {
        int at = offset + ((ring + l) * angles + j) * stride;
        for (int k = j; k < end; k++) {
          rows[k][l] = samples[at];
          at += stride;
        }
      }
    }
  }

  private void store(
      double[][] rows, double[] samples, int offset, int stride, int ring, int count) {
    for (int j = 0; j < angles; j += TOGETHER) {
      int end = Math.min(angles, j + TOGETHER);
      for (int l = 0; l < count; l++) {
        int at = offset + ((ring + l) * angles + j) * stride;
        for (int k = j; k < end; k++) {
          samples[at] = rows[fourier.position(k)][l];
          at += stride;
        }
      }
    }
  }

  /**
   * The parts of one function among several.
   *
   * @param function b
   * @param functions B
   */
  record Part(double[] data, int function, int functions, int rings) {
    int at(int order, int part) {
      return ((order * functions + function) * 2 + part) * rings;
    }
  }
}
