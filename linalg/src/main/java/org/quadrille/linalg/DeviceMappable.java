package org.quadrille.linalg;

import org.quadrille.kernels.cpu.device.DeviceMatrix;

/**
 * An operator that can say how a device computes it. The operators of this package need not
 * implement it; those of other modules do, so that {@link Backend#prepare} understands them inside
 * sums and products as well.
 */
public interface DeviceMappable extends LinearOperator {
  /**
   * Appends steps that compute {@code out := alpha A x + beta out}, or the same with {@code A^T}.
   *
   * @param program to append to
   * @param transposed whether the transpose is applied
   * @param alpha any finite number
   * @param x shape [cols, k], or [rows, k] if transposed; not to be written
   * @param beta where it is 0, the old contents of out do not matter
   * @param out shape [rows, k], or [cols, k] if transposed
   * @throws UnsupportedOperationException if no device can compute this operator, saying why
   */
  void emit(
      OperatorProgram program,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out);
}
