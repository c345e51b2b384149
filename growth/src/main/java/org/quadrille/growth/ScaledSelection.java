package org.quadrille.growth;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.RowGather;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * {@code y_j = s_j x_g(j)}: copies of old elements with a factor each, which is the parameter
 * {@code scale} of shape [rows]. Factors that sum to 1 over the copies of each element split a
 * column of weights without a change of the function (Chen et al., bert2BERT, 2021).
 */
final class ScaledSelection extends StructuredMap {
  private static final String SCALE = "scale";
  private final int[] source;
  private final Tensor scale;
  private final RowGather gather;

  ScaledSelection(int cols, int[] source, Tensor scale) {
    super(scale.dtype(), source.length, cols);
    Norms.requireFinite(SCALE, scale);
    if (scale.rank() != 1 || scale.size(0) != source.length) {
      throw new IllegalArgumentException(
          "scale: given " + scale + ", expected one factor for each of " + source.length);
    }
    Copies.requireInRange(source, cols);
    this.source = source.clone();
    this.scale = scale.isContiguous() ? scale : scale.copy();
    this.gather = new RowGather(source, cols);
  }

  /** The old element of each element; a copy. */
  int[] source() {
    return source.clone();
  }

  @Override
  void forward(Tensor x, Tensor out) {
    gather.gather(scale, x, out);
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    gather.scatter(scale, y, out);
  }

  @Override
  void gradients(Tensor x, Tensor gradY, Tensors gradients) {
    Tensor target = target(gradients, SCALE, scale);
    for (int j = 0; j < source.length; j++) {
      // ds_j = <dy_j, x_g(j)>
      target.set(target.get(j) + Arithmetic.dot(gradY.row(j), x.row(source[j])), j);
    }
  }

  @Override
  public Tensors parameters() {
    return Tensors.of(SCALE, scale);
  }

  @Override
  public long flops(long k) {
    return rows() * k;
  }
}
