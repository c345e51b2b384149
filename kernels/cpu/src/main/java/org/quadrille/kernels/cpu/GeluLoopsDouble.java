// Generated from GeluLoopsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Steps of the Gaussian error linear units of {@link ScalarFunctionsDouble}, as short loops. */
final class GeluLoopsDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();
  private static final double LIMIT = FunctionConstantsDouble.GELU_LIMIT;

  private GeluLoopsDouble() {}

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }

  private static DoubleVector constant(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }

  private static DoubleVector fma(DoubleVector a, DoubleVector b, DoubleVector c) {
    return a.lanewise(VectorOperators.FMA, b, c);
  }

  /** {@code 2 u / x}, or the derivative of 2 u if the factor of x^3 is taken three times. */
  private static DoubleVector cubicFactor(DoubleVector square, double cubic) {
    return fma(square, constant(cubic), constant(FunctionConstantsDouble.GELU_LINEAR));
  }

  /** GELU from the error function of x / sqrt(2). */
  static void gelu(int length, double[] from, int xAt, double[] erf, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      DoubleVector half = x.mul(0.5);
      fma(half, load(erf, i), half)
          .blend(0, x.compare(VectorOperators.LT, -LIMIT))
          .intoArray(to, yAt + i);
    }
  }

  /** {@code 2 u}. */
  static void twiceArgument(int length, double[] from, int xAt, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      x.mul(cubicFactor(x.mul(x), FunctionConstantsDouble.GELU_CUBIC)).intoArray(to, i);
    }
  }

  /** GELU in its tanh form from sigmoid(2 u). */
  static void geluTanh(int length, double[] from, int xAt, double[] sigmoid, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      x.mul(load(sigmoid, i))
          .blend(0, x.compare(VectorOperators.LT, -LIMIT))
          .intoArray(to, yAt + i);
    }
  }

  /** x within the limits beyond which GELU is linear. */
  static void clamp(int length, double[] from, int xAt, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      x.blend(LIMIT, x.compare(VectorOperators.GT, LIMIT))
          .blend(-LIMIT, x.compare(VectorOperators.LT, -LIMIT))
          .intoArray(to, i);
    }
  }

  /** {@code -c^2 / 2}. */
  static void densityExponent(int length, double[] clamped, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector c = load(clamped, i);
      c.mul(c).mul(-0.5).intoArray(to, i);
    }
  }

  /** The derivative from the error function and the exponential of the density. */
  static void derivative(
      int length, double[] clamped, double[] erf, double[] exponential, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector probability = fma(load(erf, i), constant(0.5), constant(0.5));
      DoubleVector density = load(exponential, i).mul(FunctionConstantsDouble.NORMAL_DENSITY);
      fma(load(clamped, i), density, probability).intoArray(to, yAt + i);
    }
  }

  /** The derivative of the tanh form from exp(-|2 u|). */
  static void tanhDerivative(
      int length, double[] clamped, double[] argument, double[] exponential, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector c = load(clamped, i);
      DoubleVector e = load(exponential, i);
      DoubleVector slope = cubicFactor(c.mul(c), 3 * FunctionConstantsDouble.GELU_CUBIC);
      DoubleVector d = constant(1).div(e.add(1));
      DoubleVector s = constant(1).blend(e, load(argument, i).compare(VectorOperators.LT, 0)).mul(d);
      fma(c.mul(slope).mul(e.mul(d)), d, s).intoArray(to, yAt + i);
    }
  }
}
