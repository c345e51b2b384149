package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Steps of the Gaussian error linear units of {@link ScalarFunctionsFloat}, as short loops. */
final class GeluLoopsFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final float LIMIT = FunctionConstantsFloat.GELU_LIMIT;

  private GeluLoopsFloat() {}

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
    return a.lanewise(VectorOperators.FMA, b, c);
  }

  /** {@code 2 u / x}, or the derivative of 2 u if the factor of x^3 is taken three times. */
  private static FloatVector cubicFactor(FloatVector square, float cubic) {
    return fma(square, constant(cubic), constant(FunctionConstantsFloat.GELU_LINEAR));
  }

  /** GELU from the error function of x / sqrt(2). */
  static void gelu(int length, float[] from, int xAt, float[] erf, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      FloatVector half = x.mul(0.5f);
      fma(half, load(erf, i), half)
          .blend(0, x.compare(VectorOperators.LT, -LIMIT))
          .intoArray(to, yAt + i);
    }
  }

  /** {@code 2 u}. */
  static void twiceArgument(int length, float[] from, int xAt, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      x.mul(cubicFactor(x.mul(x), FunctionConstantsFloat.GELU_CUBIC)).intoArray(to, i);
    }
  }

  /** GELU in its tanh form from sigmoid(2 u). */
  static void geluTanh(int length, float[] from, int xAt, float[] sigmoid, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      x.mul(load(sigmoid, i))
          .blend(0, x.compare(VectorOperators.LT, -LIMIT))
          .intoArray(to, yAt + i);
    }
  }

  /** x within the limits beyond which GELU is linear. */
  static void clamp(int length, float[] from, int xAt, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      x.blend(LIMIT, x.compare(VectorOperators.GT, LIMIT))
          .blend(-LIMIT, x.compare(VectorOperators.LT, -LIMIT))
          .intoArray(to, i);
    }
  }

  /** {@code -c^2 / 2}. */
  static void densityExponent(int length, float[] clamped, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector c = load(clamped, i);
      c.mul(c).mul(-0.5f).intoArray(to, i);
    }
  }

  /** The derivative from the error function and the exponential of the density. */
  static void derivative(
      int length, float[] clamped, float[] erf, float[] exponential, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector probability = fma(load(erf, i), constant(0.5f), constant(0.5f));
      FloatVector density = load(exponential, i).mul(FunctionConstantsFloat.NORMAL_DENSITY);
      fma(load(clamped, i), density, probability).intoArray(to, yAt + i);
    }
  }

  /** The derivative of the tanh form from exp(-|2 u|). */
  static void tanhDerivative(
      int length, float[] clamped, float[] argument, float[] exponential, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector c = load(clamped, i);
      FloatVector e = load(exponential, i);
      FloatVector slope = cubicFactor(c.mul(c), 3 * FunctionConstantsFloat.GELU_CUBIC);
      FloatVector d = constant(1).div(e.add(1));
      FloatVector s = constant(1).blend(e, load(argument, i).compare(VectorOperators.LT, 0)).mul(d);
      fma(c.mul(slope).mul(e.mul(d)), d, s).intoArray(to, yAt + i);
    }
  }
}
