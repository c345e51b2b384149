package org.quadrille.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Singular value decomposition of an upper bidiagonal matrix by divide and conquer (Gu and
 * Eisenstat, "A divide-and-conquer algorithm for the bidiagonal SVD", SIAM J. Matrix Anal. Appl.
 * 16, 1995; LAPACK's {@code bdsdc}).
 *
 * <p>A row in the middle is taken out, the blocks above and below are decomposed, and the row is
 * put back by {@link BidiagonalMerge}. Small blocks are left to {@link BidiagonalQr}. Singular
 * values are in double, vectors in the dtype asked for. <b>Cost</b>: at most 8/3 n^3 flops in
 * matrix products, much less where singular values cluster, and O(n^2 log n) besides. <b>Bits</b>:
 * the same for every number of threads.
 */
final class BidiagonalDivideAndConquer {
  /** Largest block for QR iteration. */
  static final int LEAF = 32;

  /** Levels with fewer blocks than this use the threads inside a block. */
  private static final int BLOCKS_IN_PARALLEL = 8;

  /**
   * Rows {@code first} to {@code first + rows - 1} of the matrix; one column more than rows, except
   * at the lower end.
   */
  record Block(int first, int rows, int columns) {
    /** The row that is taken out. */
    int middle() {
      return first + rows / 2;
    }

    Block above() {
      int above = rows / 2;
      return new Block(first, above, above + 1);
    }

    Block below() {
      int above = rows / 2;
      return new Block(first + above + 1, rows - above - 1, columns - above - 1);
    }
  }

  private final double[] diagonal;
  private final double[] superdiagonal;

  /** Singular values, in no order. */
  final double[] values;

  /** Left singular vectors in rows, [n, n]. */
  final Tensor left;

  /** Right singular vectors in rows, [n, n]. */
  final Tensor right;

  private BidiagonalDivideAndConquer(double[] diagonal, double[] superdiagonal, DType dtype) {
    int n = diagonal.length;
    this.diagonal = diagonal;
    this.superdiagonal = superdiagonal;
    this.values = new double[n];
    this.left = Tensor.zeros(dtype, n, n);
    this.right = Tensor.zeros(dtype, n, n);
  }

  /**
   * Decomposes the matrix.
   *
   * @param diagonal n finite numbers, not modified
   * @param superdiagonal n - 1 finite numbers, not modified
   * @param dtype of the vectors
   * @throws NotConvergedException if the QR iteration of a small block does not converge
   */
  static BidiagonalDivideAndConquer decompose(
      double[] diagonal, double[] superdiagonal, DType dtype) {
    BidiagonalDivideAndConquer all = new BidiagonalDivideAndConquer(diagonal, superdiagonal, dtype);
    int n = diagonal.length;
    all.run(new Block(0, n, n));
    return all;
  }

  private void run(Block root) {
    List<List<Block>> levels = new ArrayList<>();
    List<Block> leaves = new ArrayList<>();
    List<Block> level = List.of(root);
    while (!level.isEmpty()) {
      List<Block> divided = new ArrayList<>();
      List<Block> next = new ArrayList<>();
      for (Block block : level) {
        if (block.rows <= LEAF) {
          leaves.add(block);
        } else {
          divided.add(block);
          next.add(block.above());
          next.add(block.below());
        }
      }
      levels.add(divided);
      level = next;
    }
    WorkerPool.shared().forEach(leaves.size(), i -> conquer(leaves.get(i)));
    for (List<Block> divided : levels.reversed()) {
      if (divided.size() >= BLOCKS_IN_PARALLEL) {
        WorkerPool.shared().forEach(divided.size(), i -> merge(divided.get(i)));
      } else {
        divided.forEach(this::merge);
      }
    }
  }

  private void merge(Block block) {
    int middle = block.middle();
    new BidiagonalMerge(block, values, left, right)
        .merge(diagonal[middle], middle + 1 < diagonal.length ? superdiagonal[middle] : 0);
  }

  /** QR iteration. */
  private void conquer(Block block) {
    int rows = block.rows;
    int columns = block.columns;
    double[] d = new double[columns];
    double[] e = new double[columns];
    System.arraycopy(diagonal, block.first, d, 0, rows);
    System.arraycopy(superdiagonal, block.first, e, 0, columns - 1);
    double[][] u = identity(columns);
    double[][] v = identity(columns);
    if (columns > rows) {
      BidiagonalQr.annihilateLastColumn(d, e, u, v);
    }
    d = Arrays.copyOf(d, rows);
    BidiagonalQr.diagonalize(d, e, u, v);
    System.arraycopy(d, 0, values, block.first, rows);
    for (int i = 0; i < rows; i++) {
      row(left, block, i, rows).assign(Tensor.of(Arrays.copyOf(u[i], rows), rows));
    }
    for (int i = 0; i < columns; i++) {
      row(right, block, i, columns).assign(Tensor.of(v[i], columns));
    }
  }

  private static Tensor row(Tensor vectors, Block block, int i, int length) {
    return vectors.row(block.first + i).slice(0, block.first, block.first + length);
  }

  private static double[][] identity(int n) {
    double[][] rows = new double[n][n];
    for (int i = 0; i < n; i++) {
      rows[i][i] = 1;
    }
    return rows;
  }
}
