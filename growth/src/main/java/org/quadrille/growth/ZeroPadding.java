package org.quadrille.growth;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** {@code [I; 0]}: old elements are copied, new ones are zero. */
final class ZeroPadding extends StructuredMap {

  ZeroPadding(DType dtype, int rows, int cols) {
    super(dtype, rows, cols);
  }

  @Override
  void forward(Tensor x, Tensor out) {
    out.slice(0, 0, cols()).assign(x);
    out.slice(0, cols(), rows()).fill(0);
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    out.assign(y.slice(0, 0, cols()));
  }

  @Override
  void gradients(Tensor x, Tensor gradY, Tensors gradients) {
    // No parameters.
  }

  @Override
  public long flops(long k) {
    return 0;
  }
}
