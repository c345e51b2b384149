package org.quadrille.growth;

import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.RowGather;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A map of key heads on the axis of query heads: {@code A[(g', i, e'), (g, i, e)] = B[(g', e'), (g,
 * e)]} for the place i in a group. The parameters are those of B.
 */
final class GroupedHeads extends StructuredMap {
  private final LinearOperator keys;
  private final int groupSize;
  private final int headSize;

  GroupedHeads(LinearOperator keys, int groupSize, int headSize) {
    super(keys.dtype(), keys.rows() * groupSize, keys.cols() * groupSize);
    if (groupSize < 1 || headSize < 1 || keys.rows() % headSize + keys.cols() % headSize != 0) {
      throw new IllegalArgumentException(
          "map of key heads "
              + keys
              + " with heads of "
              + headSize
              + " in groups of "
              + groupSize
              + ": expected positive numbers and whole heads");
    }
    this.keys = keys;
    this.groupSize = groupSize;
    this.headSize = headSize;
  }

  /** The map of the key heads. */
  LinearOperator keys() {
    return keys;
  }

  /** Query heads of a key head. */
  int groupSize() {
    return groupSize;
  }

  /** Elements of a head. */
  int headSize() {
    return headSize;
  }

  @Override
  void forward(Tensor x, Tensor out) {
    for (int i = 0; i < groupSize; i++) {
      Tensor mapped = keys.apply(part(x, i, keys.cols()));
      for (int j = 0; j < keys.rows(); j++) {
        out.row(row(i, j)).assign(mapped.row(j));
      }
    }
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    for (int i = 0; i < groupSize; i++) {
      Tensor mapped = keys.applyTransposed(part(y, i, keys.rows()));
      for (int j = 0; j < keys.cols(); j++) {
        out.row(row(i, j)).assign(mapped.row(j));
      }
    }
  }

  @Override
  void gradients(Tensor x, Tensor gradY, Tensors gradients) {
    if (keys instanceof ParametricOperator parametric) {
      for (int i = 0; i < groupSize; i++) {
        parametric.accumulateGradients(
            part(x, i, keys.cols()), part(gradY, i, keys.rows()), gradients);
      }
    }
  }

  @Override
  public Tensors parameters() {
    return keys instanceof ParametricOperator parametric
        ? parametric.parameters()
        : Tensors.empty();
  }

  @Override
  public long flops(long k) {
    return keys.flops(groupSize * k);
  }

  /** Row of query heads for place i of the groups and element j of the key heads. */
  private int row(int i, int j) {
    return (j / headSize * groupSize + i) * headSize + j % headSize;
  }

  private Tensor part(Tensor x, int i, int elements) {
    return places(i, elements).gather(null, x, Tensor.zeros(dtype(), elements, x.size(1)));
  }

  private RowGather places(int i, int elements) {
    int[] source = new int[elements];
    java.util.Arrays.setAll(source, j -> row(i, j));
    return new RowGather(source, elements * groupSize);
  }
}
