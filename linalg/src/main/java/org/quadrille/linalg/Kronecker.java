package org.quadrille.linalg;

/**
 * The Kronecker product {@code left (x) right}, never formed; its parameters are {@code left} and
 * {@code right}.
 *
 * <p>With left of shape [p, q] and right of shape [r, s], the operator has shape [p r, q s] and
 * entry {@code (i r + k, j s + l) = left_ij right_kl}. Vectors are row-major matrices: for x =
 * vec(X), X of shape [q, s],
 *
 * <pre>  y = vec(left X right^T)</pre>
 *
 * (Golub and Van Loan, section 12.3.1). The cheaper of the two orders is taken.
 *
 * {@snippet :
 * Kronecker k = Kronecker.of(a, b);
 * Tensor y = k.apply(x); // two small matrix products
 * }
 *
 * <p>Cost: {@code min(2 p s (q + r), 2 q r (s + p))} flops a column instead of {@code 2 p q r s}.
 */
public final class Kronecker implements ParametricOperator {
  private static final String LEFT = "left";
  private static final String RIGHT = "right";

  /** From here on, neighbouring columns are enough for the register tiles of a product. */
  private static final int FEW_COLUMNS = 8;

  private final Tensor left;
  private final Tensor right;

  private Kronecker(Tensor left, Tensor right) {
    this.left = left;
    this.right = right;
  }

  /**
   * The operator {@code left (x) right}.
   *
   * @param left shape [p, q], shared, not copied
   * @param right shape [r, s], shared, not copied
   * @throws IllegalArgumentException if one is not a matrix, has a NaN or infinite element, the
   *     dtypes differ or the product has more than 2^31 - 1 rows or columns
   */
  public static Kronecker of(Tensor left, Tensor right) {
    OperatorChecks.checkParameter(LEFT, left, 2);
    OperatorChecks.checkParameter(RIGHT, right, 2);
    OperatorChecks.checkSameDtype(LEFT, left, RIGHT, right);
    for (int axis = 0; axis < 2; axis++) {
      if ((long) left.size(axis) * right.size(axis) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Kronecker product of "
                + left
                + " and "
                + right
                + " has more than 2^31 - 1 "
                + (axis == 0 ? "rows" : "columns"));
      }
    }
    return new Kronecker(left, right);
  }

  /** The factor of shape [p, q], shared. */
  public Tensor left() {
    return left;
  }

  /** The factor of shape [r, s], shared. */
  public Tensor right() {
    return right;
  }

  @Override
  public int rows() {
    return left.size(0) * right.size(0);
  }

  @Override
  public int cols() {
    return left.size(1) * right.size(1);
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
    return apply(alpha, left, right, x, beta, out);
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return applyTransposed(1, y, 0, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    return apply(alpha, left.transpose(), right.transpose(), y, beta, out);
  }

  private static Tensor apply(double alpha, Tensor a, Tensor b, Tensor x, double beta, Tensor out) {
    if (x.rank() == 2 && x.size(1) > 1 && x.size(1) < FEW_COLUMNS && x.stride(1) == 1) {
      return applyToFewColumns(alpha, a, b, x, beta, out);
    }
    return multiply(alpha, a, b, x, beta, out);
  }

  /** Products along a handful of neighbours are slow, so each column becomes contiguous first. */
  private static Tensor applyToFewColumns(
      double alpha, Tensor a, Tensor b, Tensor x, double beta, Tensor out) {
    Tensor columns = x.transpose().copy().transpose();
    if (out.stride(1) != 1) {
      return multiply(alpha, a, b, columns, beta, out);
    }
    Tensor result = Tensor.zeros(out.dtype(), out.size(1), out.size(0)).transpose();
    multiply(alpha, a, b, columns, 0, result);
    return beta == 0
        ? out.assign(result)
        : Arithmetic.axpy(1, result, OperatorChecks.scaleUnlessOne(beta, out));
  }

  private static Tensor multiply(
      double alpha, Tensor a, Tensor b, Tensor x, double beta, Tensor out) {
    ModeProduct in = ModeProduct.of(x, a.size(1), b.size(1));
    ModeProduct result = ModeProduct.of(out, a.size(0), b.size(0));
    if (leftFirstFlops(a, b) <= rightFirstFlops(a, b)) {
      in.applyFirst(a, in.like(a.size(0), b.size(1))).applySecond(alpha, b, beta, result);
    } else {
      in.applySecond(b, in.like(a.size(1), b.size(0))).applyFirst(alpha, a, beta, result);
    }
    return out;
  }

  /** Flops a column of left X, [p, q] x [q, s], and then (left X) right^T. */
  private static long leftFirstFlops(Tensor a, Tensor b) {
    return 2L * a.size(0) * b.size(1) * ((long) a.size(1) + b.size(0));
  }

  /** Flops a column of X right^T, [q, s] x [s, r], and then left (X right^T). */
  private static long rightFirstFlops(Tensor a, Tensor b) {
    return 2L * a.size(1) * b.size(0) * ((long) b.size(1) + a.size(0));
  }

  @Override
  public Tensor toDense() {
    Tensor dense = Tensor.zeros(dtype(), rows(), cols());
    int r = right.size(0);
    int s = right.size(1);
    for (int i = 0; i < left.size(0); i++) {
      for (int j = 0; j < left.size(1); j++) {
        Tensor block = dense.slice(0, i * r, (i + 1) * r).slice(1, j * s, (j + 1) * s);
        Arithmetic.axpy(left.get(i, j), right, block);
      }
    }
    return dense;
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
    return Math.min(leftFirstFlops(left, right), rightFirstFlops(left, right)) * k;
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
    ModeProduct in = ModeProduct.of(x, left.size(1), right.size(1));
    ModeProduct g = ModeProduct.of(gradY, left.size(0), right.size(0));
    // Y = A X B^T: dL/dA = sum over columns of G (X B^T)^T, dL/dB = sum of G^T (A X)
    ModeProduct xb = in.applySecond(right, in.like(left.size(1), right.size(0)));
    g.contractSecond(xb, leftTarget);
    ModeProduct ax = in.applyFirst(left, in.like(left.size(0), right.size(1)));
    g.contractFirst(ax, rightTarget);
  }

  @Override
  public String toString() {
    return "Kronecker(left " + left + ", right " + right + ")";
  }
}
