package org.quadrille.linalg;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Reduction of a matrix with at least as many rows as columns to upper bidiagonal form, {@code A =
 * Q B P^T}, by Householder reflections from both sides.
 *
 * <p>Blocked as in Dongarra, Sorensen and Hammarling, "Block reduction of matrices to condensed
 * forms for eigenvalue computations", J. Comput. Appl. Math. 27, 1989 (LAPACK's {@code labrd}): the
 * reflections of a panel of columns reach the rest of the matrix as one matrix product, {@code A :=
 * A - [V X] [Y W]^T}. Each column still needs {@code A^T v} and {@code A w}, where w comes from the
 * row {@code A^T v} changes. Both are formed strip by strip while a strip of columns is in the
 * cache (Howell et al., "Cache efficient bidiagonalization using BLAS 2.5 operators", ACM TOMS 34,
 * 2008), so that the matrix is read once for each column, not twice.
 *
 * <p>The matrix is kept transposed. <b>Cost</b>: 4 n^2 (m - n / 3) flops in the dtype of A, half of
 * them in matrix products; two copies of A. <b>Bits</b>: the same for every number of threads.
 */
final class Bidiagonalization {
  /** Columns of a panel: wide enough for the product, narrow enough for the corrections. */
  private static final int PANEL = 32;

  /** Columns whose contributions to {@code A w} are added up by one task. */
  private static final int CHUNK = 64;

  /** Bytes of a strip of columns; it is read twice, the second time from the cache. */
  private static final int STRIP_BYTES = 1 << 19;

  /** Elements of the rest of the matrix from which threads share a step. */
  private static final int PARALLEL_FROM = 1 << 15;

  private final int m;
  private final int n;
  private final DType dtype;

  /**
   * A transposed, [n, m]; row c becomes {@code beta, v_1, v_2 ...} of reflection c at element c.
   */
  private final Tensor columns;

  /** Reflections from the right, [n, n]: row c holds {@code beta, w_1, ...} from c + 1 on. */
  private final Tensor rows;

  private final double[] leftFactors;
  private final double[] rightFactors;
  private final double[] diagonal;
  private final double[] superdiagonal;

  /** v and x of each column of the panel by turns, [2 PANEL, m]; zero before their column. */
  private final Tensor leftPanel;

  /** y and w of each column of the panel by turns, [2 PANEL, n]. */
  private final Tensor rightPanel;

  /** Contributions of each chunk of columns to A w. */
  private final Tensor sums;

  /**
   * Reduces a matrix.
   *
   * @param columns the transposed matrix, [n, m] with m >= n, contiguous, of moderate scale;
   *     overwritten
   */
  Bidiagonalization(Tensor columns) {
    this.n = columns.size(0);
    this.m = columns.size(1);
    this.dtype = columns.dtype();
    this.columns = columns;
    this.rows = Tensor.zeros(dtype, n, n);
    this.leftFactors = new double[n];
    this.rightFactors = new double[Math.max(0, n - 1)];
    this.diagonal = new double[n];
    this.superdiagonal = new double[Math.max(0, n - 1)];
    int panel = Math.min(n, PANEL);
    this.leftPanel = Tensor.zeros(dtype, 2 * panel, m);
    this.rightPanel = Tensor.zeros(dtype, 2 * panel, n);
    this.sums = Tensor.zeros(dtype, Math.ceilDiv(n, CHUNK), m);
    for (int start = 0; start < n; start += PANEL) {
      int end = Math.min(n, start + PANEL);
      for (int c = start; c < end; c++) {
        reduce(c, 2 * (c - start));
      }
      if (end < n) {
        // A := A - [V X] [Y W]^T, transposed
        int k = 2 * (end - start);
        MatrixProduct.compute(
            -1,
            rightPanel.slice(0, 0, k).slice(1, end, n).transpose(),
            leftPanel.slice(0, 0, k).slice(1, end, m),
            1,
            columns.slice(0, end, n).slice(1, end, m));
      }
    }
  }

  /** Diagonal of B, n numbers. */
  double[] diagonal() {
    return diagonal;
  }

  /** Superdiagonal of B, n - 1 numbers. */
  double[] superdiagonal() {
    return superdiagonal;
  }

  /** {@code U^T := U^T Q^T} for vectors in rows, [k, m]. */
  void applyLeft(Tensor vectors) {
    ReflectorSequence.of(columns.transpose(), leftFactors).applyLeft(vectors.transpose());
  }

  /** {@code V^T := V^T P^T} for vectors in rows, [k, n]. */
  void applyRight(Tensor vectors) {
    if (n > 1) {
      Tensor stored = rows.transpose().slice(0, 1, n).slice(1, 0, n - 1);
      ReflectorSequence.of(stored, rightFactors).applyLeft(vectors.transpose().slice(0, 1, n));
    }
  }

  /** Column c and row c; {@code done} rows of the panels are filled. */
  private void reduce(int c, int done) {
    Tensor column = columns.row(c).slice(0, c, m);
    Tensor lefts = leftPanel.slice(0, 0, done).slice(1, c, m);
    if (done > 0) {
      Tensor coefficients = rightPanel.slice(0, 0, done).transpose().row(c);
      MatrixProduct.compute(-1, lefts.transpose(), coefficients, 1, column);
    }
    double tau = Reflector.generate(column);
    leftFactors[c] = tau;
    diagonal[c] = column.get(0);
    if (c + 1 == n) {
      return;
    }
    Tensor v = panelRow(leftPanel, done, c);
    v.assign(column);
    v.set(1, 0);
    Tensor y = panelRow(rightPanel, done, c + 1);
    Tensor row = rows.row(c).slice(0, c + 1, n);
    // A of the panel's start, without its updates: A_now = A - lefts^T rights
    Tensor rights = rightPanel.slice(0, 0, done).slice(1, c + 1, n);
    if (done > 0) {
      Tensor projection = MatrixProduct.multiply(lefts, v);
      MatrixProduct.compute(-tau, rights.transpose(), projection, 0, y);
    } else {
      y.fill(0);
    }
    row.assign(columns.slice(0, c + 1, n).transpose().row(c));
    if (done > 0) {
      MatrixProduct.compute(-1, rights.transpose(), lefts.transpose().row(0), 1, row);
    }
    int firstChunk = (c + 1) / CHUNK;
    int chunks = sums.size(0) - firstChunk;
    if ((long) (m - c) * (n - c) < PARALLEL_FROM) {
      for (int i = 0; i < chunks; i++) {
        chunk(firstChunk + i, c, tau, v, y, row);
      }
    } else {
      WorkerPool.shared().forEach(chunks, i -> chunk(firstChunk + i, c, tau, v, y, row));
    }
    if (Norms.max(row) < negligible()) {
      row.fill(0);
    }
    double head = row.get(0);
    double rightFactor = Reflector.generate(row);
    double beta = row.get(0);
    rightFactors[c] = rightFactor;
    superdiagonal[c] = beta;
    Tensor w = panelRow(rightPanel, done + 1, c + 1);
    w.assign(row);
    w.set(1, 0);
    Tensor x = panelRow(leftPanel, done + 1, c + 1);
    if (rightFactor == 0) {
      x.fill(0);
      return;
    }
    // A w = A e_0 + A (row without its head) / (head - beta)
    x.fill(0);
    for (int i = 0; i < chunks; i++) {
      Arithmetic.axpy(1, sums.row(firstChunk + i).slice(0, c + 1, m), x);
    }
    Arithmetic.scale(rightFactor / (head - beta), x);
    Arithmetic.axpy(rightFactor, columns.row(c + 1).slice(0, c + 1, m), x);
    Tensor updates = leftPanel.slice(0, 0, done + 1).slice(1, c + 1, m);
    Tensor weights = MatrixProduct.multiply(rightPanel.slice(0, 0, done + 1).slice(1, c + 1, n), w);
    MatrixProduct.compute(-rightFactor, updates.transpose(), weights, 1, x);
  }

  /** Far below rounding of a matrix of moderate scale; reciprocals of anything above are finite. */
  private double negligible() {
    return dtype == DType.F32 ? 0x1p-100 : 0x1p-960;
  }

  /** Row i of a panel from element {@code start} on; zero before. */
  private static Tensor panelRow(Tensor panel, int i, int start) {
    Tensor row = panel.row(i);
    row.slice(0, 0, start).fill(0);
    return row.slice(0, start, row.size(0));
  }

  /**
   * Columns of one chunk: finishes their part of y, {@code y += tau A^T v}, and of the row, {@code
   * row -= y}, and adds up A times that part of the row, without its head.
   */
  private void chunk(int index, int c, double tau, Tensor v, Tensor y, Tensor row) {
    int from = Math.max(c + 1, index * CHUNK);
    int to = Math.min(n, (index + 1) * CHUNK);
    int strip = Math.max(4, STRIP_BYTES / (m * (dtype.bits() / 8)));
    Tensor sum = sums.row(index).slice(0, c + 1, m);
    double keep = 0;
    if (to == c + 2 && from == c + 1) {
      sum.fill(0);
    }
    for (int start = from; start < to; start += strip) {
      int end = Math.min(to, start + strip);
      Tensor part = columns.slice(0, start, end);
      Tensor yPart = y.slice(0, start - c - 1, end - c - 1);
      MatrixProduct.compute(tau, part.slice(1, c, m), v, 1, yPart);
      Tensor rowPart = row.slice(0, start - c - 1, end - c - 1);
      Arithmetic.axpy(-1, yPart, rowPart);
      int skip = start == c + 1 ? 1 : 0;
      if (end - start > skip) {
        MatrixProduct.compute(
            1,
            part.slice(0, skip, end - start).slice(1, c + 1, m).transpose(),
            rowPart.slice(0, skip, end - start),
            keep,
            sum);
        keep = 1;
      }
    }
  }
}
