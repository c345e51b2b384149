package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Dot product in the fixed order of {@link SumOrder}, whatever the vector width. */
final class DotFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int PARTIALS = SumOrder.DOT_PARTIALS_FLOAT;

  /** Vectors of partial sums that one pass keeps in registers: eight, or all if they are fewer. */
  private static final int PASS = Math.min(PARTIALS, 8 * LANES);

  /** Terms per chunk: narrow vectors need several passes, which should find it in the cache. */
  private static final int CHUNK = 32 * PARTIALS;

  private DotFloat() {}

  /** Sum of {@code x[i] * y[i]} for neighbouring elements. */
  static float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
    return dot(n, x, xOffset, y, yOffset, new float[PARTIALS]);
  }

  /** The same with a place for the partial sums that can be used again. */
  static float dot(int n, float[] x, int xOffset, float[] y, int yOffset, float[] partial) {
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
      FloatVector sum = FloatVector.fromArray(SPECIES, partial, i - end);
      FloatVector xi = FloatVector.fromArray(SPECIES, x, xOffset + i);
      xi.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, y, yOffset + i), sum)
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
  private static float tree(float[] partial) {
    int half = PARTIALS / 2;
    for (; half >= LANES; half /= 2) {
      for (int i = 0; i < half; i += LANES) {
        FloatVector.fromArray(SPECIES, partial, i)
            .add(FloatVector.fromArray(SPECIES, partial, i + half))
            .intoArray(partial, i);
      }
    }
    return SumOrder.tree(partial, 2 * half);
  }

  private static FloatVector product(float[] x, int xi, float[] y, int yi, FloatVector sum) {
    return FloatVector.fromArray(SPECIES, x, xi)
        .lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, y, yi), sum);
  }

  /** Adds to the partial sums from {@code first} on their terms, every PARTIALS-th element. */
  private static void eightVectors(
      int terms, float[] x, int xOffset, float[] y, int yOffset, float[] partial, int first) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, partial, first);
    FloatVector s1 = FloatVector.fromArray(SPECIES, partial, first + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, partial, first + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, partial, first + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(SPECIES, partial, first + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(SPECIES, partial, first + 5 * LANES);
    FloatVector s6 = FloatVector.fromArray(SPECIES, partial, first + 6 * LANES);
    FloatVector s7 = FloatVector.fromArray(SPECIES, partial, first + 7 * LANES);
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
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
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
      int terms, float[] x, int xOffset, float[] y, int yOffset, float[] partial, int first) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, partial, first);
    FloatVector s1 = FloatVector.fromArray(SPECIES, partial, first + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, partial, first + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, partial, first + 3 * LANES);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      int yi = yOffset + i;
      s0 = product(x, xi, y, yi, s0);
      s1 = product(x, xi + LANES, y, yi + LANES, s1);
      s2 = product(x, xi + 2 * LANES, y, yi + 2 * LANES, s2);
      s3 = product(x, xi + 3 * LANES, y, yi + 3 * LANES, s3);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
  }
}
