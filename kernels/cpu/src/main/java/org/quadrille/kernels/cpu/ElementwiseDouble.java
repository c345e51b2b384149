// Generated from ElementwiseFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over neighbouring elements that do not depend on each other. */
final class ElementwiseDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private ElementwiseDouble() {}

  /** {@code y[i] := alpha * x[i] + y[i]}, one fused multiply-add each. */
  static void axpy(int n, double alpha, double[] x, int xOffset, double[] y, int yOffset) {
    DoubleVector factor = DoubleVector.broadcast(SPECIES, alpha);
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      int xi = xOffset + i;
      int yi = yOffset + i;
      DoubleVector y0 = DoubleVector.fromArray(SPECIES, y, yi);
      DoubleVector y1 = DoubleVector.fromArray(SPECIES, y, yi + LANES);
      factor
          .lanewise(VectorOperators.FMA, DoubleVector.fromArray(SPECIES, x, xi), y0)
          .intoArray(y, yi);
      factor
          .lanewise(VectorOperators.FMA, DoubleVector.fromArray(SPECIES, x, xi + LANES), y1)
          .intoArray(y, yi + LANES);
    }
    for (; i < n; i++) {
      y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
    }
  }

  /** {@code x[i] := alpha * x[i]}. */
  static void scale(int n, double alpha, double[] x, int xOffset) {
    DoubleVector factor = DoubleVector.broadcast(SPECIES, alpha);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      factor.mul(DoubleVector.fromArray(SPECIES, x, xOffset + i)).intoArray(x, xOffset + i);
    }
    for (; i < n; i++) {
      x[xOffset + i] *= alpha;
    }
  }
}
