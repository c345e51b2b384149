package org.quadrille.linalg;

/**
 * An operator whose data lie where they are used: on a device, the numbers that define it were
 * uploaded once, and only operands and results travel.
 *
 * {@snippet :
 * try (PreparedOperator w = Backend.gpu().prepare(operator)) {
 *   w.apply(x, y);
 * }
 * }
 *
 * <p>Applies like the operator it was made from, up to rounding. Safe for concurrent application;
 * on a device, one application runs after the other.
 */
public interface PreparedOperator extends LinearOperator, AutoCloseable {
  /** What was prepared. */
  LinearOperator operator();

  /**
   * Nanoseconds that the kernels of the last application took on the device, without transfers, or
   * -1 where nobody measures it.
   */
  long kernelNanos();

  /** Frees the memory of the device; afterwards the operator cannot be applied. */
  @Override
  void close();

  @Override
  default int rows() {
    return operator().rows();
  }

  @Override
  default int cols() {
    return operator().cols();
  }

  @Override
  default DType dtype() {
    return operator().dtype();
  }

  @Override
  default Tensor toDense() {
    return operator().toDense();
  }

  @Override
  default long parameterCount() {
    return operator().parameterCount();
  }

  @Override
  default long storageBits() {
    return operator().storageBits();
  }

  @Override
  default long flops(long k) {
    return operator().flops(k);
  }
}
