package org.quadrille.growth;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** An axis that keeps its size: every element is copied bit for bit. */
final class IdentityMap extends StructuredMap {

  IdentityMap(DType dtype, int size) {
    super(dtype, size, size);
  }

  @Override
  void forward(Tensor x, Tensor out) {
    out.assign(x);
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    out.assign(y);
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
