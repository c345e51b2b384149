package org.quadrille.kernels.cpu;

/**
 * The elementary functions in plain Java: the definition of the bits of {@link ElementFunction} in
 * every implementation. Names and reductions follow the comments; constants and polynomials are in
 * {@link FunctionConstantsFloat}.
 */
final class ScalarFunctionsFloat {

  private ScalarFunctionsFloat() {}

  static float apply(ElementFunction function, float x) {
    return switch (function) {
      case EXP -> exp(x);
      case LOG -> log(x);
      case TANH -> tanh(x);
      case ERF -> erf(x);
      case SIGMOID -> sigmoid(x);
      case GELU -> gelu(x);
      case GELU_TANH -> geluTanh(x);
      case GELU_DERIVATIVE -> geluDerivative(x);
      case GELU_TANH_DERIVATIVE -> geluTanhDerivative(x);
    };
  }

  /** Coefficients from the highest on, one fused multiply-add each. */
  private static float horner(float[] coefficients, float x) {
    float p = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      p = Math.fma(x, p, coefficients[i]);
    }
    return p;
  }

  /** exp(x) = 2^n exp(r), |r| <= ln(2) / 2; 2^n in two factors, since it may be subnormal. */
  static float exp(float x) {
    float rounded = Math.fma(x, FunctionConstantsFloat.LOG2E, FunctionConstantsFloat.ROUND);
    float n = rounded - FunctionConstantsFloat.ROUND;
    float r = Math.fma(n, -FunctionConstantsFloat.LN2_HIGH, x);
    r = Math.fma(n, -FunctionConstantsFloat.LN2_LOW, r);
    float p = horner(FunctionConstantsFloat.EXP, r);
    float half = Math.fma(n, 0.5f, FunctionConstantsFloat.ROUND);
    float rest = n - (half - FunctionConstantsFloat.ROUND) + FunctionConstantsFloat.ROUND;
    float y = p * FunctionConstantsFloat.power(half) * FunctionConstantsFloat.power(rest);
    if (x > FunctionConstantsFloat.EXP_LARGEST) {
      return Float.POSITIVE_INFINITY;
    }
    return x < FunctionConstantsFloat.EXP_SMALLEST ? 0 : y;
  }

  /** exp(x) where neither it nor 2^n overflows or is subnormal. */
  private static float boundedExp(float x) {
    float rounded = Math.fma(x, FunctionConstantsFloat.LOG2E, FunctionConstantsFloat.ROUND);
    float n = rounded - FunctionConstantsFloat.ROUND;
    float r = Math.fma(n, -FunctionConstantsFloat.LN2_HIGH, x);
    r = Math.fma(n, -FunctionConstantsFloat.LN2_LOW, r);
    return horner(FunctionConstantsFloat.EXP, r) * FunctionConstantsFloat.power(rounded);
  }

  /** exp(x) for x <= 0, but 0 instead of subnormal results. */
  static float decay(float x) {
    return x < FunctionConstantsFloat.DECAY_SMALLEST ? 0 : boundedExp(x);
  }

  /** ln(x) = k ln(2) + ln(1 + f), ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f). */
  static float log(float x) {
    boolean subnormal = x < FunctionConstantsFloat.SMALLEST_NORMAL;
    float scaled = subnormal ? x * FunctionConstantsFloat.SUBNORMAL_SCALE : x;
    float shift = subnormal ? FunctionConstantsFloat.SUBNORMAL_SHIFT : 0;
    float k = FunctionConstantsFloat.exponent(scaled) - shift;
    float f = FunctionConstantsFloat.significand(scaled) - 1;
    float s = f / (f + 2);
    float z = s * s;
    float square = f * f * 0.5f;
    float tail = Math.fma(z, horner(FunctionConstantsFloat.LOG, z), square);
    float low = Math.fma(s, tail, k * FunctionConstantsFloat.LN2_LOW);
    float y = Math.fma(k, FunctionConstantsFloat.LN2_HIGH, f - (square - low));
    if (x == Float.POSITIVE_INFINITY) {
      return x;
    }
    if (x == 0) {
      return Float.NEGATIVE_INFINITY;
    }
    return x > 0 ? y : Float.NaN;
  }

  /** |x| < 1: x + x t T(t), t = x^2; else 1 - 2 / (exp(2 |x|) + 1). */
  static float tanh(float x) {
    float a = Math.abs(x);
    float t = a * a;
    float small = Math.fma(a * t, horner(FunctionConstantsFloat.TANH, t), a);
    float c = a > FunctionConstantsFloat.TANH_LIMIT ? FunctionConstantsFloat.TANH_LIMIT : a;
    float large = 1 - 2 / (boundedExp(c + c) + 1);
    return Math.copySign(a < 1 ? small : large, x);
  }

  /** |x| < 1: x + x E(x^2); else 1 - exp(ln(1 - erf |x|)) with a polynomial for the logarithm. */
  static float erf(float x) {
    float a = Math.abs(x);
    float small = Math.fma(a, horner(FunctionConstantsFloat.ERF, a * a), a);
    float c = a > FunctionConstantsFloat.ERF_LIMIT ? FunctionConstantsFloat.ERF_LIMIT : a;
    float large = 1 - boundedExp(horner(FunctionConstantsFloat.LOG_ERFC, c));
    return Math.copySign(a < 1 ? small : large, x);
  }

  /** 1 / (1 + e) for x >= 0 and e / (1 + e) below, e = exp(-|x|). */
  static float sigmoid(float x) {
    float e = decay(-Math.abs(x));
    return (x < 0 ? e : 1) / (e + 1);
  }

  /** x / 2 + x / 2 erf(x / sqrt(2)). */
  static float gelu(float x) {
    float half = x * 0.5f;
    float y = Math.fma(half, erf(x * FunctionConstantsFloat.SQRT_HALF), half);
    return x < -FunctionConstantsFloat.GELU_LIMIT ? 0 : y;
  }

  /** x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3). */
  static float geluTanh(float x) {
    float y = x * sigmoid(x * cubicFactor(x * x, FunctionConstantsFloat.GELU_CUBIC));
    return x < -FunctionConstantsFloat.GELU_LIMIT ? 0 : y;
  }

  /** 2 u / x, or the derivative of 2 u if the factor of x^3 is taken three times. */
  private static float cubicFactor(float square, float cubic) {
    return Math.fma(square, cubic, FunctionConstantsFloat.GELU_LINEAR);
  }

  /** x within the limits beyond which GELU is linear. */
  private static float clamp(float x) {
    float y = x > FunctionConstantsFloat.GELU_LIMIT ? FunctionConstantsFloat.GELU_LIMIT : x;
    return x < -FunctionConstantsFloat.GELU_LIMIT ? -FunctionConstantsFloat.GELU_LIMIT : y;
  }

  /** Phi(x) + x phi(x) of the normal distribution. */
  static float geluDerivative(float x) {
    float c = clamp(x);
    float probability = Math.fma(erf(c * FunctionConstantsFloat.SQRT_HALF), 0.5f, 0.5f);
    float density = decay(c * c * -0.5f) * FunctionConstantsFloat.NORMAL_DENSITY;
    return Math.fma(c, density, probability);
  }

  /** s + x s (1 - s) v', s = sigmoid(v), v = 2 u. */
  static float geluTanhDerivative(float x) {
    float c = clamp(x);
    float square = c * c;
    float v = c * cubicFactor(square, FunctionConstantsFloat.GELU_CUBIC);
    float slope = cubicFactor(square, 3 * FunctionConstantsFloat.GELU_CUBIC);
    float e = decay(-Math.abs(v));
    float d = 1 / (e + 1);
    float s = (v < 0 ? e : 1) * d;
    return Math.fma(c * slope * (e * d), d, s);
  }
}
