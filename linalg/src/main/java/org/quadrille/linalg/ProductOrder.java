package org.quadrille.linalg;

import java.util.List;

/**
 * The cheapest way to put brackets into {@code F_0 F_1 ... F_n-1 X}, by dynamic programming over
 * the flop counts (the matrix chain problem, with operators as links).
 *
 * <p>A single factor is applied as an operator, never made dense to stand on the left; a product of
 * several factors is a dense matrix.
 */
final class ProductOrder {
  private final List<LinearOperator> factors;
  private final int n;
  private final long columns;

  /** Flops for links i..j, where link n is the operand. */
  private final double[][] cost;

  /** Where the product of links i..j is split: after this link. */
  private final int[][] split;

  /** Plans for {@code columns} columns of X. */
  ProductOrder(List<LinearOperator> factors, long columns) {
    this.factors = factors;
    this.n = factors.size();
    this.columns = columns;
    this.cost = new double[n + 1][n + 1];
    this.split = new int[n + 1][n + 1];
    for (int length = 1; length <= n; length++) {
      for (int i = 0; i + length <= n; i++) {
        plan(i, i + length);
      }
    }
  }

  private void plan(int i, int j) {
    cost[i][j] = Double.POSITIVE_INFINITY;
    for (int s = i; s < j; s++) {
      double total = cost[i][s] + cost[s + 1][j] + joinCost(i, s, j);
      if (total < cost[i][j]) {
        cost[i][j] = total;
        split[i][j] = s;
      }
    }
  }

  private double joinCost(int i, int s, int j) {
    boolean rightIsOperator = s + 1 == j && j < n;
    if (i == s && rightIsOperator) {
      return Math.min(applyLeft(i, j), applyRight(i, j));
    }
    if (i == s) {
      return factors.get(i).flops(cols(j));
    }
    return rightIsOperator
        ? factors.get(j).flops(rows(i))
        : 2.0 * rows(i) * factors.get(s).cols() * cols(j);
  }

  /** Cost of F_i applied to a dense F_j. */
  private double applyLeft(int i, int j) {
    return factors.get(i).flops(cols(j)) + denseCost(j);
  }

  /** Cost of F_j applied from the right to a dense F_i. */
  private double applyRight(int i, int j) {
    return factors.get(j).flops(rows(i)) + denseCost(i);
  }

  private double denseCost(int i) {
    LinearOperator factor = factors.get(i);
    LinearOperator core = factor instanceof Transposed t ? t.inner() : factor;
    return core instanceof Dense ? 0 : factor.flops(Math.min(factor.rows(), factor.cols()));
  }

  private long rows(int i) {
    return factors.get(i).rows();
  }

  private long cols(int j) {
    return j == n ? columns : factors.get(j).cols();
  }

  /** Flops of the plan. */
  long flops() {
    return (long) cost[0][n];
  }

  /** Writes the product applied to {@code x} to {@code out}, both matrices. */
  void evaluate(Tensor x, Tensor out) {
    join(0, n, x, out);
  }

  private Tensor evaluate(int i, int j, Tensor x) {
    if (i == j) {
      return i == n ? x : factors.get(i).toDense();
    }
    Tensor out = Tensor.zeros(x.dtype(), factors.get(i).rows(), Math.toIntExact(cols(j)));
    join(i, j, x, out);
    return out;
  }

  private void join(int i, int j, Tensor x, Tensor out) {
    int s = split[i][j];
    boolean rightIsOperator = s + 1 == j && j < n;
    if (rightIsOperator && (i < s || applyRight(i, j) < applyLeft(i, j))) {
      // (L F)^T = F^T L^T
      factors.get(j).applyTransposed(evaluate(i, s, x).transpose(), out.transpose());
    } else if (i == s) {
      factors.get(i).apply(evaluate(s + 1, j, x), out);
    } else {
      MatrixProduct.multiply(1, evaluate(i, s, x), evaluate(s + 1, j, x), 0, out);
    }
  }
}
