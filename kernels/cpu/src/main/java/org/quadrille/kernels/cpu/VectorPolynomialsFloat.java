package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The polynomials and operations on bits of {@link FunctionConstantsFloat} in SIMD, in the same
 * order: straight code, because the compiler does not unroll loops over coefficients.
 */
final class VectorPolynomialsFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;

  private VectorPolynomialsFloat() {}

  /** exp(r). */
  static FloatVector exp(FloatVector r) {
    float[] c = FunctionConstantsFloat.EXP;
    FloatVector p = step(FloatVector.broadcast(SPECIES, c[0]), r, c[1]);
    p = step(p, r, c[2]);
    p = step(p, r, c[3]);
    p = step(p, r, c[4]);
    p = step(p, r, c[5]);
    return step(p, r, c[6]);
  }

  /** The tail of the logarithm in z. */
  static FloatVector log(FloatVector z) {
    float[] c = FunctionConstantsFloat.LOG;
    FloatVector p = step(FloatVector.broadcast(SPECIES, c[0]), z, c[1]);
    return step(p, z, c[2]);
  }

  /** The tail of tanh in t. */
  static FloatVector tanh(FloatVector t) {
    float[] c = FunctionConstantsFloat.TANH;
    FloatVector p = step(FloatVector.broadcast(SPECIES, c[0]), t, c[1]);
    p = step(p, t, c[2]);
    p = step(p, t, c[3]);
    p = step(p, t, c[4]);
    p = step(p, t, c[5]);
    p = step(p, t, c[6]);
    return step(p, t, c[7]);
  }

  /** The tail of erf in t. */
  static FloatVector erf(FloatVector t) {
    float[] c = FunctionConstantsFloat.ERF;
    FloatVector p = step(FloatVector.broadcast(SPECIES, c[0]), t, c[1]);
    p = step(p, t, c[2]);
    p = step(p, t, c[3]);
    p = step(p, t, c[4]);
    p = step(p, t, c[5]);
    return step(p, t, c[6]);
  }

  /** ln(1 - erf(x)). */
  static FloatVector logErfc(FloatVector x) {
    float[] c = FunctionConstantsFloat.LOG_ERFC;
    FloatVector p = step(FloatVector.broadcast(SPECIES, c[0]), x, c[1]);
    p = step(p, x, c[2]);
    p = step(p, x, c[3]);
    p = step(p, x, c[4]);
    p = step(p, x, c[5]);
    p = step(p, x, c[6]);
    return step(p, x, c[7]);
  }

  private static FloatVector step(FloatVector p, FloatVector x, float coefficient) {
    return x.lanewise(VectorOperators.FMA, p, FloatVector.broadcast(SPECIES, coefficient));
  }

  /** 2^n of n + ROUND. */
  static FloatVector power(FloatVector rounded) {
    return rounded
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, FunctionConstantsFloat.FRACTION_BITS)
        .reinterpretAsFloats();
  }

  private static IntVector biasedExponent(FloatVector x) {
    return x.reinterpretAsInts()
        .add(FunctionConstantsFloat.ONE_BITS - FunctionConstantsFloat.SQRT_HALF_BITS)
        .lanewise(VectorOperators.LSHR, FunctionConstantsFloat.FRACTION_BITS);
  }

  /** The integer k with x / 2^k from sqrt(1/2) to sqrt(2). */
  static FloatVector exponent(FloatVector x) {
    return biasedExponent(x)
        .or(FunctionConstantsFloat.COUNT_BITS)
        .reinterpretAsFloats()
        .sub(FunctionConstantsFloat.COUNT_BIAS);
  }

  /** x / 2^k with the same k. */
  static FloatVector significand(FloatVector x) {
    IntVector power =
        biasedExponent(x).lanewise(VectorOperators.LSHL, FunctionConstantsFloat.FRACTION_BITS);
    return x.reinterpretAsInts()
        .sub(power)
        .add(FunctionConstantsFloat.ONE_BITS)
        .reinterpretAsFloats();
  }

  /** The magnitude of the first with the sign of the second. */
  static FloatVector copySign(FloatVector magnitude, FloatVector sign) {
    return magnitude
        .reinterpretAsInts()
        .or(sign.reinterpretAsInts().and(Integer.MIN_VALUE))
        .reinterpretAsFloats();
  }
}
