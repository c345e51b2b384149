package org.quadrille.kernels.cpu;

/**
 * Polynomials, highest coefficient first, and constants of the elementary functions in single
 * precision, with the operations on bits that they need.
 *
 * <p>Minimax fits by the exchange algorithm of Remez (Muller, Elementary Functions, chapter 3) in
 * 50 digits, minimizing the relative error of the function itself; leading coefficients that are
 * exact were kept so. The coefficients were rounded to nearest.
 */
final class FunctionConstantsFloat {

  /** exp(r) for |r| up to ln(2) / 2. Relative error 2^-28.3 before rounding. */
  static final float[] EXP = {
    0x1.6a235p-10f, 0x1.123a6cp-7f, 0x1.5558f4p-5f, 0x1.55549p-3f, 0x1.fffffcp-2f, 1, 1
  };

  /**
   * (2 artanh(s) - 2 s) / s^3 in z = s^2 for |s| up to 3 - 2 sqrt(2). Relative error 2^-29.2 before
   * rounding.
   */
  static final float[] LOG = {0x1.31e82cp-2f, 0x1.995e8cp-2f, 0x1.55557ap-1f};

  /** (tanh(x) / x - 1) / t in t = x^2 for |x| up to 1. Relative error 2^-31.3 before rounding. */
  static final float[] TANH = {
    0x1.fd7c2ap-14f,
    -0x1.b8ff82p-11f,
    0x1.93847ap-9f,
    -0x1.19a50cp-7f,
    0x1.64ebc8p-6f,
    -0x1.b9fbdap-5f,
    0x1.11105ep-3f,
    -0x1.555552p-2f
  };

  /** erf(x) / x - 1 in x^2 for |x| up to 1. Relative error 2^-29.6 before rounding. */
  static final float[] ERF = {
    0x1.496a36p-14f,
    -0x1.a3f702p-11f,
    0x1.5405b2p-8f,
    -0x1.b7f90ep-6f,
    0x1.ce2cf8p-4f,
    -0x1.81273ep-2f,
    0x1.06eba8p-3f
  };

  /**
   * ln(1 - erf(x)) for x from 1 to 4.1, in terms of erf. Relative error 2^-35.5 before rounding.
   */
  static final float[] LOG_ERFC = {
    -0x1.6c068cp-16f,
    0x1.ceeaeap-12f,
    -0x1.1398f8p-8f,
    0x1.9d0bd4p-6f,
    -0x1.bc18dp-4f,
    -0x1.4434fp-1f,
    -0x1.212c2cp0f,
    0x1.8b3f12p-13f
  };

  /** 1 / ln(2). */
  static final float LOG2E = 0x1.715476p0f;

  /** ln(2) to 17 bits, so that products with small integers are exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  /** ln(2) less its high part. */
  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /**
   * Added to a small number, leaves its nearest integer plus the bias of exponents in the low bits.
   */
  static final float ROUND = 0x1.8p23f + 127;

  /** exp overflows well below. */
  static final float EXP_LARGEST = 89;

  /** exp is 0 well above. */
  static final float EXP_SMALLEST = -104;

  /** Where a decaying exponential is cut off: its result is barely a normal number. */
  static final float DECAY_SMALLEST = -87;

  /** tanh is 1 well below. */
  static final float TANH_LIMIT = 10;

  /** erf is 1 well below; end of the fit. */
  static final float ERF_LIMIT = 4.1f;

  /** GELU is x or 0, and its derivative 1 or 0, beyond. */
  static final float GELU_LIMIT = 14;

  /** sqrt(1/2). */
  static final float SQRT_HALF = 0x1.6a09e6p-1f;

  /** 2 sqrt(2 / pi). */
  static final float GELU_LINEAR = 0x1.988454p0f;

  /** 0.044715 times the former. */
  static final float GELU_CUBIC = 0x1.2444f2p-4f;

  /** 1 / sqrt(2 pi). */
  static final float NORMAL_DENSITY = 0x1.988454p-2f;

  /** Smallest normal number. */
  static final float SMALLEST_NORMAL = Float.MIN_NORMAL;

  /** Makes subnormal numbers normal. */
  static final float SUBNORMAL_SCALE = 0x1p24f;

  /** Its exponent. */
  static final float SUBNORMAL_SHIFT = 24;

  /** Bits of sqrt(1/2), rounded down. */
  static final int SQRT_HALF_BITS = Float.floatToRawIntBits(SQRT_HALF);

  /** Bits of 1. */
  static final int ONE_BITS = Float.floatToRawIntBits(1);

  /** Width of the fraction. */
  static final int FRACTION_BITS = 23;

  /** Bits of the number whose low bits count in ones. */
  static final int COUNT_BITS = Float.floatToRawIntBits(0x1p23f);

  /** Turns such a count, biased like an exponent, into a number. */
  static final float COUNT_BIAS = 0x1p23f + 127;

  private FunctionConstantsFloat() {}

  /** 2^n of n + {@link #ROUND}. */
  static float power(float rounded) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << FRACTION_BITS);
  }

  /** The integer k with x / 2^k from sqrt(1/2) to sqrt(2), of a positive normal number. */
  static float exponent(float x) {
    int k = (Float.floatToRawIntBits(x) - SQRT_HALF_BITS + ONE_BITS) >>> FRACTION_BITS;
    return Float.intBitsToFloat(COUNT_BITS | k) - COUNT_BIAS;
  }

  /** x / 2^k with the same k. */
  static float significand(float x) {
    int k = (Float.floatToRawIntBits(x) - SQRT_HALF_BITS + ONE_BITS) >>> FRACTION_BITS;
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) - (k << FRACTION_BITS) + ONE_BITS);
  }

  /** 1 / sqrt(x) by correctly rounded operations, in double. */
  static float inverseRoot(float x) {
    return (float) (1 / Math.sqrt(x));
  }
}
