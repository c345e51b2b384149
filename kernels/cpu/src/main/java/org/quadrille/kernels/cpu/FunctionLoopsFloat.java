package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Steps of the functions of {@link ScalarFunctionsFloat} over whole vectors of neighbouring
 * elements. A function is several short loops over a block in the first-level cache, because the
 * compiler gives up on one loop with as many vector operations.
 */
final class FunctionLoopsFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  private FunctionLoopsFloat() {}

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
    return a.lanewise(VectorOperators.FMA, b, c);
  }

  private static FloatVector atMost(FloatVector x, float limit) {
    return x.blend(limit, x.compare(VectorOperators.GT, limit));
  }

  /** {@code y := factor * x}. */
  static void scale(int length, float factor, float[] from, int xAt, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      constant(factor).mul(load(from, xAt + i)).intoArray(to, i);
    }
  }

  /** {@code 2 min(|x|, limit)}, whose exponential tanh needs. */
  static void tanhExponent(int length, float[] from, int xAt, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector c = atMost(load(from, xAt + i).abs(), FunctionConstantsFloat.TANH_LIMIT);
      c.add(c).intoArray(to, i);
    }
  }

  /** tanh from that exponential. */
  static void tanh(int length, float[] from, int xAt, float[] exponential, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      FloatVector a = x.abs();
      FloatVector t = a.mul(a);
      FloatVector small = fma(a.mul(t), VectorPolynomialsFloat.tanh(t), a);
      FloatVector quotient = constant(2).div(load(exponential, i).add(1));
      FloatVector y = constant(1).sub(quotient).blend(small, a.compare(VectorOperators.LT, 1));
      VectorPolynomialsFloat.copySign(y, x).intoArray(to, yAt + i);
    }
  }

  /** The logarithm of 1 - erf, from 1 on. */
  static void logErfc(int length, float[] from, int xAt, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector a = atMost(load(from, xAt + i).abs(), FunctionConstantsFloat.ERF_LIMIT);
      VectorPolynomialsFloat.logErfc(a).intoArray(to, i);
    }
  }

  /** erf from its complement. */
  static void erf(int length, float[] from, int xAt, float[] complement, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      FloatVector a = x.abs();
      FloatVector small = fma(a, VectorPolynomialsFloat.erf(a.mul(a)), a);
      FloatVector large = constant(1).sub(load(complement, i));
      FloatVector y = large.blend(small, a.compare(VectorOperators.LT, 1));
      VectorPolynomialsFloat.copySign(y, x).intoArray(to, yAt + i);
    }
  }

  /** {@code -|x|}. */
  static void negativeMagnitude(int length, float[] from, int xAt, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      load(from, xAt + i).abs().neg().intoArray(to, i);
    }
  }

  /** The logistic function from exp(-|x|). */
  static void sigmoid(int length, float[] from, int xAt, float[] exponential, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector e = load(exponential, i);
      FloatVector numerator =
          constant(1).blend(e, load(from, xAt + i).compare(VectorOperators.LT, 0));
      numerator.div(e.add(1)).intoArray(to, yAt + i);
    }
  }

  /** Exponent and fraction of the logarithm: x = 2^k (1 + f). */
  static void split(int length, float[] from, int xAt, float[] exponent, float[] fraction) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      var subnormal = x.compare(VectorOperators.LT, FunctionConstantsFloat.SMALLEST_NORMAL);
      FloatVector scaled = x.blend(x.mul(FunctionConstantsFloat.SUBNORMAL_SCALE), subnormal);
      FloatVector shift = constant(0).blend(FunctionConstantsFloat.SUBNORMAL_SHIFT, subnormal);
      VectorPolynomialsFloat.exponent(scaled).sub(shift).intoArray(exponent, i);
      VectorPolynomialsFloat.significand(scaled).sub(1).intoArray(fraction, i);
    }
  }

  /** The logarithm from these; positive finite arguments. */
  static void log(int length, float[] exponent, float[] fraction, float[] to) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector k = load(exponent, i);
      FloatVector f = load(fraction, i);
      FloatVector s = f.div(f.add(2));
      FloatVector z = s.mul(s);
      FloatVector square = f.mul(f).mul(0.5f);
      FloatVector tail = fma(z, VectorPolynomialsFloat.log(z), square);
      FloatVector low = fma(s, tail, k.mul(FunctionConstantsFloat.LN2_LOW));
      fma(k, constant(FunctionConstantsFloat.LN2_HIGH), f.sub(square.sub(low))).intoArray(to, i);
    }
  }

  /** The logarithm of arguments that are not positive and finite. */
  static void logSpecial(
      int length, float[] from, int xAt, float[] logarithm, float[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector x = load(from, xAt + i);
      constant(Float.NaN)
          .blend(load(logarithm, i), x.compare(VectorOperators.GT, 0))
          .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0))
          .blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
          .intoArray(to, yAt + i);
    }
  }
}
