// Generated from FunctionLoopsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Steps of the functions of {@link ScalarFunctionsDouble} over whole vectors of neighbouring
 * elements. A function is several short loops over a block in the first-level cache, because the
 * compiler gives up on one loop with as many vector operations.
 */
final class FunctionLoopsDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private FunctionLoopsDouble() {}

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }

  private static DoubleVector constant(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }

  private static DoubleVector fma(DoubleVector a, DoubleVector b, DoubleVector c) {
    return a.lanewise(VectorOperators.FMA, b, c);
  }

  private static DoubleVector atMost(DoubleVector x, double limit) {
    return x.blend(limit, x.compare(VectorOperators.GT, limit));
  }

  /** {@code y := factor * x}. */
  static void scale(int length, double factor, double[] from, int xAt, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      constant(factor).mul(load(from, xAt + i)).intoArray(to, i);
    }
  }

  /** {@code 2 min(|x|, limit)}, whose exponential tanh needs. */
  static void tanhExponent(int length, double[] from, int xAt, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector c = atMost(load(from, xAt + i).abs(), FunctionConstantsDouble.TANH_LIMIT);
      c.add(c).intoArray(to, i);
    }
  }

  /** tanh from that exponential. */
  static void tanh(int length, double[] from, int xAt, double[] exponential, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      DoubleVector a = x.abs();
      DoubleVector t = a.mul(a);
      DoubleVector small = fma(a.mul(t), VectorPolynomialsDouble.tanh(t), a);
      DoubleVector quotient = constant(2).div(load(exponential, i).add(1));
      DoubleVector y = constant(1).sub(quotient).blend(small, a.compare(VectorOperators.LT, 1));
      VectorPolynomialsDouble.copySign(y, x).intoArray(to, yAt + i);
    }
  }

  /** The logarithm of 1 - erf, from 1 on. */
  static void logErfc(int length, double[] from, int xAt, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector a = atMost(load(from, xAt + i).abs(), FunctionConstantsDouble.ERF_LIMIT);
      VectorPolynomialsDouble.logErfc(a).intoArray(to, i);
    }
  }

  /** erf from its complement. */
  static void erf(int length, double[] from, int xAt, double[] complement, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      DoubleVector a = x.abs();
      DoubleVector small = fma(a, VectorPolynomialsDouble.erf(a.mul(a)), a);
      DoubleVector large = constant(1).sub(load(complement, i));
      DoubleVector y = large.blend(small, a.compare(VectorOperators.LT, 1));
      VectorPolynomialsDouble.copySign(y, x).intoArray(to, yAt + i);
    }
  }

  /** {@code -|x|}. */
  static void negativeMagnitude(int length, double[] from, int xAt, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      load(from, xAt + i).abs().neg().intoArray(to, i);
    }
  }

  /** The logistic function from exp(-|x|). */
  static void sigmoid(int length, double[] from, int xAt, double[] exponential, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector e = load(exponential, i);
      DoubleVector numerator =
          constant(1).blend(e, load(from, xAt + i).compare(VectorOperators.LT, 0));
      numerator.div(e.add(1)).intoArray(to, yAt + i);
    }
  }

  /** Exponent and fraction of the logarithm: x = 2^k (1 + f). */
  static void split(int length, double[] from, int xAt, double[] exponent, double[] fraction) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      var subnormal = x.compare(VectorOperators.LT, FunctionConstantsDouble.SMALLEST_NORMAL);
      DoubleVector scaled = x.blend(x.mul(FunctionConstantsDouble.SUBNORMAL_SCALE), subnormal);
      DoubleVector shift = constant(0).blend(FunctionConstantsDouble.SUBNORMAL_SHIFT, subnormal);
      VectorPolynomialsDouble.exponent(scaled).sub(shift).intoArray(exponent, i);
      VectorPolynomialsDouble.significand(scaled).sub(1).intoArray(fraction, i);
    }
  }

  /** The logarithm from these; positive finite arguments. */
  static void log(int length, double[] exponent, double[] fraction, double[] to) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector k = load(exponent, i);
      DoubleVector f = load(fraction, i);
      DoubleVector s = f.div(f.add(2));
      DoubleVector z = s.mul(s);
      DoubleVector square = f.mul(f).mul(0.5);
      DoubleVector tail = fma(z, VectorPolynomialsDouble.log(z), square);
      DoubleVector low = fma(s, tail, k.mul(FunctionConstantsDouble.LN2_LOW));
      fma(k, constant(FunctionConstantsDouble.LN2_HIGH), f.sub(square.sub(low))).intoArray(to, i);
    }
  }

  /** The logarithm of arguments that are not positive and finite. */
  static void logSpecial(
      int length, double[] from, int xAt, double[] logarithm, double[] to, int yAt) {
    for (int i = 0; i < length; i += LANES) {
      DoubleVector x = load(from, xAt + i);
      constant(Double.NaN)
          .blend(load(logarithm, i), x.compare(VectorOperators.GT, 0))
          .blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0))
          .blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY))
          .intoArray(to, yAt + i);
    }
  }
}
