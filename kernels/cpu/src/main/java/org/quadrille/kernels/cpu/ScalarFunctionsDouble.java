// Generated from ScalarFunctionsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

/**
 * The elementary functions in plain Java: the definition of the bits of {@link ElementFunction} in
 * every implementation. Names and reductions follow the comments; constants and polynomials are in
 * {@link FunctionConstantsDouble}.
 */
final class ScalarFunctionsDouble {

  private ScalarFunctionsDouble() {}

  static double apply(ElementFunction function, double x) {
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
  private static double horner(double[] coefficients, double x) {
    double p = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      p = Math.fma(x, p, coefficients[i]);
    }
    return p;
  }

  /** exp(x) = 2^n exp(r), |r| <= ln(2) / 2; 2^n in two factors, since it may be subnormal. */
  static double exp(double x) {
    double rounded = Math.fma(x, FunctionConstantsDouble.LOG2E, FunctionConstantsDouble.ROUND);
    double n = rounded - FunctionConstantsDouble.ROUND;
    double r = Math.fma(n, -FunctionConstantsDouble.LN2_HIGH, x);
    r = Math.fma(n, -FunctionConstantsDouble.LN2_LOW, r);
    double p = horner(FunctionConstantsDouble.EXP, r);
    double half = Math.fma(n, 0.5, FunctionConstantsDouble.ROUND);
    double rest = n - (half - FunctionConstantsDouble.ROUND) + FunctionConstantsDouble.ROUND;
    double y = p * FunctionConstantsDouble.power(half) * FunctionConstantsDouble.power(rest);
    if (x > FunctionConstantsDouble.EXP_LARGEST) {
      return Double.POSITIVE_INFINITY;
    }
    return x < FunctionConstantsDouble.EXP_SMALLEST ? 0 : y;
  }

  /** exp(x) where neither it nor 2^n overflows or is subnormal. */
  private static double boundedExp(double x) {
    double rounded = Math.fma(x, FunctionConstantsDouble.LOG2E, FunctionConstantsDouble.ROUND);
    double n = rounded - FunctionConstantsDouble.ROUND;
    double r = Math.fma(n, -FunctionConstantsDouble.LN2_HIGH, x);
    r = Math.fma(n, -FunctionConstantsDouble.LN2_LOW, r);
    return horner(FunctionConstantsDouble.EXP, r) * FunctionConstantsDouble.power(rounded);
  }

  /** exp(x) for x <= 0, but 0 instead of subnormal results. */
  static double decay(double x) {
    return x < FunctionConstantsDouble.DECAY_SMALLEST ? 0 : boundedExp(x);
  }

  /** ln(x) = k ln(2) + ln(1 + f), ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f). */
  static double log(double x) {
    boolean subnormal = x < FunctionConstantsDouble.SMALLEST_NORMAL;
    double scaled = subnormal ? x * FunctionConstantsDouble.SUBNORMAL_SCALE : x;
    double shift = subnormal ? FunctionConstantsDouble.SUBNORMAL_SHIFT : 0;
    double k = FunctionConstantsDouble.exponent(scaled) - shift;
    double f = FunctionConstantsDouble.significand(scaled) - 1;
    double s = f / (f + 2);
    double z = s * s;
    double square = f * f * 0.5;
    double tail = Math.fma(z, horner(FunctionConstantsDouble.LOG, z), square);
    double low = Math.fma(s, tail, k * FunctionConstantsDouble.LN2_LOW);
    double y = Math.fma(k, FunctionConstantsDouble.LN2_HIGH, f - (square - low));
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    if (x == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return x > 0 ? y : Double.NaN;
  }

  /** |x| < 1: x + x t T(t), t = x^2; else 1 - 2 / (exp(2 |x|) + 1). */
  static double tanh(double x) {
    double a = Math.abs(x);
    double t = a * a;
    double small = Math.fma(a * t, horner(FunctionConstantsDouble.TANH, t), a);
    double c = a > FunctionConstantsDouble.TANH_LIMIT ? FunctionConstantsDouble.TANH_LIMIT : a;
    double large = 1 - 2 / (boundedExp(c + c) + 1);
    return Math.copySign(a < 1 ? small : large, x);
  }

  /** |x| < 1: x + x E(x^2); else 1 - exp(ln(1 - erf |x|)) with a polynomial for the logarithm. */
  static double erf(double x) {
    double a = Math.abs(x);
    double small = Math.fma(a, horner(FunctionConstantsDouble.ERF, a * a), a);
    double c = a > FunctionConstantsDouble.ERF_LIMIT ? FunctionConstantsDouble.ERF_LIMIT : a;
    double large = 1 - boundedExp(horner(FunctionConstantsDouble.LOG_ERFC, c));
    return Math.copySign(a < 1 ? small : large, x);
  }

  /** 1 / (1 + e) for x >= 0 and e / (1 + e) below, e = exp(-|x|). */
  static double sigmoid(double x) {
    double e = decay(-Math.abs(x));
    return (x < 0 ? e : 1) / (e + 1);
  }

  /** x / 2 + x / 2 erf(x / sqrt(2)). */
  static double gelu(double x) {
    double half = x * 0.5;
    double y = Math.fma(half, erf(x * FunctionConstantsDouble.SQRT_HALF), half);
    return x < -FunctionConstantsDouble.GELU_LIMIT ? 0 : y;
  }

  /** x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3). */
  static double geluTanh(double x) {
    double y = x * sigmoid(x * cubicFactor(x * x, FunctionConstantsDouble.GELU_CUBIC));
    return x < -FunctionConstantsDouble.GELU_LIMIT ? 0 : y;
  }

  /** 2 u / x, or the derivative of 2 u if the factor of x^3 is taken three times. */
  private static double cubicFactor(double square, double cubic) {
    return Math.fma(square, cubic, FunctionConstantsDouble.GELU_LINEAR);
  }

  /** x within the limits beyond which GELU is linear. */
  private static double clamp(double x) {
    double y = x > FunctionConstantsDouble.GELU_LIMIT ? FunctionConstantsDouble.GELU_LIMIT : x;
    return x < -FunctionConstantsDouble.GELU_LIMIT ? -FunctionConstantsDouble.GELU_LIMIT : y;
  }

  /** Phi(x) + x phi(x) of the normal distribution. */
  static double geluDerivative(double x) {
    double c = clamp(x);
    double probability = Math.fma(erf(c * FunctionConstantsDouble.SQRT_HALF), 0.5, 0.5);
    double density = decay(c * c * -0.5) * FunctionConstantsDouble.NORMAL_DENSITY;
    return Math.fma(c, density, probability);
  }

  /** s + x s (1 - s) v', s = sigmoid(v), v = 2 u. */
  static double geluTanhDerivative(double x) {
    double c = clamp(x);
    double square = c * c;
    double v = c * cubicFactor(square, FunctionConstantsDouble.GELU_CUBIC);
    double slope = cubicFactor(square, 3 * FunctionConstantsDouble.GELU_CUBIC);
    double e = decay(-Math.abs(v));
    double d = 1 / (e + 1);
    double s = (v < 0 ? e : 1) * d;
    return Math.fma(c * slope * (e * d), d, s);
  }
}
