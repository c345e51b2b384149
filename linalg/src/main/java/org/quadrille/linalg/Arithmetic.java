package org.quadrille.linalg;

import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Element-wise arithmetic of tensors of equal shape and dtype, for any strides.
 *
 * <p>Large contiguous operands are split over the current worker pool; every element is computed on
 * its own, so the bits do not depend on the number of threads. NaN and infinity follow IEEE 754.
 */
public final class Arithmetic {
  private Arithmetic() {}

  /** {@code a + b} in a new tensor. Neither is modified. */
  public static Tensor add(Tensor a, Tensor b) {
    return axpy(1, b, copyFor("add", a, b));
  }

  /** {@code a - b} in a new tensor. Neither is modified. */
  public static Tensor subtract(Tensor a, Tensor b) {
    return axpy(-1, b, copyFor("subtract", a, b));
  }

  /** {@code alpha * a} in a new tensor. */
  public static Tensor scaled(double alpha, Tensor a) {
    return scale(alpha, a.copy());
  }

  /**
   * {@code y := alpha * x + y}, one fused multiply-add for each element.
   *
   * @param alpha rounded to the dtype
   * @param x not modified
   * @param y modified; may be the same view as x, must not overlap it otherwise
   * @return y
   */
  public static Tensor axpy(double alpha, Tensor x, Tensor y) {
    check("axpy", x, y);
    Kernels kernels = KernelProvider.active();
    if (x.dtype() == DType.F32) {
      float[] from = x.floats();
      float[] to = y.floats();
      Lines.eachInParallel(
          x,
          y,
          (n, xAt, xStride, yAt, yStride) ->
              kernels.axpy(n, (float) alpha, from, xAt, xStride, to, yAt, yStride));
    } else {
      double[] from = x.doubles();
      double[] to = y.doubles();
      Lines.eachInParallel(
          x,
          y,
          (n, xAt, xStride, yAt, yStride) ->
              kernels.axpy(n, alpha, from, xAt, xStride, to, yAt, yStride));
    }
    return y;
  }

  /**
   * {@code x := alpha * x}.
   *
   * @param alpha rounded to the dtype
   * @param x modified
   * @return x
   */
  public static Tensor scale(double alpha, Tensor x) {
    Kernels kernels = KernelProvider.active();
    if (x.dtype() == DType.F32) {
      float[] data = x.floats();
      Lines.eachInParallel(
          x,
          x,
          (n, at, stride, sameAt, sameStride) -> kernels.scale(n, (float) alpha, data, at, stride));
    } else {
      double[] data = x.doubles();
      Lines.eachInParallel(
          x, x, (n, at, stride, sameAt, sameStride) -> kernels.scale(n, alpha, data, at, stride));
    }
    return x;
  }

  /** Sum of the products of corresponding elements. Lines are summed one after the other. */
  public static double dot(Tensor x, Tensor y) {
    check("dot", x, y);
    Kernels kernels = KernelProvider.active();
    double[] sum = {0};
    if (x.dtype() == DType.F32) {
      float[] a = x.floats();
      float[] b = y.floats();
      Lines.each(
          x,
          y,
          (n, xAt, xStride, yAt, yStride) ->
              sum[0] += kernels.dot(n, a, xAt, xStride, b, yAt, yStride));
    } else {
      double[] a = x.doubles();
      double[] b = y.doubles();
      Lines.each(
          x,
          y,
          (n, xAt, xStride, yAt, yStride) ->
              sum[0] += kernels.dot(n, a, xAt, xStride, b, yAt, yStride));
    }
    return sum[0];
  }

  private static Tensor copyFor(String method, Tensor a, Tensor b) {
    check(method, a, b);
    return a.copy();
  }

  private static void check(String method, Tensor x, Tensor y) {
    if (!Arrays.equals(x.shape(), y.shape())) {
      throw new IllegalArgumentException(
          method + ": given " + x + " and " + y + ", expected equal shapes");
    }
    if (x.dtype() != y.dtype()) {
      throw new IllegalArgumentException(
          method
              + ": given "
              + x
              + " and "
              + y
              + ", expected one dtype; convert one with to(DType."
              + x.dtype()
              + ")");
    }
  }
}
