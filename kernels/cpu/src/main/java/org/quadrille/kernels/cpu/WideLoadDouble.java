package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Loads doubles as a vector of doubles: the other side of {@link WideLoadFloat}. */
final class WideLoadDouble {

  private static final VectorSpecies<Double> WIDE = VectorWidth.DOUBLE;

  private WideLoadDouble() {}

  static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(WIDE, x, at);
  }
}
