package org.quadrille.linalg;

/**
 * A matrix {@code scale * left * right} of rank at most r, applied factor by factor; its parameters
 * are {@code left} and {@code right}.
 *
 * <p>Rank 0 is the zero operator. Cost: 2 r (rows + cols) flops a column.
 */
public final class LowRank implements ParametricOperator {
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private final Tensor left;
  private final Tensor right;
  private final double scale;

  private LowRank(Tensor left, Tensor right, double scale) {
    this.left = left;
    this.right = right;
    this.scale = scale;
  }

  /** As {@link #of(Tensor, Tensor, double)} with scale 1. */
  public static LowRank of(Tensor left, Tensor right) {
    return of(left, right, 1);
  }

  /**
   * The operator {@code x -> scale * left * (right * x)}.
   *
   * @param left shape [rows, r], shared, not copied
   * @param right shape [r, cols], shared, not copied
   * @param scale any finite number, rounded to the dtype; not a parameter
   * @throws IllegalArgumentException if shapes or dtypes do not fit or an element is not finite
   */
  public static LowRank of(Tensor left, Tensor right, double scale) {
    OperatorChecks.checkParameter(LEFT, left, 2);
    OperatorChecks.checkParameter(RIGHT, right, 2);
    OperatorChecks.checkSameDtype(LEFT, left, RIGHT, right);
    OperatorChecks.checkFactor("scale", scale);
    if (left.size(1) != right.size(0)) {
      throw new IllegalArgumentException(
          "left: " + left + " and right: " + right + "; expected shapes [rows, r] and [r, cols]");
    }
    return new LowRank(left, right, scale);
  }

  /** The factor of shape [rows, r], shared. */
  public Tensor left() {
    return left;
  }

  /** The factor of shape [r, cols], shared. */
  public Tensor right() {
    return right;
  }

  /** The number the product of the factors is multiplied with. */
  public double scale() {
    return scale;
  }

  /** The inner size r, an upper bound of the rank. */
  public int rank() {
    return left.size(1);
  }

  @Override
  public int rows() {
    return left.size(0);
  }

  @Override
  public int cols() {
    return right.size(1);
  }

  @Override
  public DType dtype() {
    return left.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    return apply(1, x, 0, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    Tensor inner = MatrixProduct.multiply(right, x);
    return MatrixProduct.multiply(alpha * scale, left, inner, beta, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return applyTransposed(1, y, 0, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    Tensor inner = MatrixProduct.multiply(left.transpose(), y);
    return MatrixProduct.multiply(alpha * scale, right.transpose(), inner, beta, out);
  }

  @Override
  public Tensor toDense() {
    return MatrixProduct.multiply(scale, left, right, 0, Tensor.zeros(dtype(), rows(), cols()));
  }

  @Override
  public long parameterCount() {
    return (long) left.length() + right.length();
  }

  @Override
  public long storageBits() {
    return parameterCount() * dtype().bits();
  }

  @Override
  public long flops(long k) {
    return 2L * rank() * ((long) rows() + cols()) * k;
  }

  @Override
  public Tensors parameters() {
    return Tensors.of(LEFT, left).put(RIGHT, right);
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.checkGradient(this, x, gradY);
    Tensor leftTarget = OperatorChecks.gradient(gradients, LEFT, left);
    Tensor rightTarget = OperatorChecks.gradient(gradients, RIGHT, right);
    Tensor g = OperatorChecks.columns(gradY);
    Tensor columns = OperatorChecks.columns(x);
    // dL/dleft = scale gradY (right x)^T
    Tensor inner = MatrixProduct.multiply(right, columns);
    MatrixProduct.multiply(scale, g, inner.transpose(), 1, leftTarget);
    // dL/dright = scale (left^T gradY) x^T
    Tensor back = MatrixProduct.multiply(left.transpose(), g);
    MatrixProduct.multiply(scale, back, columns.transpose(), 1, rightTarget);
  }

  @Override
  public String toString() {
    return "LowRank(left " + left + ", right " + right + ", scale " + scale + ")";
  }
}
