package org.quadrille.linalg;

import java.util.ArrayList;
import java.util.List;

/**
 * QR factorization by blocked Householder reflections in compact WY form.
 *
 * <p>A panel of columns is factored with vector operations; its reflections {@code H_1 ... H_b = I
 * - V T V^T} (Schreiber and Van Loan 1989; Golub and Van Loan, section 5.2.3) then reach the rest
 * of the matrix as matrix products. The matrix is kept transposed, so that its columns are
 * contiguous.
 */
final class HouseholderQr {
  /** Columns of a panel: wide enough for the products, narrow enough for the vector part. */
  private static final int PANEL = 24;

  /** Reflections of one panel; {@code v} is [width, m - start], one reflection per row. */
  private record Block(int start, Tensor v, Tensor t) {}

  private final int m;
  private final int n;
  private final int p;
  private final DType dtype;

  /** The matrix, transposed: [n, m]. Holds R above the diagonal in the end. */
  private final Tensor work;

  private final List<Block> blocks = new ArrayList<>();

  /** Power of two that the matrix was divided by, so that no square overflows or vanishes. */
  private final double scale;

  /** Factors a copy of {@code a}, which must be a finite matrix. */
  HouseholderQr(Tensor a) {
    m = a.size(0);
    n = a.size(1);
    p = Math.min(m, n);
    dtype = a.dtype();
    work = Tensor.zeros(dtype, n, m).assign(a.transpose());
    double largest = Norms.max(work);
    scale = PowerOfTwo.near(largest);
    PowerOfTwo.divide(work, scale);
    for (int start = 0; start < p; start += PANEL) {
      int end = Math.min(p, start + PANEL);
      double[] tau = factorPanel(start, end);
      Block block = block(start, end, tau);
      blocks.add(block);
      if (end < n) {
        // (Q^T C)^T = C^T - C^T V T V^T
        apply(block, block.t(), work.slice(0, end, n).slice(1, start, m));
      }
    }
  }

  /** Unblocked factorization of columns start..end, applied within the panel only. */
  private double[] factorPanel(int start, int end) {
    double[] tau = new double[end - start];
    for (int c = start; c < end; c++) {
      Tensor column = work.row(c).slice(0, c, m);
      double alpha = column.get(0);
      double norm = Norms.frobenius(column);
      // Below this the reflection could not be normalized; the column is zero to rounding.
      if (norm < tiny()) {
        column.fill(0);
        continue;
      }
      if (norm == Math.abs(alpha)) {
        continue;
      }
      double beta = alpha > 0 ? -norm : norm;
      double factor = (beta - alpha) / beta;
      tau[c - start] = factor;
      Arithmetic.scale(1 / (alpha - beta), column);
      column.set(1, 0);
      if (c + 1 < end) {
        Tensor rest = work.slice(0, c + 1, end).slice(1, c, m);
        Tensor w = MatrixProduct.multiply(rest, column);
        for (int i = 0; i < rest.size(0); i++) {
          Arithmetic.axpy(-factor * w.get(i), column, rest.row(i));
        }
      }
      column.set(beta, 0);
    }
    return tau;
  }

  private Block block(int start, int end, double[] tau) {
    int b = end - start;
    Tensor v = Tensor.zeros(dtype, b, m - start);
    for (int j = 0; j < b; j++) {
      Tensor tail = work.row(start + j).slice(0, start + j + 1, m);
      v.row(j).slice(0, j + 1, m - start).assign(tail);
      v.set(1, j, j);
    }
    Tensor gram = MatrixProduct.multiply(v, v.transpose());
    Tensor t = Tensor.zeros(dtype, b, b);
    for (int j = 0; j < b; j++) {
      t.set(tau[j], j, j);
      for (int i = 0; i < j; i++) {
        // T_0:j,j = -tau_j T_0:j,0:j V_0:j^T v_j
        double sum = 0;
        for (int k = i; k < j; k++) {
          sum += t.get(i, k) * gram.get(k, j);
        }
        t.set(-tau[j] * sum, i, j);
      }
    }
    return new Block(start, v, t);
  }

  /** {@code c := c - c V t V^T}, c of shape [rows, m - start]. */
  private static void apply(Block block, Tensor t, Tensor c) {
    Tensor projected = MatrixProduct.multiply(c, block.v().transpose());
    Tensor weighted = MatrixProduct.multiply(projected, t);
    MatrixProduct.multiply(-1, weighted, block.v(), 1, c);
  }

  /** The first min(m, n) columns of Q, transposed: contiguous of shape [min(m, n), m]. */
  Tensor thinTransposed() {
    Tensor q = Tensor.zeros(dtype, p, m);
    for (int i = 0; i < p; i++) {
      q.set(1, i, i);
    }
    for (Block block : blocks.reversed()) {
      // (H q)^T = q^T - q^T V T^T V^T; earlier columns are still unit vectors that H leaves alone.
      Tensor part = q.slice(0, block.start(), p).slice(1, block.start(), m);
      apply(block, block.t().transpose(), part);
    }
    return q;
  }

  /** The upper triangular (or trapezoidal) factor, shape [min(m, n), n]. */
  Tensor triangle() {
    Tensor r = Tensor.zeros(dtype, p, n);
    Tensor columns = work.transpose();
    for (int i = 0; i < p; i++) {
      r.row(i).slice(0, i, n).assign(columns.row(i).slice(0, i, n));
    }
    return PowerOfTwo.multiply(r, scale);
  }

  private double tiny() {
    return dtype == DType.F32 ? 0x1p-100 : 0x1p-960;
  }
}
