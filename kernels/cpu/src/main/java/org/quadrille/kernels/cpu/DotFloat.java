package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Dot product in the fixed order of {@link SumOrder}, whatever the vector width. */
final class DotFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int PARTIALS = SumOrder.DOT_PARTIALS_FLOAT;

  /** Partial sums that one pass over the vectors keeps in registers. */
  private static final int PASS = 4 * LANES;

  /** Terms per chunk: narrow vectors need several passes, which should find it in the cache. */
  private static final int CHUNK = 32 * PARTIALS;

  private DotFloat() {}

  /** Sum of {@code x[i] * y[i]} for neighbouring elements. */
  static float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
    float[] partial = new float[PARTIALS];
    int end = n - n % PARTIALS;
    for (int start = 0; start < end; start += CHUNK) {
      int terms = Math.min(CHUNK, end - start);
      for (int first = 0; first < PARTIALS; first += PASS) {
        pass(terms, x, xOffset + start + first, y, yOffset + start + first, partial, first);
      }
    }
    for (int i = end; i < n; i++) {
      partial[i - end] = Math.fma(x[xOffset + i], y[yOffset + i], partial[i - end]);
    }
    if (n >= PARTIALS / 2) {
      return SumOrder.tree(partial, PARTIALS);
    }
    // Few terms: the upper levels of the tree would add zeros only, which turn -0 into 0 at most.
    return SumOrder.tree(partial, Integer.highestOneBit(2 * n | 1)) + 0;
  }

  /** Adds to the partial sums from {@code first} on their terms, every PARTIALS-th element. */
  private static void pass(
      int terms, float[] x, int xOffset, float[] y, int yOffset, float[] partial, int first) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, partial, first);
    FloatVector s1 = FloatVector.fromArray(SPECIES, partial, first + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, partial, first + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, partial, first + 3 * LANES);
    for (int i = 0; i < terms; i += PARTIALS) {
      int xi = xOffset + i;
      int yi = yOffset + i;
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xi);
      s0 = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, y, yi), s0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xi + LANES);
      s1 = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, y, yi + LANES), s1);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, xi + 2 * LANES);
      s2 = x2.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, y, yi + 2 * LANES), s2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, xi + 3 * LANES);
      s3 = x3.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, y, yi + 3 * LANES), s3);
    }
    // Times one, which changes no value: a receiver of known class keeps the stores intrinsic.
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(partial, first);
    one.lanewise(VectorOperators.MUL, s1).intoArray(partial, first + LANES);
    one.lanewise(VectorOperators.MUL, s2).intoArray(partial, first + 2 * LANES);
    one.lanewise(VectorOperators.MUL, s3).intoArray(partial, first + 3 * LANES);
  }
}
