package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/** Product of a symmetric matrix, of which one triangle is read, and a vector; unchecked. */
final class SymmetricProduct {
  private SymmetricProduct() {}

  /**
   * {@code y := alpha A x + beta y}; 2 n^2 flops, but only half of the matrix is read.
   *
   * @param a [n, n], rows contiguous, elements on the diagonal and right of it are read
   * @param x [n], not modified
   * @param y [n], overwritten; must not share elements with a or x
   */
  static void ofUpperTriangle(double alpha, Tensor a, Tensor x, double beta, Tensor y) {
    Kernels kernels = KernelProvider.active();
    int n = a.size(0);
    if (a.dtype() == DType.F32) {
      kernels.symv(
          true,
          n,
          (float) alpha,
          a.floats(),
          a.offset(),
          a.stride(0),
          x.floats(),
          x.offset(),
          x.stride(0),
          (float) beta,
          y.floats(),
          y.offset(),
          y.stride(0));
    } else {
      kernels.symv(
          true,
          n,
          alpha,
          a.doubles(),
          a.offset(),
          a.stride(0),
          x.doubles(),
          x.offset(),
          x.stride(0),
          beta,
          y.doubles(),
          y.offset(),
          y.stride(0));
    }
  }
}
