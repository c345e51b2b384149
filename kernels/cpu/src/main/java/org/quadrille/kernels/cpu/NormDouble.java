// Generated from NormFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Norms of neighbouring elements: sums in double in the fixed order of {@link SumOrder}. */
final class NormDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final VectorSpecies<Double> SUMS = VectorWidth.DOUBLE;
  private static final int LANES = SUMS.length();
  private static final int PARTIALS = SumOrder.DOT_PARTIALS_DOUBLE;

  /** Partial sums that one pass keeps in registers: eight vectors, or all if they are fewer. */
  private static final int PASS = Math.min(PARTIALS, 8 * LANES);

  /** Terms per chunk: narrow vectors need several passes, which should find it in the cache. */
  private static final int CHUNK = 64 * PARTIALS;

  private NormDouble() {}

  /** Sum of {@code |x[i]|}. */
  static double sumOfMagnitudes(int n, double[] x, int xOffset) {
    double[] partial = new double[PARTIALS];
    int end = n - n % PARTIALS;
    for (int start = 0; start < end; start += CHUNK) {
      int terms = Math.min(CHUNK, end - start);
      for (int first = 0; first < PARTIALS; first += PASS) {
        if (PASS == 8 * LANES) {
          addMagnitudes8(terms, x, xOffset + start + first, partial, first);
        } else {
          addMagnitudes4(terms, x, xOffset + start + first, partial, first);
        }
      }
    }
    for (int i = end; i < n; i++) {
      partial[i - end] += Math.abs(x[xOffset + i]);
    }
    return SumOrder.tree(partial, PARTIALS);
  }

  /** Sum of the squares of {@code factor * x[i]}. */
  static double sumOfSquares(int n, double factor, double[] x, int xOffset) {
    double[] partial = new double[PARTIALS];
    int end = n - n % PARTIALS;
    for (int start = 0; start < end; start += CHUNK) {
      int terms = Math.min(CHUNK, end - start);
      for (int first = 0; first < PARTIALS; first += PASS) {
        if (PASS == 8 * LANES) {
          addSquares8(terms, factor, x, xOffset + start + first, partial, first);
        } else {
          addSquares4(terms, factor, x, xOffset + start + first, partial, first);
        }
      }
    }
    for (int i = end; i < n; i++) {
      double scaled = factor * x[xOffset + i];
      partial[i - end] = Math.fma(scaled, scaled, partial[i - end]);
    }
    return SumOrder.tree(partial, PARTIALS);
  }

  /** Largest {@code |x[i]|}, NaN if there is one. */
  static double largestMagnitude(int n, double[] x, int xOffset) {
    DoubleVector max0 = DoubleVector.zero(SPECIES);
    DoubleVector max1 = max0;
    int lanes = SPECIES.length();
    int i = 0;
    for (; i <= n - 2 * lanes; i += 2 * lanes) {
      max0 = DoubleVector.fromArray(SPECIES, x, xOffset + i).abs().max(max0);
      max1 = DoubleVector.fromArray(SPECIES, x, xOffset + i + lanes).abs().max(max1);
    }
    // The largest does not depend on the order, so this reduction has one result.
    double max = max0.max(max1).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, Math.abs(x[xOffset + i]));
    }
    return max;
  }

  /** Adds magnitudes to the partial sums from {@code first} on. */
  private static void addMagnitudes8(
      int terms, double[] x, int xOffset, double[] partial, int first) {
    DoubleVector s0 = DoubleVector.fromArray(SUMS, partial, first);
    DoubleVector s1 = DoubleVector.fromArray(SUMS, partial, first + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SUMS, partial, first + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SUMS, partial, first + 3 * LANES);
    DoubleVector s4 = DoubleVector.fromArray(SUMS, partial, first + 4 * LANES);
    DoubleVector s5 = DoubleVector.fromArray(SUMS, partial, first + 5 * LANES);
    DoubleVector s6 = DoubleVector.fromArray(SUMS, partial, first + 6 * LANES);
    DoubleVector s7 = DoubleVector.fromArray(SUMS, partial, first + 7 * LANES);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      s0 = WideLoadDouble.load(x, xi).abs().add(s0);
      s1 = WideLoadDouble.load(x, xi + LANES).abs().add(s1);
      s2 = WideLoadDouble.load(x, xi + 2 * LANES).abs().add(s2);
      s3 = WideLoadDouble.load(x, xi + 3 * LANES).abs().add(s3);
      s4 = WideLoadDouble.load(x, xi + 4 * LANES).abs().add(s4);
      s5 = WideLoadDouble.load(x, xi + 5 * LANES).abs().add(s5);
      s6 = WideLoadDouble.load(x, xi + 6 * LANES).abs().add(s6);
      s7 = WideLoadDouble.load(x, xi + 7 * LANES).abs().add(s7);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    DoubleVector one = DoubleVector.broadcast(SUMS, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
    one.lanewise(VectorOperators.MUL, s4).intoArray(partial, first + 4 * LANES);
    one.lanewise(VectorOperators.MUL, s5).intoArray(partial, first + 5 * LANES);
    one.lanewise(VectorOperators.MUL, s6).intoArray(partial, first + 6 * LANES);
    one.lanewise(VectorOperators.MUL, s7).intoArray(partial, first + 7 * LANES);
  }

  /** The same where four vectors hold all partial sums. */
  private static void addMagnitudes4(
      int terms, double[] x, int xOffset, double[] partial, int first) {
    DoubleVector s0 = DoubleVector.fromArray(SUMS, partial, first);
    DoubleVector s1 = DoubleVector.fromArray(SUMS, partial, first + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SUMS, partial, first + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SUMS, partial, first + 3 * LANES);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      s0 = WideLoadDouble.load(x, xi).abs().add(s0);
      s1 = WideLoadDouble.load(x, xi + LANES).abs().add(s1);
      s2 = WideLoadDouble.load(x, xi + 2 * LANES).abs().add(s2);
      s3 = WideLoadDouble.load(x, xi + 3 * LANES).abs().add(s3);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    DoubleVector one = DoubleVector.broadcast(SUMS, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
  }

  /** Adds squares to the partial sums from {@code first} on. */
  private static void addSquares8(
      int terms, double factor, double[] x, int xOffset, double[] partial, int first) {
    DoubleVector s0 = DoubleVector.fromArray(SUMS, partial, first);
    DoubleVector s1 = DoubleVector.fromArray(SUMS, partial, first + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SUMS, partial, first + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SUMS, partial, first + 3 * LANES);
    DoubleVector s4 = DoubleVector.fromArray(SUMS, partial, first + 4 * LANES);
    DoubleVector s5 = DoubleVector.fromArray(SUMS, partial, first + 5 * LANES);
    DoubleVector s6 = DoubleVector.fromArray(SUMS, partial, first + 6 * LANES);
    DoubleVector s7 = DoubleVector.fromArray(SUMS, partial, first + 7 * LANES);
    DoubleVector scale = DoubleVector.broadcast(SUMS, factor);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      DoubleVector x0 = scale.mul(WideLoadDouble.load(x, xi));
      s0 = x0.lanewise(VectorOperators.FMA, x0, s0);
      DoubleVector x1 = scale.mul(WideLoadDouble.load(x, xi + LANES));
      s1 = x1.lanewise(VectorOperators.FMA, x1, s1);
      DoubleVector x2 = scale.mul(WideLoadDouble.load(x, xi + 2 * LANES));
      s2 = x2.lanewise(VectorOperators.FMA, x2, s2);
      DoubleVector x3 = scale.mul(WideLoadDouble.load(x, xi + 3 * LANES));
      s3 = x3.lanewise(VectorOperators.FMA, x3, s3);
      DoubleVector x4 = scale.mul(WideLoadDouble.load(x, xi + 4 * LANES));
      s4 = x4.lanewise(VectorOperators.FMA, x4, s4);
      DoubleVector x5 = scale.mul(WideLoadDouble.load(x, xi + 5 * LANES));
      s5 = x5.lanewise(VectorOperators.FMA, x5, s5);
      DoubleVector x6 = scale.mul(WideLoadDouble.load(x, xi + 6 * LANES));
      s6 = x6.lanewise(VectorOperators.FMA, x6, s6);
      DoubleVector x7 = scale.mul(WideLoadDouble.load(x, xi + 7 * LANES));
      s7 = x7.lanewise(VectorOperators.FMA, x7, s7);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    DoubleVector one = DoubleVector.broadcast(SUMS, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
    one.lanewise(VectorOperators.MUL, s4).intoArray(partial, first + 4 * LANES);
    one.lanewise(VectorOperators.MUL, s5).intoArray(partial, first + 5 * LANES);
    one.lanewise(VectorOperators.MUL, s6).intoArray(partial, first + 6 * LANES);
    one.lanewise(VectorOperators.MUL, s7).intoArray(partial, first + 7 * LANES);
  }

  /** The same where four vectors hold all partial sums. */
  private static void addSquares4(
      int terms, double factor, double[] x, int xOffset, double[] partial, int first) {
    DoubleVector s0 = DoubleVector.fromArray(SUMS, partial, first);
    DoubleVector s1 = DoubleVector.fromArray(SUMS, partial, first + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SUMS, partial, first + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SUMS, partial, first + 3 * LANES);
    DoubleVector scale = DoubleVector.broadcast(SUMS, factor);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      DoubleVector x0 = scale.mul(WideLoadDouble.load(x, xi));
      s0 = x0.lanewise(VectorOperators.FMA, x0, s0);
      DoubleVector x1 = scale.mul(WideLoadDouble.load(x, xi + LANES));
      s1 = x1.lanewise(VectorOperators.FMA, x1, s1);
      DoubleVector x2 = scale.mul(WideLoadDouble.load(x, xi + 2 * LANES));
      s2 = x2.lanewise(VectorOperators.FMA, x2, s2);
      DoubleVector x3 = scale.mul(WideLoadDouble.load(x, xi + 3 * LANES));
      s3 = x3.lanewise(VectorOperators.FMA, x3, s3);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    DoubleVector one = DoubleVector.broadcast(SUMS, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
  }
}
