// Generated from DotFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Dot product in the fixed order of {@link SumOrder}, whatever the vector width. */
final class DotDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();
  private static final int PARTIALS = SumOrder.DOT_PARTIALS_DOUBLE;

  /** Vectors of partial sums that one pass keeps in registers: eight, or all if they are fewer. */
  private static final int PASS = Math.min(PARTIALS, 8 * LANES);

  /** Terms per chunk: narrow vectors need several passes, which should find it in the cache. */
  private static final int CHUNK = 32 * PARTIALS;

  private DotDouble() {}

  /** Sum of {@code x[i] * y[i]} for neighbouring elements. */
  static double dot(int n, double[] x, int xOffset, double[] y, int yOffset) {
    return dot(n, x, xOffset, y, yOffset, new double[PARTIALS]);
  }

  /** The same with a place for the partial sums that can be used again. */
  static double dot(int n, double[] x, int xOffset, double[] y, int yOffset, double[] partial) {
    Arrays.fill(partial, 0, PARTIALS, 0);
    int end = n - n % PARTIALS;
    for (int start = 0; start < end; start += CHUNK) {
      int terms = Math.min(CHUNK, end - start);
      for (int first = 0; first < PARTIALS; first += PASS) {
        int xAt = xOffset + start + first;
        int yAt = yOffset + start + first;
        if (PASS == 8 * LANES) {
          eightVectors(terms, x, xAt, y, yAt, partial, first);
        } else {
          fourVectors(terms, x, xAt, y, yAt, partial, first);
        }
      }
    }
    int i = end;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector sum = DoubleVector.fromArray(SPECIES, partial, i - end);
      DoubleVector xi = DoubleVector.fromArray(SPECIES, x, xOffset + i);
      xi.lanewise(VectorOperators.FMA, DoubleVector.fromArray(SPECIES, y, yOffset + i), sum)
          .intoArray(partial, i - end);
    }
    for (; i < n; i++) {
      partial[i - end] = Math.fma(x[xOffset + i], y[yOffset + i], partial[i - end]);
    }
    if (n >= PARTIALS / 2) {
      return tree(partial);
    }
    // Few terms: the upper levels of the tree would add zeros only, which turn -0 into 0 at most.
    return SumOrder.tree(partial, Integer.highestOneBit(2 * n | 1)) + 0;
  }

  /** The halving tree: whole vectors as long as a half has one. */
  private static double tree(double[] partial) {
    int half = PARTIALS / 2;
    for (; half >= LANES; half /= 2) {
      for (int i = 0; i < half; i += LANES) {
        DoubleVector.fromArray(SPECIES, partial, i)
            .add(DoubleVector.fromArray(SPECIES, partial, i + half))
            .intoArray(partial, i);
      }
    }
    return SumOrder.tree(partial, 2 * half);
  }

  private static DoubleVector product(double[] x, int xi, double[] y, int yi, DoubleVector sum) {
    return DoubleVector.fromArray(SPECIES, x, xi)
        .lanewise(VectorOperators.FMA, DoubleVector.fromArray(SPECIES, y, yi), sum);
  }

  /** Adds to the partial sums from {@code first} on their terms, every PARTIALS-th element. */
  private static void eightVectors(
      int terms, double[] x, int xOffset, double[] y, int yOffset, double[] partial, int first) {
    DoubleVector s0 = DoubleVector.fromArray(SPECIES, partial, first);
    DoubleVector s1 = DoubleVector.fromArray(SPECIES, partial, first + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SPECIES, partial, first + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SPECIES, partial, first + 3 * LANES);
    DoubleVector s4 = DoubleVector.fromArray(SPECIES, partial, first + 4 * LANES);
    DoubleVector s5 = DoubleVector.fromArray(SPECIES, partial, first + 5 * LANES);
    DoubleVector s6 = DoubleVector.fromArray(SPECIES, partial, first + 6 * LANES);
    DoubleVector s7 = DoubleVector.fromArray(SPECIES, partial, first + 7 * LANES);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      int yi = yOffset + i;
      s0 = product(x, xi, y, yi, s0);
      s1 = product(x, xi + LANES, y, yi + LANES, s1);
      s2 = product(x, xi + 2 * LANES, y, yi + 2 * LANES, s2);
      s3 = product(x, xi + 3 * LANES, y, yi + 3 * LANES, s3);
      s4 = product(x, xi + 4 * LANES, y, yi + 4 * LANES, s4);
      s5 = product(x, xi + 5 * LANES, y, yi + 5 * LANES, s5);
      s6 = product(x, xi + 6 * LANES, y, yi + 6 * LANES, s6);
      s7 = product(x, xi + 7 * LANES, y, yi + 7 * LANES, s7);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
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
  private static void fourVectors(
      int terms, double[] x, int xOffset, double[] y, int yOffset, double[] partial, int first) {
    DoubleVector s0 = DoubleVector.fromArray(SPECIES, partial, first);
    DoubleVector s1 = DoubleVector.fromArray(SPECIES, partial, first + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SPECIES, partial, first + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SPECIES, partial, first + 3 * LANES);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      int yi = yOffset + i;
      s0 = product(x, xi, y, yi, s0);
      s1 = product(x, xi + LANES, y, yi + LANES, s1);
      s2 = product(x, xi + 2 * LANES, y, yi + 2 * LANES, s2);
      s3 = product(x, xi + 3 * LANES, y, yi + 3 * LANES, s3);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
  }
}
