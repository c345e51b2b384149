package org.quadrille.kernels.cpu;

/**
 * Polynomials, highest coefficient first, and constants of the elementary functions in double
 * precision, with the operations on bits that they need.
 *
 * <p>Minimax fits by the exchange algorithm of Remez (Muller, Elementary Functions, chapter 3) in 50
 * digits, minimizing the relative error of the function itself; leading coefficients that are exact
 * were kept so. The coefficients were rounded to nearest.
 */
final class FunctionConstantsDouble {

  /** exp(r) for |r| up to ln(2) / 2. Relative error 2^-57.9 before rounding. */
  static final double[] EXP = {
    0x1.ad7efc0540e45p-26,
    0x1.28adce6b9bda1p-22,
    0x1.71df26304718ap-19,
    0x1.a01999add31d2p-16,
    0x1.a01a0129b2b95p-13,
    0x1.6c16c1844aff3p-10,
    0x1.1111111127e87p-7,
    0x1.55555555507f1p-5,
    0x1.55555555554f9p-3,
    0x1.000000000000ap-1,
    1,
    1
  };

  /**
   * (2 artanh(s) - 2 s) / s^3 in z = s^2 for |s| up to 3 - 2 sqrt(2). Relative
   * error 2^-58.5 before rounding.
   */
  static final double[] LOG = {
    0x1.2f117e749d6afp-3,
    0x1.39a095a77d634p-3,
    0x1.746649ae47425p-3,
    0x1.c71c51d7d66fep-3,
    0x1.249249422a3adp-2,
    0x1.999999997f9f9p-2,
    0x1.5555555555593p-1
  };

  /**
   * (tanh(x) / x - 1) / t in t = x^2 for |x| up to 1. Relative
   * error 2^-56.2 before rounding.
   */
  static final double[] TANH = {
    -0x1.0d4485377274dp-24,
    0x1.5f61bbddd2b14p-21,
    -0x1.cafbbc447f491p-19,
    0x1.9e1b6a963cd64p-17,
    -0x1.2eb77ef9d709bp-15,
    0x1.8d7c94154f22cp-14,
    -0x1.f336d643e6bb8p-13,
    0x1.352148202735ap-11,
    -0x1.7d9bce064a15bp-10,
    0x1.d6d310368115ap-9,
    -0x1.226e2ec239fdfp-7,
    0x1.664f4836cca9fp-6,
    -0x1.ba1ba1b811f2ap-5,
    0x1.111111110d81fp-3,
    -0x1.555555555550fp-2
  };

  /** erf(x) / x - 1 in x^2 for |x| up to 1. Relative error 2^-62.7 before rounding. */
  static final double[] ERF = {
    0x1.0579a7666f724p-34,
    -0x1.386abf7846ab3p-30,
    0x1.f7a411bcaed0cp-27,
    -0x1.5f1d36b736631p-23,
    0x1.b9def19c99d07p-20,
    -0x1.f4d1df392ffecp-17,
    0x1.f9a321a11c69fp-14,
    -0x1.c02db3d8ed18cp-11,
    0x1.565bcd0db02e1p-8,
    -0x1.b82ce3128499cp-6,
    0x1.ce2f21a042b2p-4,
    -0x1.812746b0379e6p-2,
    0x1.06eba8214db69p-3
  };

  /**
   * ln(1 - erf(x)) for x from 1 to 6, in terms of erf. Relative
   * error 2^-62.2 before rounding.
   */
  static final double[] LOG_ERFC = {
    -0x1.996496b68451ep-43,
    0x1.3f9b5970ada45p-37,
    -0x1.d62b1843871d8p-33,
    0x1.b11deca2f62b8p-29,
    -0x1.17f20706c998dp-25,
    0x1.0d4fc37f4cep-22,
    -0x1.8e410e1b06af7p-20,
    0x1.cb14ebbfb49b2p-18,
    -0x1.9a71c50863131p-16,
    0x1.11a4965db0d27p-14,
    -0x1.d4e6fc55776bbp-14,
    0x1.8e0e1bec66355p-16,
    0x1.205dce1486264p-11,
    -0x1.b669bffad6d3bp-10,
    0x1.a3b09c9dcf504p-13,
    0x1.396ad5ade5811p-6,
    -0x1.a4f3bd35051b7p-4,
    -0x1.45f31f40cb8d3p-1,
    -0x1.20dd71a09cfap0,
    -0x1.8a38e1b2a1d28p-26
  };

  /** 1 / ln(2). */
  static final double LOG2E = 0x1.71547652b82fep0;

  /** ln(2) to 32 bits, so that products with small integers are exact. */
  static final double LN2_HIGH = 0x1.62e42feep-1;

  /** ln(2) less its high part. */
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Added to a small number, leaves its nearest integer plus the bias of exponents in the low bits. */
  static final double ROUND = 0x1.8p52 + 1023;

  /** exp overflows well below. */
  static final double EXP_LARGEST = 710;

  /** exp is 0 well above. */
  static final double EXP_SMALLEST = -746;

  /** Where a decaying exponential is cut off: its result is barely a normal number. */
  static final double DECAY_SMALLEST = -708;

  /** tanh is 1 well below. */
  static final double TANH_LIMIT = 20;

  /** erf is 1 well below; end of the fit. */
  static final double ERF_LIMIT = 6;

  /** GELU is x or 0, and its derivative 1 or 0, beyond. */
  static final double GELU_LIMIT = 40;

  /** sqrt(1/2). */
  static final double SQRT_HALF = 0x1.6a09e667f3bcdp-1;

  /** 2 sqrt(2 / pi). */
  static final double GELU_LINEAR = 0x1.9884533d43651p0;

  /** 0.044715 times the former. */
  static final double GELU_CUBIC = 0x1.2444f2a4d8b4bp-4;

  /** 1 / sqrt(2 pi). */
  static final double NORMAL_DENSITY = 0x1.9884533d43651p-2;

  /** Smallest normal number. */
  static final double SMALLEST_NORMAL = Double.MIN_NORMAL;

  /** Makes subnormal numbers normal. */
  static final double SUBNORMAL_SCALE = 0x1p54;

  /** Its exponent. */
  static final double SUBNORMAL_SHIFT = 54;

  /** Bits of sqrt(1/2), rounded down. */
  static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(SQRT_HALF);

  /** Bits of 1. */
  static final long ONE_BITS = Double.doubleToRawLongBits(1);

  /** Width of the fraction. */
  static final int FRACTION_BITS = 52;

  /** Bits of the number whose low bits count in ones. */
  static final long COUNT_BITS = Double.doubleToRawLongBits(0x1p52);

  /** Turns such a count, biased like an exponent, into a number. */
  static final double COUNT_BIAS = 0x1p52 + 1023;

  private FunctionConstantsDouble() {}

  /** 2^n of n + {@link #ROUND}. */
  static double power(double rounded) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(rounded) << FRACTION_BITS);
  }

  /** The integer k with x / 2^k from sqrt(1/2) to sqrt(2), of a positive normal number. */
  static double exponent(double x) {
    long k = (Double.doubleToRawLongBits(x) - SQRT_HALF_BITS + ONE_BITS) >>> FRACTION_BITS;
    return Double.longBitsToDouble(COUNT_BITS | k) - COUNT_BIAS;
  }

  /** x / 2^k with the same k. */
  static double significand(double x) {
    long k = (Double.doubleToRawLongBits(x) - SQRT_HALF_BITS + ONE_BITS) >>> FRACTION_BITS;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) - (k << FRACTION_BITS) + ONE_BITS);
  }

  /** 1 / sqrt(x) by correctly rounded operations. */
  static double inverseRoot(double x) {
    return 1 / Math.sqrt(x);
  }
}
