package org.quadrille.linalg;

/**
 * Product {@code H = H_0 H_1 ... H_(k-1) = I - V T V^T} of k Householder reflections {@code H_j = I
 * - tau_j v_j v_j^T} in compact WY form (Schreiber and Van Loan, "A storage-efficient WY
 * representation for products of Householder transformations", SIAM J. Sci. Stat. Comput. 10, 1989;
 * LAPACK's {@code larft} and {@code larfb}).
 *
 * <p>Applying it to a matrix of c columns (or rows) takes three matrix products, {@code (4 m k + 2
 * k^2) c} flops. For long products see {@link ReflectorSequence}. Immutable.
 */
final class BlockReflector {

  /** V transposed: [k, m], one reflection per row, zeros left of its 1. */
  private final Tensor v;

  /** [k, k], upper triangular. */
  private final Tensor t;

  /**
   * From V transposed and T, which are not copied.
   *
   * @param v shape [k, m], one reflection per row, 1 on the diagonal and zeros left of it
   * @param t shape [k, k], upper triangular
   */
  BlockReflector(Tensor v, Tensor t) {
    this.v = v;
    this.t = t;
  }

  /**
   * Reflections stored as factorizations leave them: {@code v_j} below the diagonal of column j.
   *
   * @param stored shape [m, k] with m >= k, any strides (quickest with contiguous columns or rows),
   *     not modified; the diagonal, where {@code v_j} is 1, and what is above it are not read
   * @param tau factors of the reflections
   * @param from index in tau of the factor of the first one
   */
  static BlockReflector of(Tensor stored, double[] tau, int from) {
    int m = stored.size(0);
    int k = stored.size(1);
    Tensor v = Tensor.zeros(stored.dtype(), k, m).assign(stored.transpose());
    for (int j = 0; j < k; j++) {
      Tensor row = v.row(j);
      row.slice(0, 0, j).fill(0);
      row.set(1, j);
    }
    return new BlockReflector(v, triangularFactor(v, tau, from));
  }

  /** T of the reflections in the rows of {@code v}. */
  static Tensor triangularFactor(Tensor v, double[] tau, int from) {
    int k = v.size(0);
    double[] gram = MatrixProduct.multiply(v, v.transpose()).toDoubles();
    double[] t = new double[k * k];
    for (int j = 0; j < k; j++) {
      double factor = tau[from + j];
      for (int i = 0; i < j; i++) {
        // T_0:j,j = -tau_j T_0:j,0:j V_0:j^T v_j
        double sum = 0;
        for (int l = i; l < j; l++) {
          sum += t[i * k + l] * gram[j * k + l];
        }
        t[i * k + j] = -factor * sum;
      }
      t[j * k + j] = factor;
    }
    return Tensor.of(t, k, k).to(v.dtype());
  }

  /** Number of rows of the matrices that this applies to from the left. */
  int size() {
    return v.size(1);
  }

  /** {@code C := H C}; c of shape [m, n], any strides, is overwritten. */
  void applyLeft(Tensor c) {
    left(t, c);
  }

  /** {@code C := H^T C}; c of shape [m, n], any strides, is overwritten. */
  void applyLeftTransposed(Tensor c) {
    left(t.transpose(), c);
  }

  /** {@code C := C H}; c of shape [n, m], any strides, is overwritten. */
  void applyRight(Tensor c) {
    // (C H)^T = H^T C^T
    left(t.transpose(), c.transpose());
  }

  /** {@code C := C H^T}; c of shape [n, m], any strides, is overwritten. */
  void applyRightTransposed(Tensor c) {
    left(t, c.transpose());
  }

  private void left(Tensor factor, Tensor c) {
    if (c.length() == 0) {
      return;
    }
    // C - V (T (V^T C))
    Tensor projected = MatrixProduct.multiply(v, c);
    Tensor weighted = MatrixProduct.multiply(factor, projected);
    MatrixProduct.multiply(-1, v.transpose(), weighted, 1, c);
  }
}
