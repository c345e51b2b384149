package org.quadrille.linalg;

import java.util.concurrent.atomic.DoubleAccumulator;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Norms of tensors of any strides, as doubles.
 *
 * <p>Sums are accumulated in double for both precisions. NaN and infinite elements give NaN or
 * infinity; {@link #requireFinite} turns them into an error that names the place. An empty tensor
 * has norm 0. Cost: one pass.
 */
public final class Norms {
  private Norms() {}

  /**
   * Square root of the sum of squares of all elements (Frobenius norm of a matrix, Euclidean norm
   * of a vector), without overflow or underflow of the squares.
   */
  public static double frobenius(Tensor x) {
    Kernels kernels = KernelProvider.active();
    double[] norm = {0};
    if (x.dtype() == DType.F32) {
      float[] data = x.floats();
      Lines.each(
          x, (n, at, stride) -> norm[0] = hypot(norm[0], kernels.norm2(n, data, at, stride)));
    } else {
      double[] data = x.doubles();
      Lines.each(
          x, (n, at, stride) -> norm[0] = hypot(norm[0], kernels.norm2(n, data, at, stride)));
    }
    return norm[0];
  }

  /** Largest absolute value of an element; NaN if any element is NaN. */
  public static double max(Tensor x) {
    Kernels kernels = KernelProvider.active();
    // A maximum is the same in every order, so pieces may come as they are done.
    DoubleAccumulator max = new DoubleAccumulator(Math::max, 0);
    if (x.dtype() == DType.F32) {
      float[] data = x.floats();
      Lines.eachInParallel(
          x,
          x,
          (n, at, stride, sameAt, sameStride) ->
              max.accumulate(kernels.normInf(n, data, at, stride)));
    } else {
      double[] data = x.doubles();
      Lines.eachInParallel(
          x,
          x,
          (n, at, stride, sameAt, sameStride) ->
              max.accumulate(kernels.normInf(n, data, at, stride)));
    }
    return max.get();
  }

  /** Sum of the absolute values of all elements. */
  public static double sumOfAbsolutes(Tensor x) {
    Kernels kernels = KernelProvider.active();
    double[] sum = {0};
    if (x.dtype() == DType.F32) {
      float[] data = x.floats();
      Lines.each(x, (n, at, stride) -> sum[0] += kernels.norm1(n, data, at, stride));
    } else {
      double[] data = x.doubles();
      Lines.each(x, (n, at, stride) -> sum[0] += kernels.norm1(n, data, at, stride));
    }
    return sum[0];
  }

  /**
   * Norm that the sum of absolute values induces: for a vector that sum, for a matrix the largest
   * such sum of a column.
   */
  public static double norm1(Tensor x) {
    if (x.rank() < 2) {
      return sumOfAbsolutes(x);
    }
    Tensor columns = x.transpose();
    double max = 0;
    for (int j = 0; j < columns.size(0); j++) {
      max = Math.max(max, sumOfAbsolutes(columns.row(j)));
    }
    return max;
  }

  /**
   * Returns {@code x} if all its elements are finite.
   *
   * @param name how the message calls the tensor
   * @throws IllegalArgumentException if an element is NaN or infinite; names the first one
   */
  public static Tensor requireFinite(String name, Tensor x) {
    if (!Double.isFinite(max(x))) {
      int[] index = new int[x.rank()];
      int rest = TensorCopy.firstNonFinite(x);
      for (int axis = x.rank() - 1; axis >= 0; axis--) {
        index[axis] = rest % x.size(axis);
        rest /= x.size(axis);
      }
      throw new IllegalArgumentException(
          name
              + ": "
              + x
              + " has element "
              + x.get(index)
              + " at "
              + java.util.Arrays.toString(index)
              + ", expected finite numbers; remove or replace it first");
    }
    return x;
  }

  /** sqrt(a^2 + b^2) for a, b >= 0 from correctly rounded operations only, hence portable bits. */
  static double hypot(double a, double b) {
    double large = Math.max(a, b);
    double small = Math.min(a, b);
    if (small == 0 || !(large <= Double.MAX_VALUE)) {
      return large + small;
    }
    double ratio = small / large;
    return large * Math.sqrt(1 + ratio * ratio);
  }
}
