package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * All Zernike modes in SIMD, many points at a time: each mode of a group of points is written in
 * one piece, for far apart pieces cost more than the arithmetic.
 */
final class VectorDiskModesFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  /** Points at a time, a multiple of every number of lanes. */
  private static final int TILE = 64;

  private final int degree;
  private final float[] radius = new float[TILE];
  private final float[] radiusLow = new float[TILE];
  private final float[] cosine = new float[TILE];
  private final float[] sine = new float[TILE];

  /** Newest polynomial of each angular order. */
  private final float[] row;

  /** {@code cos(N theta)} and {@code sin(N theta)}. */
  private final float[] cosines;

  private final float[] sines;

  /** Where modes of fewer points than a group go. */
  private final float[] rest = new float[2 * TILE];

  VectorDiskModesFloat(int degree) {
    this.degree = degree;
    row = new float[(degree + 2) * TILE];
    cosines = new float[(degree + 1) * TILE];
    sines = new float[(degree + 1) * TILE];
  }

  /** Modes of the points, as {@link Kernels#zernikeModes} says. */
  void modes(
      int count,
      float[] radii,
      float[] radiiLow,
      float[] cos,
      float[] sin,
      int pointsAt,
      float[] out,
      int outAt,
      int outStride) {
    for (int i = 0; i < count; i += TILE) {
      int n = Math.min(TILE, count - i);
      System.arraycopy(radii, pointsAt + i, radius, 0, n);
      System.arraycopy(radiiLow, pointsAt + i, radiusLow, 0, n);
      System.arraycopy(cos, pointsAt + i, cosine, 0, n);
      System.arraycopy(sin, pointsAt + i, sine, 0, n);
      rotate();
      begin();
      System.arraycopy(row, 0, out, outAt + i, n);
      for (int d = 1; d <= degree; d++) {
        int half = d & 1;
        for (int order = half; order <= d; order += 2) {
          int j = d * (d + 2) / 2 + (order + half) / 2;
          int cosineAt = outAt + i + j * outStride;
          int sineAt = outAt + i + (j - order) * outStride;
          boolean whole = n == TILE;
          addOrder(
              radius,
              radiusLow,
              row,
              (order == 0 ? 1 : order - 1) * TILE,
              order * TILE,
              cosines,
              sines,
              whole ? out : rest,
              whole ? cosineAt : 0,
              whole && order > 0 ? out : rest,
              whole && order > 0 ? sineAt : TILE);
          if (!whole) {
            System.arraycopy(rest, 0, out, cosineAt, n);
            if (order > 0) {
              System.arraycopy(rest, TILE, out, sineAt, n);
            }
          }
        }
      }
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  /** {@code (c + i s)^N}, one factor at a time. */
  private void rotate() {
    Arrays.fill(cosines, 0, TILE, 1);
    Arrays.fill(sines, 0, TILE, 0);
    for (int at = TILE; at <= degree * TILE; at += TILE) {
      for (int i = 0; i < TILE; i += LANES) {
        FloatVector c = load(cosine, i);
        FloatVector s = load(sine, i);
        FloatVector lastC = load(cosines, at - TILE + i);
        FloatVector lastS = load(sines, at - TILE + i);
        lastC.lanewise(VectorOperators.FMA, c, lastS.mul(s).neg()).intoArray(cosines, at + i);
        lastS.lanewise(VectorOperators.FMA, c, lastC.mul(s)).intoArray(sines, at + i);
      }
    }
  }

  private void begin() {
    Arrays.fill(row, 0);
    for (int i = 0; i < TILE; i++) {
      row[i] = Math.fma(0, radius[i], 1);
    }
  }

  /**
   * The polynomial of one order, and its two modes.
   *
   * @param below where the polynomials of the order below begin
   * @param at where those of this order begin
   * @param odd array of the sine modes
   */
  private static void addOrder(
      float[] radius,
      float[] radiusLow,
      float[] row,
      int below,
      int at,
      float[] cosines,
      float[] sines,
      float[] even,
      int cosineAt,
      float[] odd,
      int sineAt) {
    for (int i = 0; i < TILE; i += LANES) {
      // R_d^N = r (R_(d-1)^|N-1| + R_(d-1)^(N+1)) - R_(d-2)^N
      FloatVector sum = load(row, below + i).add(load(row, at + TILE + i));
      FloatVector lowPart =
          load(radiusLow, i).lanewise(VectorOperators.FMA, sum, load(row, at + i).neg());
      FloatVector radial = load(radius, i).lanewise(VectorOperators.FMA, sum, lowPart);
      radial.intoArray(row, at + i);
      radial.mul(load(cosines, at + i)).intoArray(even, cosineAt + i);
      radial.mul(load(sines, at + i)).intoArray(odd, sineAt + i);
    }
  }
}
