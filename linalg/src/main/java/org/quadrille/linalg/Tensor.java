package org.quadrille.linalg;

import java.util.Arrays;

/**
 * A strided view of a primitive array: a shape, a {@link DType}, one {@code float[]} or {@code
 * double[]}, an offset and strides.
 *
 * <p>Row-major when new. {@link #slice}, {@link #row}, {@link #transpose} and {@link #reshape}
 * share storage with the original; {@link #copy} does not. One class serves both precisions, so
 * algorithms are written once and only kernels are typed. Not thread safe while being written.
 *
 * {@snippet :
 * Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
 * Tensor column = a.transpose().row(1); // 2, 5: a view
 * }
 */
public final class Tensor {
  private final DType dtype;
  private final Object data;
  private final int offset;
  private final int[] shape;
  private final int[] strides;
  private final int length;

  private Tensor(DType dtype, Object data, int offset, int[] shape, int[] strides) {
    this.dtype = dtype;
    this.data = data;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.length = elementCount(shape);
  }

  /**
   * A new tensor of zeros.
   *
   * @throws IllegalArgumentException if a size is negative or the product of sizes exceeds the
   *     largest array (2^31 - 1)
   */
  public static Tensor zeros(DType dtype, int... shape) {
    int n = elementCount(shape);
    return new Tensor(
        dtype,
        dtype == DType.F32 ? new float[n] : new double[n],
        0,
        shape.clone(),
        rowMajor(shape));
  }

  /**
   * Wraps {@code data} (not copied) as a row-major tensor; its length must be the product of {@code
   * shape}.
   */
  public static Tensor of(float[] data, int... shape) {
    checkLength(data.length, shape);
    return new Tensor(DType.F32, data, 0, shape.clone(), rowMajor(shape));
  }

  /**
   * Wraps {@code data} (not copied) as a row-major tensor; its length must be the product of {@code
   * shape}.
   */
  public static Tensor of(double[] data, int... shape) {
    checkLength(data.length, shape);
    return new Tensor(DType.F64, data, 0, shape.clone(), rowMajor(shape));
  }

  /**
   * A view of {@code data} (not copied): element (i, j, ...) is {@code data[offset + i * strides[0]
   * + j * strides[1] + ...]}.
   */
  public static Tensor view(float[] data, int offset, int[] shape, int[] strides) {
    checkView(data.length, offset, shape, strides);
    return new Tensor(DType.F32, data, offset, shape.clone(), strides.clone());
  }

  /**
   * A view of {@code data} (not copied): element (i, j, ...) is {@code data[offset + i * strides[0]
   * + j * strides[1] + ...]}.
   */
  public static Tensor view(double[] data, int offset, int[] shape, int[] strides) {
    checkView(data.length, offset, shape, strides);
    return new Tensor(DType.F64, data, offset, shape.clone(), strides.clone());
  }

  /** Precision of the elements. */
  public DType dtype() {
    return dtype;
  }

  /** Number of axes. */
  public int rank() {
    return shape.length;
  }

  /** A copy of the sizes. */
  public int[] shape() {
    return shape.clone();
  }

  /** Size along one axis. */
  public int size(int axis) {
    return shape[axis];
  }

  /** Distance in the array between neighbours along one axis. */
  public int stride(int axis) {
    return strides[axis];
  }

  /** Index in the array of the first element. */
  public int offset() {
    return offset;
  }

  /** Number of elements. */
  public int length() {
    return length;
  }

  /**
   * The backing array itself.
   *
   * @throws IllegalStateException if the dtype is not F32
   */
  public float[] floats() {
    if (data instanceof float[] floats) {
      return floats;
    }
    throw new IllegalStateException(
        this + " holds doubles; call doubles(), or to(DType.F32) for a converted copy");
  }

  /**
   * The backing array itself.
   *
   * @throws IllegalStateException if the dtype is not F64
   */
  public double[] doubles() {
    if (data instanceof double[] doubles) {
      return doubles;
    }
    throw new IllegalStateException(
        this + " holds floats; call floats(), or to(DType.F64) for a converted copy");
  }

  /** One element, widened to double. For inspection; loops use the array. */
  public double get(int... index) {
    int i = position(index);
    return data instanceof float[] floats ? floats[i] : ((double[]) data)[i];
  }

  /** Sets one element, rounded to the dtype. */
  public void set(double value, int... index) {
    int i = position(index);
    if (data instanceof float[] floats) {
      floats[i] = (float) value;
    } else {
      ((double[]) data)[i] = value;
    }
  }

  /** Whether the elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    int expected = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != expected) {
        return length == 0;
      }
      expected *= shape[axis];
    }
    return true;
  }

  /** The part {@code from <= index < to} along one axis, as a view. */
  public Tensor slice(int axis, int from, int to) {
    if (axis < 0 || axis >= shape.length || from < 0 || to < from || to > shape[axis]) {
      throw new IllegalArgumentException(
          "slice(axis " + axis + ", from " + from + ", to " + to + ") does not fit " + this);
    }
    int[] newShape = shape.clone();
    newShape[axis] = to - from;
    return new Tensor(
        dtype, data, from == to ? offset : offset + from * strides[axis], newShape, strides);
  }

  /** Entry {@code index} along the first axis, as a view with one axis less. */
  public Tensor row(int index) {
    if (shape.length == 0 || index < 0 || index >= shape[0]) {
      throw new IllegalArgumentException("row " + index + " does not exist in " + this);
    }
    return new Tensor(
        dtype,
        data,
        offset + index * strides[0],
        Arrays.copyOfRange(shape, 1, shape.length),
        Arrays.copyOfRange(strides, 1, strides.length));
  }

  /** The matrix transpose, as a view. A vector is returned unchanged. */
  public Tensor transpose() {
    if (shape.length == 1) {
      return this;
    }
    if (shape.length != 2) {
      throw new IllegalArgumentException(
          "transpose: given " + this + ", expected a matrix or a vector");
    }
    return new Tensor(
        dtype, data, offset, new int[] {shape[1], shape[0]}, new int[] {strides[1], strides[0]});
  }

  /**
   * The same elements in row-major order under another shape, as a view.
   *
   * @throws IllegalArgumentException if the element counts differ or this tensor is not contiguous;
   *     call {@link #contiguous()} first
   */
  public Tensor reshape(int... newShape) {
    if (elementCount(newShape) != length) {
      throw new IllegalArgumentException(
          "reshape: "
              + this
              + " has "
              + length
              + " elements, shape "
              + Arrays.toString(newShape)
              + " has "
              + elementCount(newShape));
    }
    if (!isContiguous()) {
      throw new IllegalArgumentException(
          "reshape: " + this + " is a strided view; call contiguous() first");
    }
    return new Tensor(dtype, data, offset, newShape.clone(), rowMajor(newShape));
  }

  /** This tensor if it is contiguous, else a contiguous copy. */
  public Tensor contiguous() {
    return isContiguous() ? this : copy();
  }

  /** A new row-major tensor with the same elements. */
  public Tensor copy() {
    return to(dtype, true);
  }

  /**
   * This tensor if it has that dtype, else a converted row-major copy (doubles are rounded to
   * nearest).
   */
  public Tensor to(DType newDtype) {
    return to(newDtype, false);
  }

  private Tensor to(DType newDtype, boolean alwaysCopy) {
    if (newDtype == dtype && !alwaysCopy) {
      return this;
    }
    return zeros(newDtype, shape).assign(this);
  }

  /**
   * Overwrites every element with that of {@code source}, converting the dtype if needed.
   *
   * @param source a tensor of the same shape, not modified; must not overlap this one unless it is
   *     the same view
   * @return this
   */
  public Tensor assign(Tensor source) {
    if (!Arrays.equals(shape, source.shape)) {
      throw new IllegalArgumentException(
          "assign: " + source + " cannot be copied into " + this + "; the shapes differ");
    }
    TensorCopy.copy(source, this);
    return this;
  }

  /** Sets every element. */
  public Tensor fill(double value) {
    TensorCopy.fill(this, value);
    return this;
  }

  /** All elements in row-major order as new doubles. */
  public double[] toDoubles() {
    return zeros(DType.F64, shape).assign(this).doubles();
  }

  /** All elements in row-major order as new floats, rounded if they were doubles. */
  public float[] toFloats() {
    return zeros(DType.F32, shape).assign(this).floats();
  }

  /** Whether no element is NaN or infinite. */
  public boolean isFinite() {
    return TensorCopy.firstNonFinite(this) < 0;
  }

  /** Dtype, shape and, for views, strides: {@code F32[384, 1536]}. Not the contents. */
  @Override
  public String toString() {
    return dtype
        + Arrays.toString(shape)
        + (isContiguous() ? "" : " strides " + Arrays.toString(strides));
  }

  private int position(int[] index) {
    if (index.length != shape.length) {
      throw new IllegalArgumentException(
          "index "
              + Arrays.toString(index)
              + " has "
              + index.length
              + " numbers, "
              + this
              + " has "
              + shape.length
              + " axes");
    }
    int position = offset;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape[axis]) {
        throw new IndexOutOfBoundsException(
            "index " + Arrays.toString(index) + " is outside " + this);
      }
      position += index[axis] * strides[axis];
    }
    return position;
  }

  static int elementCount(int[] shape) {
    long n = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + " has a negative size");
      }
      n = n == 0 || size == 0 ? 0 : Math.multiplyExact(n, size);
      if (n > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + " has more than 2^31 - 1 elements; split it");
      }
    }
    return (int) n;
  }

  private static int[] rowMajor(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, shape[axis]);
    }
    return strides;
  }

  private static void checkLength(int given, int[] shape) {
    if (elementCount(shape) != given) {
      throw new IllegalArgumentException(
          "array of "
              + given
              + " elements, shape "
              + Arrays.toString(shape)
              + " needs "
              + elementCount(shape));
    }
  }

  private static void checkView(int arrayLength, int offset, int[] shape, int[] strides) {
    if (shape.length != strides.length) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " and strides "
              + Arrays.toString(strides)
              + " differ in length");
    }
    if (elementCount(shape) == 0) {
      return;
    }
    long last = offset;
    for (int axis = 0; axis < shape.length; axis++) {
      if (strides[axis] < 0) {
        throw new IllegalArgumentException(
            "strides " + Arrays.toString(strides) + ": expected none to be negative");
      }
      last += (shape[axis] - 1L) * strides[axis];
    }
    if (offset < 0 || last >= arrayLength) {
      throw new IllegalArgumentException(
          "view with offset "
              + offset
              + ", shape "
              + Arrays.toString(shape)
              + ", strides "
              + Arrays.toString(strides)
              + " reaches index "
              + last
              + " of an array of "
              + arrayLength);
    }
  }
}
