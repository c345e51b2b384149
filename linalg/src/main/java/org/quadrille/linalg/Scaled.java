package org.quadrille.linalg;

/**
 * An operator times a fixed number; its parameters are those of the operator, under their names.
 */
public final class Scaled implements ParametricOperator {
  private final double factor;
  private final LinearOperator inner;

  private Scaled(double factor, LinearOperator inner) {
    this.factor = factor;
    this.inner = inner;
  }

  /**
   * {@code factor * inner}.
   *
   * @param factor any finite number, rounded to the dtype; not a parameter
   * @param inner any operator
   */
  public static Scaled of(double factor, LinearOperator inner) {
    OperatorChecks.checkFactor("factor", factor);
    return new Scaled(factor, inner);
  }

  /** The number. */
  public double factor() {
    return factor;
  }

  /** What is scaled. */
  public LinearOperator inner() {
    return inner;
  }

  @Override
  public int rows() {
    return inner.rows();
  }

  @Override
  public int cols() {
    return inner.cols();
  }

  @Override
  public DType dtype() {
    return inner.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    return apply(1, x, 0, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    return inner.apply(alpha * factor, x, beta, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return applyTransposed(1, y, 0, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    return inner.applyTransposed(alpha * factor, y, beta, out);
  }

  @Override
  public Tensor toDense() {
    return Arithmetic.scale(factor, inner.toDense());
  }

  @Override
  public long parameterCount() {
    return inner.parameterCount() + 1;
  }

  @Override
  public long storageBits() {
    return inner.storageBits() + dtype().bits();
  }

  @Override
  public long flops(long k) {
    return inner.flops(k) + rows() * k;
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
    if (inner instanceof ParametricOperator parametric) {
      parametric.accumulateGradients(x, Arithmetic.scaled(factor, gradY), gradients);
    }
  }

  @Override
  public String toString() {
    return "Scaled(" + factor + ", " + inner + ")";
  }
}
