package org.quadrille.linalg;

import java.util.Arrays;
import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Elementary functions of every element of a tensor, for any strides.
 *
 * <p>Same bits for any number of threads and either backend; the errors are stated at {@link
 * ElementFunction}. Special values follow the functions: {@code log} of a negative number is NaN,
 * {@code exp} may overflow to infinity.
 *
 * {@snippet :
 * Tensor y = Elementwise.apply(ElementFunction.GELU, x);
 * Elementwise.apply(ElementFunction.TANH, x, x); // in place
 * }
 */
public final class Elementwise {
  private Elementwise() {}

  /** {@code function(x)} in a new tensor. */
  public static Tensor apply(ElementFunction function, Tensor x) {
    return apply(function, x, Tensor.zeros(x.dtype(), x.shape()));
  }

  /**
   * {@code out := function(x)}.
   *
   * @param x not modified unless it is out
   * @param out modified; shape and dtype of x; may be the same view as x, must not overlap it
   *     otherwise
   * @return out
   */
  public static Tensor apply(ElementFunction function, Tensor x, Tensor out) {
    requireAlike("Elementwise.apply", x, out);
    if (!out.isContiguous()) {
      return out.assign(apply(function, x));
    }
    Tensor from = x.contiguous();
    Kernels kernels = KernelProvider.active();
    if (x.dtype() == DType.F32) {
      float[] source = from.floats();
      float[] target = out.floats();
      Lines.eachInParallel(
          from,
          out,
          (n, xAt, xStride, yAt, yStride) -> kernels.apply(function, n, source, xAt, target, yAt));
    } else {
      double[] source = from.doubles();
      double[] target = out.doubles();
      Lines.eachInParallel(
          from,
          out,
          (n, xAt, xStride, yAt, yStride) -> kernels.apply(function, n, source, xAt, target, yAt));
    }
    return out;
  }

  /**
   * Element-wise product {@code out := a * b}; with a derivative as one factor the backward step of
   * a function: {@code multiply(dy, apply(GELU_DERIVATIVE, x), dx)}.
   *
   * @param out modified; may be the same view as a or b, must not overlap them otherwise
   * @return out
   */
  public static Tensor multiply(Tensor a, Tensor b, Tensor out) {
    requireAlike("Elementwise.multiply", a, b);
    requireAlike("Elementwise.multiply", a, out);
    if (!out.isContiguous()) {
      return out.assign(multiply(a, b, Tensor.zeros(a.dtype(), a.shape())));
    }
    Tensor left = a.contiguous();
    Tensor right = b.contiguous();
    Kernels kernels = KernelProvider.active();
    int shift = right.offset() - left.offset();
    if (a.dtype() == DType.F32) {
      float[] x = left.floats();
      float[] y = right.floats();
      float[] z = out.floats();
      Lines.eachInParallel(
          left,
          out,
          (n, at, stride, outAt, outStride) -> kernels.multiply(n, x, at, y, at + shift, z, outAt));
    } else {
      double[] x = left.doubles();
      double[] y = right.doubles();
      double[] z = out.doubles();
      Lines.eachInParallel(
          left,
          out,
          (n, at, stride, outAt, outStride) -> kernels.multiply(n, x, at, y, at + shift, z, outAt));
    }
    return out;
  }

  static void requireAlike(String method, Tensor x, Tensor other) {
    if (!Arrays.equals(x.shape(), other.shape()) || x.dtype() != other.dtype()) {
      throw new IllegalArgumentException(
          method
              + ": given "
              + x
              + " and "
              + other
              + ", expected equal shapes and dtypes; convert one with to(DType."
              + x.dtype()
              + ") or reshape it");
    }
  }
}
