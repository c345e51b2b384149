package org.quadrille.linalg;

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
    copyAxis(source, source.offset(), target, target.offset(), 0);
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
    for (int i = 0; i < n; i++) {
      y[yAt + i * yStride] = x[xAt + i * xStride];
    }
  }

  static void fill(Tensor target, double value) {
    fillAxis(target, target.offset(), 0, value);
  }

  private static void fillAxis(Tensor target, int at, int axis, double value) {
    if (axis < target.rank()) {
      for (int i = 0; i < target.size(axis); i++) {
        fillAxis(target, at + i * target.stride(axis), axis + 1, value);
      }
    } else if (target.dtype() == DType.F32) {
      target.floats()[at] = (float) value;
    } else {
      target.doubles()[at] = value;
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
