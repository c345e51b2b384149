package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * One Householder reflection {@code H = I - tau v v^T} with {@code v_0 = 1} that maps a vector x to
 * {@code beta e_0} (Golub and Van Loan, section 5.1; LAPACK's {@code larfg}).
 *
 * <p>{@code beta} has the sign opposite to {@code x_0}, so nothing cancels, and {@code 1 <= tau <=
 * 2}, or 0 where x is such a multiple already. Vectors of very large, very small or subnormal
 * elements are scaled by a power of two first, so v and tau always have full precision.
 */
final class Reflector {
  private Reflector() {}

  /**
   * Overwrites {@code x} by {@code beta, v_1, v_2, ...}.
   *
   * @param x a vector of any stride with at least one element; its Euclidean norm must be finite in
   *     its dtype
   * @return tau
   */
  static double generate(Tensor x) {
    return x.dtype() == DType.F32
        ? generate(x.size(0), x.floats(), x.offset(), x.stride(0))
        : generate(x.size(0), x.doubles(), x.offset(), x.stride(0));
  }

  /** As {@link #generate(Tensor)}, for n elements from {@code at} in steps of {@code stride}. */
  static double generate(int n, float[] x, int at, int stride) {
    Kernels kernels = KernelProvider.active();
    double tail = kernels.norm2(n - 1, x, at + stride, stride);
    if (tail == 0) {
      return 0;
    }
    double alpha = x[at];
    double norm = Norms.hypot(Math.abs(alpha), tail);
    if (needsScaling(norm, Float.MAX_VALUE, 100)) {
      Tensor vector = Tensor.view(x, at, new int[] {n}, new int[] {stride});
      return generateScaled(vector, Math.getExponent(norm));
    }
    double beta = -Math.copySign(norm, alpha);
    kernels.scale(n - 1, (float) (1 / (alpha - beta)), x, at + stride, stride);
    x[at] = (float) beta;
    return (beta - alpha) / beta;
  }

  /** As {@link #generate(Tensor)}, for n elements from {@code at} in steps of {@code stride}. */
  static double generate(int n, double[] x, int at, int stride) {
    Kernels kernels = KernelProvider.active();
    double tail = kernels.norm2(n - 1, x, at + stride, stride);
    if (tail == 0) {
      return 0;
    }
    double alpha = x[at];
    double norm = Norms.hypot(Math.abs(alpha), tail);
    if (needsScaling(norm, Double.MAX_VALUE, 960)) {
      Tensor vector = Tensor.view(x, at, new int[] {n}, new int[] {stride});
      return generateScaled(vector, norm < Double.MIN_NORMAL ? -1060 : Math.getExponent(norm));
    }
    double beta = -Math.copySign(norm, alpha);
    kernels.scale(n - 1, 1 / (alpha - beta), x, at + stride, stride);
    x[at] = beta;
    return (beta - alpha) / beta;
  }

  /** Whether 1 / norm would be subnormal or infinite, or nearly so. */
  private static boolean needsScaling(double norm, double largest, int exponent) {
    if (!(norm <= largest)) {
      throw new IllegalArgumentException(
          "reflector: given a vector of norm "
              + norm
              + ", expected at most "
              + largest
              + "; divide the matrix by a power of two first");
    }
    return Math.abs(Math.getExponent(norm)) > exponent;
  }

  /** The same reflection from a vector of norm about 1. */
  private static double generateScaled(Tensor x, int exponent) {
    int half = exponent / 2;
    Arithmetic.scale(Math.scalb(1.0, -half), x);
    Arithmetic.scale(Math.scalb(1.0, half - exponent), x);
    double tau = generate(x);
    x.set(Math.scalb(x.get(0), exponent), 0);
    return tau;
  }
}
