// Generated from ExponentialLoopsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential functions over whole vectors of neighbouring elements, with the bits of {@link
 * ScalarFunctionsDouble}. Source and target may be the same place.
 */
final class ExponentialLoopsDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private ExponentialLoopsDouble() {}

  private static DoubleVector constant(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }

  private static DoubleVector fma(DoubleVector a, DoubleVector b, DoubleVector c) {
    return a.lanewise(VectorOperators.FMA, b, c);
  }

  /** n + ROUND, n the integer next to x / ln(2). */
  private static DoubleVector rounded(DoubleVector x) {
    return fma(x, constant(FunctionConstantsDouble.LOG2E), constant(FunctionConstantsDouble.ROUND));
  }

  /** x - n ln(2). */
  private static DoubleVector reduced(DoubleVector x, DoubleVector n) {
    DoubleVector r = fma(n, constant(-FunctionConstantsDouble.LN2_HIGH), x);
    return fma(n, constant(-FunctionConstantsDouble.LN2_LOW), r);
  }

  /** The exponential function of any argument. */
  static void exp(int length, double[] from, int xAt, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, from, xAt + i);
      DoubleVector n = rounded(x).sub(FunctionConstantsDouble.ROUND);
      DoubleVector p = VectorPolynomialsDouble.exp(reduced(x, n));
      DoubleVector half = fma(n, constant(0.5), constant(FunctionConstantsDouble.ROUND));
      DoubleVector rest =
          n.sub(half.sub(FunctionConstantsDouble.ROUND)).add(FunctionConstantsDouble.ROUND);
      p.mul(VectorPolynomialsDouble.power(half))
          .mul(VectorPolynomialsDouble.power(rest))
          .blend(
              Double.POSITIVE_INFINITY,
              x.compare(VectorOperators.GT, FunctionConstantsDouble.EXP_LARGEST))
          .blend(0, x.compare(VectorOperators.LT, FunctionConstantsDouble.EXP_SMALLEST))
          .intoArray(to, yAt + i);
    }
  }

  /** The exponential function where neither it nor its factor 2^n overflows or is subnormal. */
  static void boundedExp(int length, double[] from, int xAt, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, from, xAt + i);
      DoubleVector rounded = rounded(x);
      DoubleVector n = rounded.sub(FunctionConstantsDouble.ROUND);
      VectorPolynomialsDouble.exp(reduced(x, n))
          .mul(VectorPolynomialsDouble.power(rounded))
          .intoArray(to, yAt + i);
    }
  }

  /** {@code exp(x - shift)} for x up to the shift, 0 instead of subnormal results. */
  static void decay(int length, double[] from, int xAt, double shift, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, from, xAt + i).sub(shift);
      DoubleVector rounded = rounded(x);
      DoubleVector n = rounded.sub(FunctionConstantsDouble.ROUND);
      VectorPolynomialsDouble.exp(reduced(x, n))
          .mul(VectorPolynomialsDouble.power(rounded))
          .blend(0, x.compare(VectorOperators.LT, FunctionConstantsDouble.DECAY_SMALLEST))
          .intoArray(to, yAt + i);
    }
  }
}
