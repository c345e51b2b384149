package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The polynomials and operations on bits of {@link FunctionConstantsDouble} in SIMD, in the same
 * order: straight code, because the compiler does not unroll loops over coefficients.
 */
final class VectorPolynomialsDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;

  private VectorPolynomialsDouble() {}

  /** exp(r). */
  static DoubleVector exp(DoubleVector r) {
    double[] c = FunctionConstantsDouble.EXP;
    DoubleVector p = step(DoubleVector.broadcast(SPECIES, c[0]), r, c[1]);
    p = step(p, r, c[2]);
    p = step(p, r, c[3]);
    p = step(p, r, c[4]);
    p = step(p, r, c[5]);
    p = step(p, r, c[6]);
    p = step(p, r, c[7]);
    p = step(p, r, c[8]);
    p = step(p, r, c[9]);
    p = step(p, r, c[10]);
    return step(p, r, c[11]);
  }

  /** The tail of the logarithm in z. */
  static DoubleVector log(DoubleVector z) {
    double[] c = FunctionConstantsDouble.LOG;
    DoubleVector p = step(DoubleVector.broadcast(SPECIES, c[0]), z, c[1]);
    p = step(p, z, c[2]);
    p = step(p, z, c[3]);
    p = step(p, z, c[4]);
    p = step(p, z, c[5]);
    return step(p, z, c[6]);
  }

  /** The tail of tanh in t. */
  static DoubleVector tanh(DoubleVector t) {
    double[] c = FunctionConstantsDouble.TANH;
    DoubleVector p = step(DoubleVector.broadcast(SPECIES, c[0]), t, c[1]);
    p = step(p, t, c[2]);
    p = step(p, t, c[3]);
    p = step(p, t, c[4]);
    p = step(p, t, c[5]);
    p = step(p, t, c[6]);
    p = step(p, t, c[7]);
    p = step(p, t, c[8]);
    p = step(p, t, c[9]);
    p = step(p, t, c[10]);
    p = step(p, t, c[11]);
    p = step(p, t, c[12]);
    p = step(p, t, c[13]);
    return step(p, t, c[14]);
  }

  /** The tail of erf in t. */
  static DoubleVector erf(DoubleVector t) {
    double[] c = FunctionConstantsDouble.ERF;
    DoubleVector p = step(DoubleVector.broadcast(SPECIES, c[0]), t, c[1]);
    p = step(p, t, c[2]);
    p = step(p, t, c[3]);
    p = step(p, t, c[4]);
    p = step(p, t, c[5]);
    p = step(p, t, c[6]);
    p = step(p, t, c[7]);
    p = step(p, t, c[8]);
    p = step(p, t, c[9]);
    p = step(p, t, c[10]);
    p = step(p, t, c[11]);
    return step(p, t, c[12]);
  }

  /** ln(1 - erf(x)). */
  static DoubleVector logErfc(DoubleVector x) {
    double[] c = FunctionConstantsDouble.LOG_ERFC;
    DoubleVector p = step(DoubleVector.broadcast(SPECIES, c[0]), x, c[1]);
    p = step(p, x, c[2]);
    p = step(p, x, c[3]);
    p = step(p, x, c[4]);
    p = step(p, x, c[5]);
    p = step(p, x, c[6]);
    p = step(p, x, c[7]);
    p = step(p, x, c[8]);
    p = step(p, x, c[9]);
    p = step(p, x, c[10]);
    p = step(p, x, c[11]);
    p = step(p, x, c[12]);
    p = step(p, x, c[13]);
    p = step(p, x, c[14]);
    p = step(p, x, c[15]);
    p = step(p, x, c[16]);
    p = step(p, x, c[17]);
    p = step(p, x, c[18]);
    return step(p, x, c[19]);
  }

  private static DoubleVector step(DoubleVector p, DoubleVector x, double coefficient) {
    return x.lanewise(VectorOperators.FMA, p, DoubleVector.broadcast(SPECIES, coefficient));
  }

  /** 2^n of n + ROUND. */
  static DoubleVector power(DoubleVector rounded) {
    return rounded
        .reinterpretAsLongs()
        .lanewise(VectorOperators.LSHL, FunctionConstantsDouble.FRACTION_BITS)
        .reinterpretAsDoubles();
  }

  private static LongVector biasedExponent(DoubleVector x) {
    return x.reinterpretAsLongs()
        .add(FunctionConstantsDouble.ONE_BITS - FunctionConstantsDouble.SQRT_HALF_BITS)
        .lanewise(VectorOperators.LSHR, FunctionConstantsDouble.FRACTION_BITS);
  }

  /** The integer k with x / 2^k from sqrt(1/2) to sqrt(2). */
  static DoubleVector exponent(DoubleVector x) {
    return biasedExponent(x)
        .or(FunctionConstantsDouble.COUNT_BITS)
        .reinterpretAsDoubles()
        .sub(FunctionConstantsDouble.COUNT_BIAS);
  }

  /** x / 2^k with the same k. */
  static DoubleVector significand(DoubleVector x) {
    LongVector power =
        biasedExponent(x).lanewise(VectorOperators.LSHL, FunctionConstantsDouble.FRACTION_BITS);
    return x.reinterpretAsLongs()
        .sub(power)
        .add(FunctionConstantsDouble.ONE_BITS)
        .reinterpretAsDoubles();
  }

  /** The magnitude of the first with the sign of the second. */
  static DoubleVector copySign(DoubleVector magnitude, DoubleVector sign) {
    return magnitude
        .reinterpretAsLongs()
        .or(sign.reinterpretAsLongs().and(Long.MIN_VALUE))
        .reinterpretAsDoubles();
  }
}
