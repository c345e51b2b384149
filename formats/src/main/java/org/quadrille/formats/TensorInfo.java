package org.quadrille.formats;

import java.util.Arrays;

/**
 * What a file says about one tensor: name, element type and shape.
 *
 * <p>A scalar has shape {@code []} and one element; a size of 0 makes an empty tensor. Immutable.
 */
public final class TensorInfo {
  private final String name;
  private final ElementType type;
  private final long[] shape;
  private final long elementCount;

  /**
   * Describes a tensor.
   *
   * @param name name within the file, not empty
   * @param type stored type
   * @param shape sizes, outermost axis first; copied
   * @throws IllegalArgumentException if the name is empty, a size is negative or the byte count
   *     exceeds 2^63 - 1
   */
  public TensorInfo(String name, ElementType type, long... shape) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name: given an empty string, expected a tensor's name");
    }
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.elementCount = elementCount(shape, type);
  }

  /** Name within the file. */
  public String name() {
    return name;
  }

  /** Stored element type. */
  public ElementType type() {
    return type;
  }

  /** A copy of the sizes, outermost axis first. */
  public long[] shape() {
    return shape.clone();
  }

  /** Number of axes; 0 for a scalar. */
  public int rank() {
    return shape.length;
  }

  /** Size along one axis. */
  public long size(int axis) {
    return shape[axis];
  }

  /** Product of the sizes. */
  public long elementCount() {
    return elementCount;
  }

  /** Bytes of the stored data: element count times bytes of the type. */
  public long byteCount() {
    return elementCount * type.bytes();
  }

  /** Whether this is a floating-point matrix with at least two rows and two columns. */
  public boolean isFloatingPointMatrix() {
    return shape.length == 2 && shape[0] > 1 && shape[1] > 1 && type.isFloatingPoint();
  }

  /**
   * Product of the sizes, such that its byte count fits a long too.
   *
   * @throws IllegalArgumentException on a negative size or overflow
   */
  static long elementCount(long[] shape, ElementType type) {
    boolean empty = false;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + ": expected no negative size");
      }
      empty |= size == 0;
    }
    long count = empty ? 0 : 1;
    for (long size : shape) {
      if (count != 0 && size > Long.MAX_VALUE / type.bytes() / count) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + " of " + type + " has more than 2^63 - 1 bytes");
      }
      count *= size;
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + type.hashCode()) + Arrays.hashCode(shape);
  }

  /** Name, type and shape: {@code encoder.layer.0.output.dense.weight F32[384, 1536]}. */
  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
