package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over neighbouring elements that do not depend on each other. */
final class ElementwiseFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  private ElementwiseFloat() {}

  /** {@code y[i] := alpha * x[i] + y[i]}, one fused multiply-add each. */
  static void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      int xi = xOffset + i;
      int yi = yOffset + i;
      FloatVector y0 = FloatVector.fromArray(SPECIES, y, yi);
      FloatVector y1 = FloatVector.fromArray(SPECIES, y, yi + LANES);
      factor
          .lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, x, xi), y0)
          .intoArray(y, yi);
      factor
          .lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, x, xi + LANES), y1)
          .intoArray(y, yi + LANES);
    }
    for (; i < n; i++) {
      y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
    }
  }

  /** {@code x[i] := alpha * x[i]}. */
  static void scale(int n, float alpha, float[] x, int xOffset) {
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      factor.mul(FloatVector.fromArray(SPECIES, x, xOffset + i)).intoArray(x, xOffset + i);
    }
    for (; i < n; i++) {
      x[xOffset + i] *= alpha;
    }
  }
}
