package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Alternating weighted least squares for {@code min sum of F_ij (A - L1 L2)_ij^2}: with L2 fixed,
 * each row of L1 solves a system of r equations of its own, and the other way round (Srebro and
 * Jaakkola, "Weighted low-rank approximations", 2003, compare it with other methods; the problem is
 * NP-hard, so it stops at a point no single factor can improve).
 *
 * <p>A row solves for its correction, {@code (G + lambda I) delta = g} with {@code G = L2 diag(F_i)
 * L2^T} and {@code g = L2 (F_i o (A_i - L1_i L2))}. Any lambda above 0 lowers the objective, so a
 * tiny one makes singular systems safe at no risk.
 *
 * <p>All matrices G of a panel of rows are one product of F with the pairwise products of rows of
 * L2. <b>Cost</b>: {@code rows cols r^2} flops in double per factor. <b>Memory</b>: some tens of
 * megabytes for ranks to 128, whatever the size of A. <b>Bits</b>: the same for any number of
 * threads and any backend. <b>Thread safety</b>: stateless.
 */
final class WeightedLeastSquares {
  /** Rows whose systems are set up at a time, and depth of one product. */
  private static final int PANEL = 512;

  private static final int ROWS_PER_TASK = 16;

  /** Relative to the largest diagonal element of G; far above its rounding error of r 1e-16. */
  private static final double DAMPING = 1e-10;

  private WeightedLeastSquares() {}

  /**
   * Improves both factors.
   *
   * @param target A, shape [rows, cols], not modified
   * @param fisher F, one number per weight
   * @param start factors to begin with, not modified
   * @param sweeps times to solve for L1, then L2
   * @return factors in single precision; the objective is not larger, up to their rounding
   */
  static LowRank sweep(Tensor target, FullFisher fisher, LowRank start, int sweeps) {
    Tensor left = Tensor.zeros(DType.F64, start.left().shape()).assign(start.left());
    Tensor right = Tensor.zeros(DType.F64, start.right().shape()).assign(start.right());
    for (int i = 0; i < sweeps; i++) {
      improveRows(target, fisher.relative(), left, right);
      improveRows(
          target.transpose(), fisher.relative().transpose(), right.transpose(), left.transpose());
    }
    return LowRankStep.balanced(left, right);
  }

  /**
   * Improves L2 while L1 stays: exact for every form of F, since columns are independent.
   *
   * @param target A, shape [rows, cols], not modified
   * @param fisher F, or null for 1
   * @param left L1, shape [rows, r], not modified
   * @param right L2, shape [r, cols], single precision, not modified
   * @return L2 in single precision
   */
  static Tensor refitRight(Tensor target, Fisher fisher, Tensor left, Tensor right) {
    Tensor l1 = left.to(DType.F64);
    Tensor l2 = Tensor.zeros(DType.F64, right.shape()).assign(right);
    if (fisher instanceof FullFisher full) {
      improveRows(target.transpose(), full.relative().transpose(), l2.transpose(), l1.transpose());
    } else {
      improveColumnsAlike(target, fisher, l1, l2);
    }
    return l2.to(DType.F32);
  }

  /** One system for all columns: weights of columns cancel, those of rows scale them. */
  private static void improveColumnsAlike(Tensor target, Fisher fisher, Tensor left, Tensor right) {
    double[] roots = fisher == null ? null : fisher.rowRoots();
    Tensor scaledLeft = left.copy();
    for (int i = 0; roots != null && i < roots.length; i++) {
      Arithmetic.scale(roots[i], scaledLeft.row(i));
    }
    // G = L1^T U L1, g = L1^T U (A - L1 L2) with U = diag(u), u the squares of the roots
    Tensor gram = MatrixProduct.multiply(scaledLeft.transpose(), scaledLeft);
    for (int i = 0; roots != null && i < roots.length; i++) {
      Arithmetic.scale(roots[i], scaledLeft.row(i));
    }
    double largest = damp(gram);
    if (largest == 0) {
      return;
    }
    Cholesky cholesky = Cholesky.decompose(gram);
    for (int from = 0; from < target.size(1); from += PANEL) {
      int to = Math.min(target.size(1), from + PANEL);
      Tensor columns = right.slice(1, from, to);
      Tensor errors = target.slice(1, from, to).copy().to(DType.F64);
      MatrixProduct.multiply(-1, left, columns, 1, errors);
      Tensor gradient = MatrixProduct.multiply(scaledLeft.transpose(), errors);
      Arithmetic.axpy(1, cholesky.solve(gradient), columns);
    }
  }

  /** Improves every row of {@code left}, given {@code right}; both in double. */
  private static void improveRows(Tensor target, Tensor weights, Tensor left, Tensor right) {
    for (int from = 0; from < target.size(0); from += PANEL) {
      int to = Math.min(target.size(0), from + PANEL);
      improvePanel(
          target.slice(0, from, to), weights.slice(0, from, to), left.slice(0, from, to), right);
    }
  }

  private static void improvePanel(Tensor target, Tensor weights, Tensor left, Tensor right) {
    int m = target.size(0);
    int n = target.size(1);
    int rank = right.size(0);
    Tensor gradients = Tensor.zeros(DType.F64, m, rank);
    Tensor grams = Tensor.zeros(DType.F64, m, rank * (rank + 1) / 2);
    for (int from = 0; from < n; from += PANEL) {
      int to = Math.min(n, from + PANEL);
      Tensor columns = right.slice(1, from, to);
      Tensor f = Tensor.zeros(DType.F64, m, to - from).assign(weights.slice(1, from, to));
      Tensor errors = Tensor.zeros(DType.F64, m, to - from).assign(target.slice(1, from, to));
      // G_i = sum over j of F_ij L2_j L2_j^T
      MatrixProduct.multiply(1, f, pairProducts(columns), 1, grams);
      // g_i = sum over j of F_ij (A_ij - L1_i L2_j) L2_j
      MatrixProduct.multiply(-1, left, columns, 1, errors);
      Elementwise.multiply(f, errors, errors);
      MatrixProduct.multiply(1, errors, columns.transpose(), 1, gradients);
    }
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(m, ROWS_PER_TASK),
            task -> {
              int end = Math.min(m, (task + 1) * ROWS_PER_TASK);
              for (int i = task * ROWS_PER_TASK; i < end; i++) {
                correct(grams.row(i), gradients.row(i), left.row(i));
              }
            });
  }

  /** Row j holds the products {@code x_kj x_lj} for l up to k, k from 0 on. */
  private static Tensor pairProducts(Tensor columns) {
    int rank = columns.size(0);
    int n = columns.size(1);
    Tensor vectors = columns.transpose().copy();
    int pairs = rank * (rank + 1) / 2;
    Tensor products = Tensor.zeros(DType.F64, n, pairs);
    double[] x = vectors.doubles();
    double[] out = products.doubles();
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(n, ROWS_PER_TASK),
            task -> {
              int end = Math.min(n, (task + 1) * ROWS_PER_TASK);
              for (int j = task * ROWS_PER_TASK; j < end; j++) {
                int at = j * pairs;
                for (int k = 0; k < rank; k++) {
                  for (int l = 0; l <= k; l++) {
                    out[at++] = x[j * rank + k] * x[j * rank + l];
                  }
                }
              }
            });
    return products;
  }

  private static void correct(Tensor pairs, Tensor gradient, Tensor row) {
    int rank = gradient.size(0);
    Tensor gram = Tensor.zeros(DType.F64, rank, rank);
    double[] g = gram.doubles();
    double[] packed = pairs.doubles();
    int at = pairs.offset();
    for (int k = 0; k < rank; k++) {
      for (int l = 0; l <= k; l++) {
        g[k * rank + l] = packed[at];
        g[l * rank + k] = packed[at++];
      }
    }
    if (damp(gram) > 0) {
      Arithmetic.axpy(1, Cholesky.decompose(gram).solve(gradient), row);
    }
  }

  /** Adds the damping to the diagonal and returns its largest element. */
  private static double damp(Tensor gram) {
    double largest = 0;
    for (int k = 0; k < gram.size(0); k++) {
      largest = Math.max(largest, gram.get(k, k));
    }
    for (int k = 0; k < gram.size(0); k++) {
      gram.set(gram.get(k, k) + DAMPING * largest, k, k);
    }
    return largest;
  }
}
