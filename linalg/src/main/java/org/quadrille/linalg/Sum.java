package org.quadrille.linalg;

import java.util.List;

/**
 * The sum of operators of one shape. Parameters of term i carry the prefix {@code "i."}; terms
 * without parameters are fixed.
 *
 * {@snippet :
 * Sum adapted = Sum.of(frozen, LowRank.of(left, right, 2)); // 0: frozen, 1.left, 1.right
 * }
 */
public final class Sum implements ParametricOperator {
  private final List<LinearOperator> terms;

  private Sum(List<LinearOperator> terms) {
    this.terms = terms;
  }

  /** {@code terms[0] + terms[1] + ...}; see {@link #of(List)}. */
  public static Sum of(LinearOperator... terms) {
    return of(List.of(terms));
  }

  /**
   * {@code terms[0] + terms[1] + ...}.
   *
   * @param terms at least one, all of one shape and dtype
   */
  public static Sum of(List<? extends LinearOperator> terms) {
    List<LinearOperator> checked = Parts.check("sum", terms);
    LinearOperator first = checked.getFirst();
    for (LinearOperator term : checked) {
      if (term.rows() != first.rows() || term.cols() != first.cols()) {
        throw new IllegalArgumentException(
            "sum: given shapes ["
                + first.rows()
                + ", "
                + first.cols()
                + "] and ["
                + term.rows()
                + ", "
                + term.cols()
                + "], expected equal ones");
      }
    }
    return new Sum(checked);
  }

  /** The terms in order. */
  public List<LinearOperator> terms() {
    return terms;
  }

  @Override
  public int rows() {
    return terms.getFirst().rows();
  }

  @Override
  public int cols() {
    return terms.getFirst().cols();
  }

  @Override
  public DType dtype() {
    return terms.getFirst().dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    return apply(1, x, 0, out);
  }

  @Override
  public Tensor apply(double alpha, Tensor x, double beta, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    terms.getFirst().apply(alpha, x, beta, out);
    for (LinearOperator term : terms.subList(1, terms.size())) {
      term.apply(alpha, x, 1, out);
    }
    return out;
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    return applyTransposed(1, y, 0, out);
  }

  @Override
  public Tensor applyTransposed(double alpha, Tensor y, double beta, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    terms.getFirst().applyTransposed(alpha, y, beta, out);
    for (LinearOperator term : terms.subList(1, terms.size())) {
      term.applyTransposed(alpha, y, 1, out);
    }
    return out;
  }

  @Override
  public Tensor toDense() {
    Tensor dense = terms.getFirst().toDense();
    for (LinearOperator term : terms.subList(1, terms.size())) {
      Arithmetic.axpy(1, term.toDense(), dense);
    }
    return dense;
  }

  @Override
  public long parameterCount() {
    return terms.stream().mapToLong(LinearOperator::parameterCount).sum();
  }

  @Override
  public long storageBits() {
    return terms.stream().mapToLong(LinearOperator::storageBits).sum();
  }

  @Override
  public long flops(long k) {
    return terms.stream().mapToLong(term -> term.flops(k)).sum() + (terms.size() - 1L) * rows() * k;
  }

  @Override
  public Tensors parameters() {
    return Parts.parameters(terms);
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.checkGradient(this, x, gradY);
    for (int i = 0; i < terms.size(); i++) {
      Parts.accumulate(terms, i, x, gradY, gradients);
    }
  }

  @Override
  public String toString() {
    return "Sum" + terms;
  }
}
