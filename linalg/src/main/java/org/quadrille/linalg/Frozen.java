package org.quadrille.linalg;

/**
 * An operator whose parameters are not learned: the same map, without parameters of its own.
 *
 * {@snippet :
 * Sum adapted = Sum.of(Frozen.of(Dense.of(weight)), LowRank.of(left, right, 2)); // LoRA
 * }
 */
public final class Frozen implements LinearOperator {
  private final LinearOperator operator;

  private Frozen(LinearOperator operator) {
    this.operator = operator;
  }

  /** The same map without parameters; the operator is shared. */
  public static Frozen of(LinearOperator operator) {
    if (operator == null) {
      throw new IllegalArgumentException("Frozen: given null, expected an operator");
    }
    return new Frozen(operator);
  }

  /** The operator inside. */
  public LinearOperator operator() {
    return operator;
  }

  @Override
  public int rows() {
    return operator.rows();
  }

  @Override
  public int cols() {
    return operator.cols();
  }

  @Override
  public DType dtype() {
    return operator.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    return operator.apply(x, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    return operator.apply(alpha, x, beta, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return operator.applyTransposed(y, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    return operator.applyTransposed(alpha, y, beta, out);
  }

  @Override
  public Tensor toDense() {
    return operator.toDense();
  }

  @Override
  public long parameterCount() {
    return operator.parameterCount();
  }

  @Override
  public long storageBits() {
    return operator.storageBits();
  }

  @Override
  public long flops(long k) {
    return operator.flops(k);
  }

  @Override
  public String toString() {
    return "Frozen(" + operator + ")";
  }
}
