package org.quadrille.linalg;

/**
 * Householder QR of a few columns, with the triangular factor T of their reflections, by recursion
 * on halves (Elmroth and Gustavson, "Applying recursion to serial and parallel QR factorization",
 * IBM J. Res. Dev. 44, 2000): all but narrow strips becomes matrix products.
 */
final class HouseholderPanel {

  /** Columns that are factored one by one. */
  private static final int STRIP = 8;

  /** The columns as contiguous rows, [k, m]; becomes V, one reflection per row. */
  private final Tensor v;

  /** [k, k], upper triangular. */
  private final Tensor t;

  /** Columns of the matrix, [k, m]; receives the triangular factor R, column by row. */
  private final Tensor columns;

  private HouseholderPanel(Tensor columns) {
    this.columns = columns;
    int k = columns.size(0);
    v = columns.copy();
    t = Tensor.zeros(columns.dtype(), k, k);
  }

  /**
   * Factors the transpose of {@code columns}.
   *
   * @param columns shape [k, m] with m >= k, one column of the matrix per row; on return the
   *     elements on and left of the diagonal hold R transposed, the others are not touched
   * @return the reflections, {@code H^T A = R}
   */
  static BlockReflector factor(Tensor columns) {
    HouseholderPanel panel = new HouseholderPanel(columns);
    panel.factor(0, columns.size(0));
    return new BlockReflector(panel.v, panel.t);
  }

  private void factor(int from, int to) {
    if (to - from <= STRIP) {
      factorStrip(from, to);
      return;
    }
    int middle = from + Math.ceilDiv(to - from, 2 * STRIP) * STRIP;
    factor(from, middle);
    block(from, middle).applyLeftTransposed(rows(middle, to, from).transpose());
    factor(middle, to);
    // T_12 = -T_1 (V_1^T V_2) T_2
    Tensor gram =
        MatrixProduct.multiply(rows(from, middle, middle), rows(middle, to, middle).transpose());
    Tensor right = MatrixProduct.multiply(gram, part(middle, to, middle, to));
    MatrixProduct.multiply(
        -1, part(from, middle, from, middle), right, 0, part(from, middle, middle, to));
  }

  /** Reflections from..to-1, which leave the rows before {@code from} alone. */
  private BlockReflector block(int from, int to) {
    return new BlockReflector(rows(from, to, from), part(from, to, from, to));
  }

  private Tensor rows(int from, int to, int start) {
    return v.slice(0, from, to).slice(1, start, v.size(1));
  }

  private Tensor part(int from, int to, int left, int right) {
    return t.slice(0, from, to).slice(1, left, right);
  }

  private void factorStrip(int from, int to) {
    int m = v.size(1);
    double[] tau = new double[to - from];
    for (int c = from; c < to; c++) {
      Tensor column = v.row(c).slice(0, c, m);
      double factor = Reflector.generate(column);
      tau[c - from] = factor;
      // What is left of the diagonal is final, and V has zeros there.
      Tensor done = v.row(c).slice(0, 0, c + 1);
      columns.row(c).slice(0, 0, c + 1).assign(done);
      done.fill(0);
      column.set(1, 0);
      if (factor != 0 && c + 1 < to) {
        Tensor rest = rows(c + 1, to, c);
        Tensor products = MatrixProduct.multiply(rest, column);
        for (int i = 0; i < rest.size(0); i++) {
          Arithmetic.axpy(-factor * products.get(i), column, rest.row(i));
        }
      }
    }
    part(from, to, from, to).assign(BlockReflector.triangularFactor(rows(from, to, from), tau, 0));
  }
}
