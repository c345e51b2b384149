// Generated from VectorDiskFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Zernike modes in SIMD. Points are lanes, so every point has the operations of the plain loops.
 *
 * <p>Sums take two vectors of points at a time: all that is needed of them, three numbers for each
 * angular order, then stays in the nearest cache to degree 150 and more.
 */
final class VectorDiskDouble implements DiskLoopsDouble {

  static final VectorDiskDouble LOOPS = new VectorDiskDouble();

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  /** Points of a sum at a time. */
  private static final int TILE = 2 * LANES;

  /** What one angular order keeps: its newest polynomial, sums of its cosine and sine modes. */
  private static final int STATE = 3 * TILE;

  /** From the polynomial of an order to that of the next but one. */
  private static final int STEP = 2 * STATE;

  private static final int COSINES = TILE;
  private static final int SINES = 2 * TILE;

  private VectorDiskDouble() {}

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }

  @Override
  public void sum(
      int degree,
      double[] coefficients,
      int at,
      int count,
      double[] radius,
      double[] radiusLow,
      double[] cosine,
      double[] sine,
      int pointsAt,
      double[] out,
      int outAt) {
    double[] state = new double[(degree + 2) * STATE];
    double[] points = new double[4 * TILE];
    double[] sums = new double[TILE];
    for (int i = 0; i < count; i += TILE) {
      int n = Math.min(TILE, count - i);
      System.arraycopy(radius, pointsAt + i, points, 0, n);
      System.arraycopy(radiusLow, pointsAt + i, points, TILE, n);
      System.arraycopy(cosine, pointsAt + i, points, 2 * TILE, n);
      System.arraycopy(sine, pointsAt + i, points, 3 * TILE, n);
      begin(degree, coefficients[at], points, state);
      for (int d = 1; d <= degree; d++) {
        int middle = at + d * (d + 2) / 2;
        if ((d & 1) == 0) {
          addCentre(coefficients[middle], points, state);
          addRow(d / 2, coefficients, middle + 1, middle - 1, points, STATE, state);
        } else {
          addRow((d + 1) / 2, coefficients, middle + 1, middle, points, 0, state);
        }
      }
      angularSum(degree, points, state, sums);
      System.arraycopy(sums, 0, out, outAt + i, n);
    }
  }

  @Override
  public void modes(
      int degree,
      int count,
      double[] radius,
      double[] radiusLow,
      double[] cosine,
      double[] sine,
      int pointsAt,
      double[] out,
      int outAt,
      int outStride) {
    new VectorDiskModesDouble(degree)
        .modes(count, radius, radiusLow, cosine, sine, pointsAt, out, outAt, outStride);
  }

  /** Degree 0. */
  private static void begin(int degree, double coefficient, double[] points, double[] state) {
    Arrays.fill(state, 0, (degree + 2) * STATE, 0);
    for (int i = 0; i < TILE; i += LANES) {
      DoubleVector zero = DoubleVector.zero(SPECIES);
      DoubleVector one = zero.lanewise(VectorOperators.FMA, load(points, i), zero.add(1));
      one.intoArray(state, i);
      one.mul(coefficient).intoArray(state, COSINES + i);
    }
  }

  /** The polynomial of order 0 of an even degree. */
  private static void addCentre(double coefficient, double[] points, double[] state) {
    for (int i = 0; i < TILE; i += LANES) {
      DoubleVector above = load(state, STATE + i);
      DoubleVector sum = above.add(above);
      DoubleVector next =
          load(points, i)
              .lanewise(
                  VectorOperators.FMA,
                  sum,
                  load(points, TILE + i).lanewise(VectorOperators.FMA, sum, load(state, i).neg()));
      next.intoArray(state, i);
      next.lanewise(
              VectorOperators.FMA,
              DoubleVector.broadcast(SPECIES, coefficient),
              load(state, COSINES + i))
          .intoArray(state, COSINES + i);
    }
  }

  /**
   * The polynomials of one degree and of orders 1, 3, ... or 2, 4, ...
   *
   * @param orders how many
   * @param cosineAt coefficient of the cosine mode of the first; the next ones follow
   * @param sineAt coefficient of the sine mode of the first; the next ones precede
   * @param below where the state of the order below the first is
   */
  private static void addRow(
      int orders, double[] c, int cosineAt, int sineAt, double[] points, int below, double[] state) {
    DoubleVector r0 = load(points, 0);
    DoubleVector r1 = load(points, LANES);
    DoubleVector low0 = load(points, TILE);
    DoubleVector low1 = load(points, TILE + LANES);
    DoubleVector below0 = load(state, below);
    DoubleVector below1 = load(state, below + LANES);
    int at = below + STATE;
    for (int k = 0; k < orders; k++) {
      int i = at + k * STEP;
      DoubleVector above0 = load(state, i + STATE);
      DoubleVector above1 = load(state, i + STATE + LANES);
      DoubleVector sum0 = below0.add(above0);
      DoubleVector sum1 = below1.add(above1);
      // R_d^N = r (R_(d-1)^(N-1) + R_(d-1)^(N+1)) - R_(d-2)^N
      DoubleVector next0 =
          r0.lanewise(
              VectorOperators.FMA,
              sum0,
              low0.lanewise(VectorOperators.FMA, sum0, load(state, i).neg()));
      DoubleVector next1 =
          r1.lanewise(
              VectorOperators.FMA,
              sum1,
              low1.lanewise(VectorOperators.FMA, sum1, load(state, i + LANES).neg()));
      next0.intoArray(state, i);
      next1.intoArray(state, i + LANES);
      DoubleVector cosine = DoubleVector.broadcast(SPECIES, c[cosineAt + k]);
      DoubleVector sine = DoubleVector.broadcast(SPECIES, c[sineAt - k]);
      next0
          .lanewise(VectorOperators.FMA, cosine, load(state, i + COSINES))
          .intoArray(state, i + COSINES);
      next1
          .lanewise(VectorOperators.FMA, cosine, load(state, i + COSINES + LANES))
          .intoArray(state, i + COSINES + LANES);
      next0.lanewise(VectorOperators.FMA, sine, load(state, i + SINES)).intoArray(state, i + SINES);
      next1
          .lanewise(VectorOperators.FMA, sine, load(state, i + SINES + LANES))
          .intoArray(state, i + SINES + LANES);
      below0 = above0;
      below1 = above1;
    }
  }

  /** {@code Re sum over N of (A_N - i B_N) (c + i s)^N}, by Horner's rule. */
  private static void angularSum(int degree, double[] points, double[] state, double[] sums) {
    DoubleVector c0 = load(points, 2 * TILE);
    DoubleVector c1 = load(points, 2 * TILE + LANES);
    DoubleVector s0 = load(points, 3 * TILE);
    DoubleVector s1 = load(points, 3 * TILE + LANES);
    DoubleVector real0 = DoubleVector.zero(SPECIES);
    DoubleVector real1 = real0;
    DoubleVector imaginary0 = real0;
    DoubleVector imaginary1 = real0;
    for (int n = degree; n > 0; n--) {
      int i = n * STATE;
      DoubleVector re0 = real0.add(load(state, i + COSINES));
      DoubleVector re1 = real1.add(load(state, i + COSINES + LANES));
      DoubleVector im0 = imaginary0.sub(load(state, i + SINES));
      DoubleVector im1 = imaginary1.sub(load(state, i + SINES + LANES));
      real0 = re0.lanewise(VectorOperators.FMA, c0, im0.mul(s0).neg());
      real1 = re1.lanewise(VectorOperators.FMA, c1, im1.mul(s1).neg());
      imaginary0 = re0.lanewise(VectorOperators.FMA, s0, im0.mul(c0));
      imaginary1 = re1.lanewise(VectorOperators.FMA, s1, im1.mul(c1));
    }
    real0.add(load(state, COSINES)).intoArray(sums, 0);
    real1.add(load(state, COSINES + LANES)).intoArray(sums, LANES);
  }
}
