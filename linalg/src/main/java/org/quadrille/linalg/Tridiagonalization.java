package org.quadrille.linalg;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Reduction of a symmetric matrix to tridiagonal form, {@code A = Q T Q^T}, by Householder
 * reflections in blocks (Dongarra, Sorensen and Hammarling 1989; LAPACK's sytrd).
 *
 * <p>The reflections of a panel need one product of the matrix and a vector each; their effect on
 * the rest of the matrix, {@code A - V W^T - W V^T}, is gathered and applied as one matrix product.
 * Half of the 4/3 n^3 flops are of either kind.
 */
final class Tridiagonalization {
  /** Reflections gathered for one product. */
  private static final int PANEL = 48;

  /** Triangles up to this size are updated as squares. */
  private static final int TRIANGLE = 128;

  /** Rows of one parallel piece of the back transformation; they stay in the cache. */
  private static final int ROWS = 128;

  private final int n;
  private final DType dtype;

  /** The matrix; row j holds reflection j in the end, from column j + 1 on. */
  private final Tensor work;

  /** Factors of the reflections, which are 1 at column j + 1. */
  private final double[] factors;

  /** Rows v_0, w_0, v_1, w_1, ... of the current panel. */
  private final Tensor pairs;

  /** Rows w_0, v_0, w_1, v_1, ... of the current panel. */
  private final Tensor swapped;

  private final Tensor products;

  /** Diagonal of T. */
  final double[] diagonal;

  /** Elements beside the diagonal; the last one is 0. */
  final double[] beside;

  /**
   * Reduces {@code a}.
   *
   * @param a [n, n], contiguous, finite, of moderate scale; only the diagonal and what is right of
   *     it is read; overwritten
   */
  Tridiagonalization(Tensor a) {
    n = a.size(0);
    dtype = a.dtype();
    work = a;
    factors = new double[Math.max(0, n - 1)];
    diagonal = new double[n];
    beside = new double[n];
    pairs = Tensor.zeros(dtype, 2 * PANEL, n);
    swapped = Tensor.zeros(dtype, 2 * PANEL, n);
    products = Tensor.zeros(dtype, 2 * PANEL);
    for (int start = 0; start < n; start += PANEL) {
      int end = Math.min(n, start + PANEL);
      for (int j = start; j < end; j++) {
        reduceColumn(j, 2 * (j - start));
      }
      updateTriangle(end, n);
    }
  }

  /** {@code A := A - V W^T - W V^T} right of the diagonal, rows and columns from..to. */
  private void updateTriangle(int from, int to) {
    if (to - from <= TRIANGLE) {
      updateBlock(from, to, from, to);
      return;
    }
    int middle = from + Math.ceilDiv((to - from) / 2, PANEL) * PANEL;
    updateTriangle(from, middle);
    updateBlock(from, middle, middle, to);
    updateTriangle(middle, to);
  }

  private void updateBlock(int from, int to, int firstColumn, int lastColumn) {
    if (from < to) {
      MatrixProduct.compute(
          -1,
          pairs.slice(1, from, to).transpose(),
          swapped.slice(1, firstColumn, lastColumn),
          1,
          work.slice(0, from, to).slice(1, firstColumn, lastColumn));
    }
  }

  /** Brings row and column j up to date, zeroes all but two elements, prepares its update. */
  private void reduceColumn(int j, int done) {
    Tensor row = work.row(j).slice(0, j, n);
    if (done > 0) {
      Tensor coefficients = pairs.transpose().row(j).slice(0, 0, done);
      MatrixProduct.compute(
          -1, swapped.slice(0, 0, done).slice(1, j, n).transpose(), coefficients, 1, row);
    }
    diagonal[j] = row.get(0);
    if (j == n - 1) {
      return;
    }
    Tensor v = row.slice(0, 1, n - j);
    double factor = Reflector.generate(v);
    factors[j] = factor;
    beside[j] = v.get(0);
    v.set(1, 0);
    Tensor w = pairs.row(done + 1).slice(0, j + 1, n);
    pairs.row(done).slice(0, j + 1, n).assign(v);
    swapped.row(done + 1).slice(0, j + 1, n).assign(v);
    if (factor == 0) {
      w.fill(0);
    } else {
      // w = tau (A v - V (W^T v) - W (V^T v)), then w := w - tau / 2 (w^T v) v
      Tensor rest = work.slice(0, j + 1, n).slice(1, j + 1, n);
      SymmetricProduct.ofUpperTriangle(factor, rest, v, 0, w);
      if (done > 0) {
        Tensor c = products.slice(0, 0, done);
        MatrixProduct.compute(1, pairs.slice(0, 0, done).slice(1, j + 1, n), v, 0, c);
        MatrixProduct.compute(
            -factor, swapped.slice(0, 0, done).slice(1, j + 1, n).transpose(), c, 1, w);
      }
      Arithmetic.axpy(-factor / 2 * Arithmetic.dot(w, v), v, w);
    }
    swapped.row(done).slice(0, j + 1, n).assign(w);
  }

  /**
   * {@code C := C Q^T}: turns eigenvectors of T in rows into those of A.
   *
   * @param rows [k, n], overwritten
   */
  void applyRightTransposed(Tensor rows) {
    if (n > 1) {
      Tensor reflections = work.transpose().slice(0, 1, n).slice(1, 0, n - 1);
      ReflectorSequence sequence = ReflectorSequence.of(reflections, factors);
      int count = rows.size(0);
      WorkerPool.shared()
          .forEach(
              Math.ceilDiv(count, ROWS),
              piece -> {
                int from = piece * ROWS;
                Tensor part = rows.slice(0, from, Math.min(count, from + ROWS));
                sequence.applyRightTransposed(part.slice(1, 1, n));
              });
    }
  }
}
