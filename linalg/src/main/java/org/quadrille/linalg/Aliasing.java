package org.quadrille.linalg;

/** Whether two views can touch the same array element. */
final class Aliasing {
  private Aliasing() {}

  /**
   * Exact for views without gaps and for matrix views with a common row stride; elsewhere only a
   * shared first element counts, because interleaved views are legitimate.
   */
  @SuppressWarnings("ReferenceEquality") // the same array, not equal ones
  static boolean shareElements(Tensor a, Tensor b) {
    if (a.length() == 0 || b.length() == 0 || a.dtype() != b.dtype()) {
      return false;
    }
    boolean sameArray =
        a.dtype() == DType.F32 ? a.floats() == b.floats() : a.doubles() == b.doubles();
    if (!sameArray || last(a) < b.offset() || last(b) < a.offset()) {
      return false;
    }
    if (a.isContiguous() && b.isContiguous()) {
      return true;
    }
    int stride = leadingStride(a);
    if (stride > 1 && stride == leadingStride(b)) {
      int aFrom = a.offset() % stride;
      int bFrom = b.offset() % stride;
      int aTo = aFrom + innerExtent(a, stride);
      int bTo = bFrom + innerExtent(b, stride);
      if (aTo <= stride && bTo <= stride) {
        return aFrom < bTo && bFrom < aTo;
      }
    }
    return a.offset() == b.offset();
  }

  private static int last(Tensor t) {
    int last = t.offset();
    for (int axis = 0; axis < t.rank(); axis++) {
      last += (t.size(axis) - 1) * t.stride(axis);
    }
    return last;
  }

  private static int leadingStride(Tensor t) {
    int stride = 1;
    for (int axis = 0; axis < t.rank(); axis++) {
      stride = Math.max(stride, t.stride(axis));
    }
    return stride;
  }

  /** Length of the interval that the axes with smaller strides span. */
  private static int innerExtent(Tensor t, int leadingStride) {
    int extent = 1;
    for (int axis = 0; axis < t.rank(); axis++) {
      if (t.stride(axis) < leadingStride) {
        extent += (t.size(axis) - 1) * t.stride(axis);
      }
    }
    return extent;
  }
}
