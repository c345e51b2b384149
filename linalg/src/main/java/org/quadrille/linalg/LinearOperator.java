package org.quadrille.linalg;

/**
 * A matrix is whatever you can apply: rows x cols numbers known through their products, not
 * necessarily through their entries.
 *
 * <p>Operands are tensors of the operator's {@link #dtype()}: a vector {@code [cols]}, or a matrix
 * {@code [cols, k]} whose k columns are mapped at once. Batches that keep one sample per row pass a
 * transposed view, which costs nothing: {@code w.apply(x.transpose()).transpose()}. Implementations
 * are immutable in shape and safe for concurrent application.
 */
public interface LinearOperator {

  /** Length of a result of {@link #apply}. */
  int rows();

  /** Length of an argument of {@link #apply}. */
  int cols();

  /** Precision of operands and results. */
  DType dtype();

  /**
   * {@code out := A x}.
   *
   * @param x shape [cols] or [cols, k], not modified
   * @param out shape [rows] or [rows, k], overwritten; must not share elements with x
   * @return {@code out}
   * @throws IllegalArgumentException if a shape or dtype does not fit
   */
  Tensor apply(Tensor x, Tensor out);

  /**
   * {@code out := A^T y}.
   *
   * @param y shape [rows] or [rows, k], not modified
   * @param out shape [cols] or [cols, k], overwritten; must not share elements with y
   * @return {@code out}
   * @throws IllegalArgumentException if a shape or dtype does not fit
   */
  Tensor applyTransposed(Tensor y, Tensor out);

  /**
   * {@code out := alpha A x + beta out}, for sums of products without temporaries where the
   * operator can do it.
   *
   * @param alpha rounded to the dtype
   * @param x shape [cols] or [cols, k], not modified
   * @param beta rounded to the dtype; where it is 0, the old contents of out do not matter
   * @param out shape [rows] or [rows, k]; must not share elements with x
   * @return {@code out}
   * @throws IllegalArgumentException if a shape or dtype does not fit
   */
  default Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    if (beta == 0) {
      return OperatorChecks.scaleUnlessOne(alpha, apply(x, out));
    }
    return Arithmetic.axpy(alpha, apply(x), OperatorChecks.scaleUnlessOne(beta, out));
  }

  /**
   * {@code out := alpha A^T y + beta out}; see {@link #apply(double, Tensor, double, Tensor)}.
   *
   * @param alpha rounded to the dtype
   * @param y shape [rows] or [rows, k], not modified
   * @param beta rounded to the dtype; where it is 0, the old contents of out do not matter
   * @param out shape [cols] or [cols, k]; must not share elements with y
   * @return {@code out}
   * @throws IllegalArgumentException if a shape or dtype does not fit
   */
  default Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    if (beta == 0) {
      return OperatorChecks.scaleUnlessOne(alpha, applyTransposed(y, out));
    }
    return Arithmetic.axpy(alpha, applyTransposed(y), OperatorChecks.scaleUnlessOne(beta, out));
  }

  /** {@code A x} in a new tensor; see {@link #apply(Tensor, Tensor)}. */
  default Tensor apply(Tensor x) {
    return apply(x, OperatorChecks.newResult(this, x, rows(), cols(), "apply"));
  }

  /** {@code A^T y} in a new tensor; see {@link #applyTransposed(Tensor, Tensor)}. */
  default Tensor applyTransposed(Tensor y) {
    return applyTransposed(y, OperatorChecks.newResult(this, y, cols(), rows(), "applyTransposed"));
  }

  /**
   * All entries, shape [rows, cols], in a new tensor. For inspection and tests; may be much larger
   * than the operator.
   */
  Tensor toDense();

  /** Numbers that define the operator (not rows * cols, unless it is dense). */
  long parameterCount();

  /** Bits these numbers take as they are stored. */
  long storageBits();

  /** Floating-point operations of applying the operator to k columns. */
  long flops(long k);
}
