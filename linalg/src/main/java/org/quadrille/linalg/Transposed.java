package org.quadrille.linalg;

/**
 * The transpose of an operator; its parameters are those of the operator, under their own names.
 */
public final class Transposed implements ParametricOperator {
  private final LinearOperator inner;

  private Transposed(LinearOperator inner) {
    this.inner = inner;
  }

  /** {@code inner^T}; the transpose of a transpose is the operator itself. */
  public static LinearOperator of(LinearOperator inner) {
    return inner instanceof Transposed transposed ? transposed.inner : new Transposed(inner);
  }

  /** What is transposed. */
  public LinearOperator inner() {
    return inner;
  }

  @Override
  public int rows() {
    return inner.cols();
  }

  @Override
  public int cols() {
    return inner.rows();
  }

  @Override
  public DType dtype() {
    return inner.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    return inner.applyTransposed(x, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    return inner.apply(y, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    return inner.applyTransposed(alpha, x, beta, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    return inner.apply(alpha, y, beta, out);
  }

  @Override
  public Tensor toDense() {
    return inner.toDense().transpose().copy();
  }

  @Override
  public long parameterCount() {
    return inner.parameterCount();
  }

  @Override
  public long storageBits() {
    return inner.storageBits();
  }

  @Override
  public long flops(long k) {
    return inner.flops(k);
  }

  @Override
  public Tensors parameters() {
    return inner instanceof ParametricOperator parametric
        ? parametric.parameters()
        : Tensors.empty();
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.checkGradient(this, x, gradY);
    // <gradY, A^T x> = <x, A gradY>: the roles of operand and gradient change places.
    if (inner instanceof ParametricOperator parametric) {
      parametric.accumulateGradients(gradY, x, gradients);
    }
  }

  @Override
  public String toString() {
    return "Transposed(" + inner + ")";
  }
}
