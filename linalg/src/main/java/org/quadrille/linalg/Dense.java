package org.quadrille.linalg;

/**
 * A matrix given by all its entries, which are its parameter {@code weight}.
 *
 * <p>Cost: 2 rows cols flops a column.
 */
public final class Dense implements ParametricOperator {
  private static final String WEIGHT = "weight";
  private final Tensor weight;

  private Dense(Tensor weight) {
    this.weight = weight;
  }

  /**
   * The operator {@code x -> weight x}.
   *
   * @param weight shape [rows, cols], any strides; shared, not copied
   * @throws IllegalArgumentException if it is not a matrix or has a NaN or infinite element
   */
  public static Dense of(Tensor weight) {
    OperatorChecks.checkParameter(WEIGHT, weight, 2);
    return new Dense(weight);
  }

  /** As {@link #of} for a matrix whose finiteness is checked elsewhere. */
  static Dense unchecked(Tensor weight) {
    return new Dense(weight);
  }

  /** The entries, shared. */
  public Tensor weight() {
    return weight;
  }

  @Override
  public int rows() {
    return weight.size(0);
  }

  @Override
  public int cols() {
    return weight.size(1);
  }

  @Override
  public DType dtype() {
    return weight.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    return apply(1, x, 0, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    return MatrixProduct.multiply(alpha, weight, x, beta, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return applyTransposed(1, y, 0, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    return MatrixProduct.multiply(alpha, weight.transpose(), y, beta, out);
  }

  @Override
  public Tensor toDense() {
    return weight.copy();
  }

  @Override
  public long parameterCount() {
    return weight.length();
  }

  @Override
  public long storageBits() {
    return (long) weight.length() * dtype().bits();
  }

  @Override
  public long flops(long k) {
    return 2L * rows() * cols() * k;
  }

  @Override
  public Tensors parameters() {
    return Tensors.of(WEIGHT, weight);
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.checkGradient(this, x, gradY);
    Tensor target = OperatorChecks.gradient(gradients, WEIGHT, weight);
    // dL/dW = dL/dy x^T
    MatrixProduct.multiply(
        1, OperatorChecks.columns(gradY), OperatorChecks.columns(x).transpose(), 1, target);
  }

  @Override
  public String toString() {
    return "Dense(" + weight + ")";
  }
}
