package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Element loops of {@link Tensor} that walk any strides: copy with conversion, fill, finiteness.
 */
final class TensorCopy {
  private TensorCopy() {}

  /** Copies between equal shapes. The innermost axis is a typed loop; outer axes recurse. */
  static void copy(Tensor source, Tensor target) {
    if (source.length() == 0) {
      return;
    }
    if (source.dtype() == target.dtype() && source.isContiguous() && target.isContiguous()) {
      Object from = source.dtype() == DType.F32 ? source.floats() : source.doubles();
      Object to = target.dtype() == DType.F32 ? target.floats() : target.doubles();
      System.arraycopy(from, source.offset(), to, target.offset(), source.length());
      return;
    }
    if (isTransposition(source, target)) {
      transpose(source, target);
      return;
    }
    if (isColumnwise(source) && isColumnwise(target)) {
      copyAxis(source.transpose(), source.offset(), target.transpose(), target.offset(), 0);
      return;
    }
    copyAxis(source, source.offset(), target, target.offset(), 0);
  }

  /** Whether neighbours in a column are closer in memory than those in a row. */
  private static boolean isColumnwise(Tensor x) {
    return x.rank() == 2 && x.stride(0) < x.stride(1);
  }

  /** Whether columns of the source and rows of the target, or the reverse, are contiguous. */
  private static boolean isTransposition(Tensor source, Tensor target) {
    return source.rank() == 2
        && source.dtype() == target.dtype()
        && ((source.stride(0) == 1 && target.stride(1) == 1)
            || (source.stride(1) == 1 && target.stride(0) == 1));
  }

  private static void transpose(Tensor source, Tensor target) {
    if (source.stride(1) != 1 || target.stride(0) != 1) {
      transpose(source.transpose(), target.transpose());
      return;
    }
    Kernels kernels = KernelProvider.active();
    int rows = source.size(0);
    int cols = source.size(1);
    if (source.dtype() == DType.F32) {
      kernels.transpose(
          rows,
          cols,
          source.floats(),
          source.offset(),
          source.stride(0),
          target.floats(),
          target.offset(),
          target.stride(1));
    } else {
      kernels.transpose(
          rows,
          cols,
          source.doubles(),
          source.offset(),
          source.stride(0),
          target.doubles(),
          target.offset(),
          target.stride(1));
    }
  }

  private static void copyAxis(Tensor source, int sourceAt, Tensor target, int targetAt, int axis) {
    int rank = source.rank();
    if (axis < rank - 1) {
      for (int i = 0; i < source.size(axis); i++) {
        copyAxis(
            source,
            sourceAt + i * source.stride(axis),
            target,
            targetAt + i * target.stride(axis),
            axis + 1);
      }
      return;
    }
    int n = rank == 0 ? 1 : source.size(axis);
    int sourceStride = rank == 0 ? 1 : source.stride(axis);
    int targetStride = rank == 0 ? 1 : target.stride(axis);
    if (source.dtype() == DType.F32 && target.dtype() == DType.F32) {
      run(source.floats(), sourceAt, sourceStride, target.floats(), targetAt, targetStride, n);
    } else if (source.dtype() == DType.F32) {
      run(source.floats(), sourceAt, sourceStride, target.doubles(), targetAt, targetStride, n);
    } else if (target.dtype() == DType.F32) {
      run(source.doubles(), sourceAt, sourceStride, target.floats(), targetAt, targetStride, n);
    } else {
      run(source.doubles(), sourceAt, sourceStride, target.doubles(), targetAt, targetStride, n);
    }
  }

  private static void run(float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int n) {
    if (xStride == 1 && yStride == 1) {
      System.arraycopy(x, xAt, y, yAt, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      y[yAt + i * yStride] = x[xAt + i * xStride];
    }
  }

  private static void run(
      float[] x, int xAt, int xStride, double[] y, int yAt, int yStride, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i * yStride] = x[xAt + i * xStride];
    }
  }

  private static void run(
      double[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i * yStride] = (float) x[xAt + i * xStride];
    }
  }

  private static void run(
      double[] x, int xAt, int xStride, double[] y, int yAt, int yStride, int n) {
    if (xStride == 1 && yStride == 1) {
      System.arraycopy(x, xAt, y, yAt, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      y[yAt + i * yStride] = x[xAt + i * xStride];
    }
  }

  /** Sets every element. */
  static void fill(Tensor target, double value) {
    Lines.each(
        isColumnwise(target) ? target.transpose() : target,
        (n, at, stride) -> {
          if (target.dtype() == DType.F32) {
            fill(target.floats(), at, stride, n, (float) value);
          } else {
            fill(target.doubles(), at, stride, n, value);
          }
        });
  }

  private static void fill(float[] x, int at, int stride, int n, float value) {
    for (int i = 0; i < n; i++) {
      x[at + i * stride] = value;
    }
  }

  private static void fill(double[] x, int at, int stride, int n, double value) {
    for (int i = 0; i < n; i++) {
      x[at + i * stride] = value;
    }
  }

  /** Row-major index of the first NaN or infinity, or -1. */
  static int firstNonFinite(Tensor tensor) {
    if (tensor.dtype() == DType.F32) {
      float[] values = tensor.isContiguous() ? tensor.floats() : tensor.toFloats();
      int offset = tensor.isContiguous() ? tensor.offset() : 0;
      for (int i = 0; i < tensor.length(); i++) {
        if (!Float.isFinite(values[offset + i])) {
          return i;
        }
      }
      return -1;
    }
    double[] values = tensor.isContiguous() ? tensor.doubles() : tensor.toDoubles();
    int offset = tensor.isContiguous() ? tensor.offset() : 0;
    for (int i = 0; i < tensor.length(); i++) {
      if (!Double.isFinite(values[offset + i])) {
        return i;
      }
    }
    return -1;
  }
}
