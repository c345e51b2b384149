package org.quadrille.growth;

import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * {@code P (x) I}: new heads are mixtures of whole old heads, element h of a head of elements h
 * only, so that rotary pairs stay pairs. The parameter {@code heads} is P of shape [new heads, old
 * heads].
 */
final class HeadBlocks extends StructuredMap {
  private static final String HEADS = "heads";
  private final Tensor heads;
  private final int headSize;

  HeadBlocks(Tensor heads, int headSize) {
    super(heads.dtype(), heads.size(0) * headSize, heads.size(1) * headSize);
    Norms.requireFinite(HEADS, heads);
    this.heads = heads;
    this.headSize = headSize;
  }

  /** Elements of a head. */
  int headSize() {
    return headSize;
  }

  @Override
  void forward(Tensor x, Tensor out) {
    for (int h = 0; h < headSize; h++) {
      MatrixProduct.multiply(1, heads, old(x, h), 0, grown(out, h));
    }
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    for (int h = 0; h < headSize; h++) {
      MatrixProduct.multiply(1, heads.transpose(), grown(y, h), 0, old(out, h));
    }
  }

  @Override
  void gradients(Tensor x, Tensor gradY, Tensors gradients) {
    Tensor target = target(gradients, HEADS, heads);
    for (int h = 0; h < headSize; h++) {
      // dP_ij = trace of block (i, j) of dy x^T
      MatrixProduct.multiply(1, grown(gradY, h), old(x, h).transpose(), 1, target);
    }
  }

  @Override
  public Tensors parameters() {
    return Tensors.of(HEADS, heads);
  }

  @Override
  public long flops(long k) {
    return 2L * heads.length() * headSize * k;
  }

  private Tensor old(Tensor x, int h) {
    return everyRow(x, h, headSize, heads.size(1));
  }

  private Tensor grown(Tensor y, int h) {
    return everyRow(y, h, headSize, heads.size(0));
  }
}
