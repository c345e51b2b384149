package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential functions over whole vectors of neighbouring elements, with the bits of {@link
 * ScalarFunctionsFloat}. Source and target may be the same place.
 */
final class ExponentialLoopsFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  private ExponentialLoopsFloat() {}

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
    return a.lanewise(VectorOperators.FMA, b, c);
  }

  /** n + ROUND, n the integer next to x / ln(2). */
  private static FloatVector rounded(FloatVector x) {
    return fma(x, constant(FunctionConstantsFloat.LOG2E), constant(FunctionConstantsFloat.ROUND));
  }

  /** x - n ln(2). */
  private static FloatVector reduced(FloatVector x, FloatVector n) {
    FloatVector r = fma(n, constant(-FunctionConstantsFloat.LN2_HIGH), x);
    return fma(n, constant(-FunctionConstantsFloat.LN2_LOW), r);
  }

  /** The exponential function of any argument. */
  static void exp(int length, float[] from, int xAt, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, from, xAt + i);
      FloatVector n = rounded(x).sub(FunctionConstantsFloat.ROUND);
      FloatVector p = VectorPolynomialsFloat.exp(reduced(x, n));
      FloatVector half = fma(n, constant(0.5f), constant(FunctionConstantsFloat.ROUND));
      FloatVector rest =
          n.sub(half.sub(FunctionConstantsFloat.ROUND)).add(FunctionConstantsFloat.ROUND);
      p.mul(VectorPolynomialsFloat.power(half))
          .mul(VectorPolynomialsFloat.power(rest))
          .blend(
              Float.POSITIVE_INFINITY,
              x.compare(VectorOperators.GT, FunctionConstantsFloat.EXP_LARGEST))
          .blend(0, x.compare(VectorOperators.LT, FunctionConstantsFloat.EXP_SMALLEST))
          .intoArray(to, yAt + i);
    }
  }

  /** The exponential function where neither it nor its factor 2^n overflows or is subnormal. */
  static void boundedExp(int length, float[] from, int xAt, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, from, xAt + i);
      FloatVector rounded = rounded(x);
      FloatVector n = rounded.sub(FunctionConstantsFloat.ROUND);
      VectorPolynomialsFloat.exp(reduced(x, n))
          .mul(VectorPolynomialsFloat.power(rounded))
          .intoArray(to, yAt + i);
    }
  }

  /** {@code exp(x - shift)} for x up to the shift, 0 instead of subnormal results. */
  static void decay(int length, float[] from, int xAt, float shift, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, from, xAt + i).sub(shift);
      FloatVector rounded = rounded(x);
      FloatVector n = rounded.sub(FunctionConstantsFloat.ROUND);
      VectorPolynomialsFloat.exp(reduced(x, n))
          .mul(VectorPolynomialsFloat.power(rounded))
          .blend(0, x.compare(VectorOperators.LT, FunctionConstantsFloat.DECAY_SMALLEST))
          .intoArray(to, yAt + i);
    }
  }
}
