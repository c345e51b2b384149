package org.quadrille.linalg;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen
 * 1981; Gu and Eisenstat 1995; LAPACK working notes 69 and 89).
 *
 * <p>The matrix is torn into small ones by corrections of rank one, those are decomposed by {@link
 * TridiagonalQl}, and {@link RankOneMerge} joins them pair by pair. Numbers of the secular
 * equations are doubles; vectors, and the products that take nearly all the time, have the dtype
 * asked for. About 4/3 n^3 flops, fewer where eigenvalues deflate.
 *
 * @param values ascending
 * @param vectors [n, n], orthonormal eigenvectors in rows
 */
record TridiagonalDivideAndConquer(double[] values, Tensor vectors) {
  /** Largest matrix that QL iteration takes. */
  private static final int LEAF = 32;

  /**
   * Decomposes a matrix whose largest element is not near the limits of double.
   *
   * @param diagonal length n, not modified
   * @param beside elements beside the diagonal, length n (the last one is not used), not modified
   * @param dtype of the vectors; decides which eigenvalues count as equal
   * @throws NotConvergedException if a QL iteration fails, which no matrix is known to cause
   */
  static TridiagonalDivideAndConquer decompose(double[] diagonal, double[] beside, DType dtype) {
    int n = diagonal.length;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.max(Math.abs(diagonal[i]), Math.abs(beside[i])));
    }
    // Deflation compares elements of vectors with those of the matrix, which are about 1 therefore.
    double scale = largest == 0 ? 1 : Math.scalb(1.0, Math.getExponent(largest));
    double[] d = new double[n];
    double[] e = new double[n];
    for (int i = 0; i < n; i++) {
      d[i] = diagonal[i] / scale;
      e[i] = beside[i] / scale;
    }
    TridiagonalDivideAndConquer solved = new Tree(d, e, dtype).solve(n);
    for (int i = 0; i < n; i++) {
      solved.values[i] *= scale;
    }
    return solved;
  }

  private static final class Tree {
    private final int n;
    private final double[] d;
    private final double[] e;
    private final int[] order;
    private final Tensor vectors;

    Tree(double[] d, double[] e, DType dtype) {
      this.n = d.length;
      this.d = d;
      this.e = e;
      this.order = new int[n];
      this.vectors = Tensor.zeros(dtype, n, n);
    }

    TridiagonalDivideAndConquer solve(int size) {
      int depth = 0;
      while (Math.ceilDiv(size, 1 << depth) > LEAF) {
        depth++;
      }
      int leaves = 1 << depth;
      for (int i = 1; i < leaves; i++) {
        // T = diag(T_1, T_2) + |e| u u^T, u = (..., 0, 1, sign(e), 0, ...)
        int cut = start(i, leaves);
        double coupling = Math.abs(e[cut - 1]);
        d[cut - 1] -= coupling;
        d[cut] -= coupling;
      }
      WorkerPool.shared().forEach(leaves, i -> leaf(start(i, leaves), start(i + 1, leaves)));
      if (depth > 0) {
        mergeAll(leaves);
      }
      return sorted();
    }

    private void mergeAll(int leaves) {
      Tensor gathered = Tensor.zeros(vectors.dtype(), n * n);
      Tensor secular = Tensor.zeros(vectors.dtype(), n * n);
      for (int parts = leaves / 2; parts > 0; parts /= 2) {
        int merges = parts;
        // Many small merges run side by side, few large ones are parallel inside.
        if (merges >= 2 * WorkerPool.shared().threads()) {
          WorkerPool.shared().forEach(merges, i -> merge(i, merges, gathered, secular));
        } else {
          for (int i = 0; i < merges; i++) {
            merge(i, merges, gathered, secular);
          }
        }
      }
    }

    private void leaf(int from, int to) {
      double[] values = java.util.Arrays.copyOfRange(d, from, to);
      double[] rows = TridiagonalQl.decompose(values, java.util.Arrays.copyOfRange(e, from, to));
      int size = to - from;
      System.arraycopy(values, 0, d, from, size);
      block(from, to).assign(Tensor.of(rows, size, size));
      for (int i = 0; i < size; i++) {
        int at = from + i;
        while (at > from && d[from + order[at - 1]] > d[from + i]) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = i;
      }
    }

    private void merge(int i, int merges, Tensor gathered, Tensor secular) {
      int from = start(i, merges);
      int to = start(i + 1, merges);
      int middle = start(2 * i + 1, 2 * merges);
      double[] values = java.util.Arrays.copyOfRange(d, from, to);
      int[] indices = java.util.Arrays.copyOfRange(order, from, to);
      RankOneMerge.merge(
          values,
          indices,
          middle - from,
          e[middle - 1],
          block(from, to),
          gathered.slice(0, from * n, to * n),
          secular.slice(0, from * n, to * n));
      System.arraycopy(values, 0, d, from, to - from);
      System.arraycopy(indices, 0, order, from, to - from);
    }

    private Tensor block(int from, int to) {
      return vectors.slice(0, from, to).slice(1, from, to);
    }

    private int start(int part, int parts) {
      return (int) ((long) n * part / parts);
    }

    private TridiagonalDivideAndConquer sorted() {
      double[] values = new double[n];
      Tensor rows = Tensor.zeros(vectors.dtype(), n, n);
      for (int i = 0; i < n; i++) {
        values[i] = d[order[i]];
        rows.row(i).assign(vectors.row(order[i]));
      }
      return new TridiagonalDivideAndConquer(values, rows);
    }
  }
}
