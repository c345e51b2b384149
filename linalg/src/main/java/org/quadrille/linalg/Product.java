package org.quadrille.linalg;

import java.util.List;

/**
 * The product of operators, {@code factors[0] * factors[1] * ...}: the last one meets the operand
 * first. Parameters of factor i carry the prefix {@code "i."}; factors without parameters are
 * fixed.
 *
 * <p>Each application takes the association order with the fewest flops for its number of columns:
 * usually factor by factor from the right, but for many columns it can be cheaper to multiply
 * neighbouring factors first. The last bits of a column may therefore depend on how many come with
 * it.
 */
public final class Product implements ParametricOperator {
  private final List<LinearOperator> factors;

  private Product(List<LinearOperator> factors) {
    this.factors = factors;
  }

  /** {@code factors[0] * factors[1] * ...}; see {@link #of(List)}. */
  public static Product of(LinearOperator... factors) {
    return of(List.of(factors));
  }

  /**
   * {@code factors[0] * factors[1] * ...}.
   *
   * @param factors at least one, of one dtype; the columns of each equal the rows of the next
   */
  public static Product of(List<? extends LinearOperator> factors) {
    List<LinearOperator> checked = Parts.check("product", factors);
    for (int i = 0; i + 1 < checked.size(); i++) {
      LinearOperator left = checked.get(i);
      LinearOperator right = checked.get(i + 1);
      if (left.cols() != right.rows()) {
        throw new IllegalArgumentException(
            "product: factor "
                + i
                + " has shape ["
                + left.rows()
                + ", "
                + left.cols()
                + "], factor "
                + (i + 1)
                + " has shape ["
                + right.rows()
                + ", "
                + right.cols()
                + "]; expected as many columns as the next has rows");
      }
    }
    return new Product(checked);
  }

  /** The factors in order. */
  public List<LinearOperator> factors() {
    return factors;
  }

  @Override
  public int rows() {
    return factors.getFirst().rows();
  }

  @Override
  public int cols() {
    return factors.getLast().cols();
  }

  @Override
  public DType dtype() {
    return factors.getFirst().dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    Tensor columns = OperatorChecks.columns(x);
    new ProductOrder(factors, columns.size(1)).evaluate(columns, OperatorChecks.columns(out));
    return out;
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    Tensor columns = OperatorChecks.columns(y);
    List<LinearOperator> transposed = factors.reversed().stream().map(Transposed::of).toList();
    new ProductOrder(transposed, columns.size(1)).evaluate(columns, OperatorChecks.columns(out));
    return out;
  }

  @Override
  public Tensor toDense() {
    Tensor dense = factors.getLast().toDense();
    for (LinearOperator factor : factors.reversed().subList(1, factors.size())) {
      dense = factor.apply(dense);
    }
    return dense;
  }

  @Override
  public long parameterCount() {
    return factors.stream().mapToLong(LinearOperator::parameterCount).sum();
  }

  @Override
  public long storageBits() {
    return factors.stream().mapToLong(LinearOperator::storageBits).sum();
  }

  @Override
  public long flops(long k) {
    return new ProductOrder(factors, k).flops();
  }

  @Override
  public Tensors parameters() {
    return Parts.parameters(factors);
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.checkGradient(this, x, gradY);
    // What each factor was applied to.
    Tensor[] operands = new Tensor[factors.size()];
    operands[factors.size() - 1] = x;
    for (int i = factors.size() - 1; i > 0; i--) {
      operands[i - 1] = factors.get(i).apply(operands[i]);
    }
    Tensor g = gradY;
    for (int i = 0; i < factors.size(); i++) {
      Parts.accumulate(factors, i, operands[i], g, gradients);
      if (i + 1 < factors.size()) {
        g = factors.get(i).applyTransposed(g);
      }
    }
  }

  @Override
  public String toString() {
    return "Product" + factors;
  }
}
