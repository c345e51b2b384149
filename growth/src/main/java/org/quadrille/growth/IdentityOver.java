package org.quadrille.growth;

import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * {@code [I; S]}: old elements are copied, new ones are learned mixtures of them (published code of
 * P. Wang et al., ICLR 2023). The parameter {@code new} is S of shape [rows - cols, cols].
 */
final class IdentityOver extends StructuredMap {
  private static final String NEW = "new";
  private final Tensor added;

  IdentityOver(Tensor added) {
    super(added.dtype(), added.size(0) + added.size(1), added.size(1));
    Norms.requireFinite(NEW, added);
    this.added = added;
  }

  /** The same numbers in an array of their own. */
  IdentityOver independentCopy() {
    return new IdentityOver(added.copy());
  }

  @Override
  void forward(Tensor x, Tensor out) {
    out.slice(0, 0, cols()).assign(x);
    if (rows() > cols()) {
      MatrixProduct.multiply(1, added, x, 0, out.slice(0, cols(), rows()));
    }
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    out.assign(y.slice(0, 0, cols()));
    if (rows() > cols()) {
      MatrixProduct.multiply(1, added.transpose(), y.slice(0, cols(), rows()), 1, out);
    }
  }

  @Override
  void gradients(Tensor x, Tensor gradY, Tensors gradients) {
    Tensor target = target(gradients, NEW, added);
    if (rows() > cols()) {
      // dS = (last rows of dy) x^T
      MatrixProduct.multiply(1, gradY.slice(0, cols(), rows()), x.transpose(), 1, target);
    }
  }

  @Override
  public Tensors parameters() {
    return Tensors.of(NEW, added);
  }

  @Override
  public long flops(long k) {
    return 2L * added.length() * k;
  }
}
