package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Softmax along the last axis: {@code y_j = exp(x_j - max x) / sum_k exp(x_k - max x)}.
 *
 * <p>Elements may be -infinity, which masks them out; a row with nothing else has no distribution
 * and becomes zeros. NaN or +infinity is an error. Sums have a fixed order, so the bits do not
 * depend on threads or backend. Cost: one exponential per element.
 */
public final class Softmax {
  private Softmax() {}

  /** Softmax in a new tensor. */
  public static Tensor of(Tensor x) {
    return of(x, Tensor.zeros(x.dtype(), x.shape()));
  }

  /**
   * {@code out := softmax(x)}.
   *
   * @param x shape [..., n], n at least 1; not modified unless it is out
   * @param out modified; shape and dtype of x; may be the same view as x, must not overlap it
   *     otherwise
   * @return out
   * @throws IllegalArgumentException if x holds NaN or +infinity; out is then unspecified
   */
  public static Tensor of(Tensor x, Tensor out) {
    return run("Softmax.of", false, x, out);
  }

  /**
   * {@code out := ln softmax(x) = x - max - ln(sum exp(x - max))}, -infinity for masked elements.
   *
   * @param x as for {@link #of(Tensor, Tensor)}
   * @param out modified
   * @return out
   */
  public static Tensor logarithm(Tensor x, Tensor out) {
    return run("Softmax.logarithm", true, x, out);
  }

  private static Tensor run(String method, boolean logarithm, Tensor x, Tensor out) {
    Elementwise.requireAlike(method, x, out);
    if (x.length() == 0) {
      return out;
    }
    if (!RowMatrix.fits(out)) {
      return out.assign(run(method, logarithm, x, Tensor.zeros(x.dtype(), x.shape())));
    }
    RowMatrix from = RowMatrix.of(method, x);
    RowMatrix to = RowMatrix.of(method, out);
    Kernels kernels = KernelProvider.active();
    if (x.dtype() == DType.F32) {
      float[] a = from.tensor().floats();
      float[] b = to.tensor().floats();
      if (logarithm) {
        kernels.logSoftmax(
            from.rows(),
            from.cols(),
            a,
            from.offset(),
            from.rowStride(),
            b,
            to.offset(),
            to.rowStride());
      } else {
        kernels.softmax(
            from.rows(),
            from.cols(),
            a,
            from.offset(),
            from.rowStride(),
            b,
            to.offset(),
            to.rowStride());
      }
    } else {
      double[] a = from.tensor().doubles();
      double[] b = to.tensor().doubles();
      if (logarithm) {
        kernels.logSoftmax(
            from.rows(),
            from.cols(),
            a,
            from.offset(),
            from.rowStride(),
            b,
            to.offset(),
            to.rowStride());
      } else {
        kernels.softmax(
            from.rows(),
            from.cols(),
            a,
            from.offset(),
            from.rowStride(),
            b,
            to.offset(),
            to.rowStride());
      }
    }
    requireNumbers(method, x, to);
    return out;
  }

  /** One NaN or +infinity in a row makes NaN of its first result, or of all of them. */
  private static void requireNumbers(String method, Tensor x, RowMatrix result) {
    for (int i = 0; i < result.rows(); i++) {
      if (Double.isNaN(result.first(i))) {
        throw new IllegalArgumentException(
            method
                + ": row "
                + i
                + " of "
                + x
                + " holds NaN or +infinity, expected finite numbers or -infinity for masked"
                + " elements; remove or replace it first");
      }
    }
  }

  /**
   * Gradient with respect to x: {@code dx := y (dy - sum of y dy)} for every row.
   *
   * @param y the softmax; not modified
   * @param dy gradient with respect to y; not modified unless it is dx
   * @param dx modified; may be the same view as dy, must not overlap the inputs otherwise
   * @return dx
   */
  public static Tensor gradient(Tensor y, Tensor dy, Tensor dx) {
    Elementwise.requireAlike("Softmax.gradient", y, dy);
    Elementwise.requireAlike("Softmax.gradient", y, dx);
    if (y.length() == 0) {
      return dx;
    }
    if (!RowMatrix.fits(dx)) {
      return dx.assign(gradient(y, dy, Tensor.zeros(y.dtype(), y.shape())));
    }
    RowMatrix value = RowMatrix.of("Softmax.gradient", y);
    RowMatrix gradient = RowMatrix.of("Softmax.gradient", dy);
    RowMatrix to = RowMatrix.of("Softmax.gradient", dx);
    Kernels kernels = KernelProvider.active();
    if (y.dtype() == DType.F32) {
      kernels.softmaxGradient(
          value.rows(),
          value.cols(),
          value.tensor().floats(),
          value.offset(),
          value.rowStride(),
          gradient.tensor().floats(),
          gradient.offset(),
          gradient.rowStride(),
          to.tensor().floats(),
          to.offset(),
          to.rowStride());
    } else {
      kernels.softmaxGradient(
          value.rows(),
          value.cols(),
          value.tensor().doubles(),
          value.offset(),
          value.rowStride(),
          gradient.tensor().doubles(),
          gradient.offset(),
          gradient.rowStride(),
          to.tensor().doubles(),
          to.offset(),
          to.rowStride());
    }
    return dx;
  }
}
