package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Loads floats as a vector of doubles. */
final class WideLoadFloat {

  private static final VectorSpecies<Double> WIDE = VectorWidth.DOUBLE;

  /** As many floats as there are doubles: a vector of half the bits. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(VectorWidth.BITS / 2));

  private WideLoadFloat() {}

  static DoubleVector load(float[] x, int at) {
    return (DoubleVector)
        FloatVector.fromArray(HALF, x, at).convertShape(VectorOperators.F2D, WIDE, 0);
  }
}
