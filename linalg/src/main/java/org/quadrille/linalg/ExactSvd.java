package org.quadrille.linalg;

/**
 * Complete singular value decomposition; the choice between methods by size and shape.
 *
 * <ul>
 *   <li>Wide matrices are treated through their transpose.
 *   <li>Small ones: {@link SmallSvd}, in double.
 *   <li>Tall ones: a QR factorization first, then its triangle.
 *   <li>All others: {@link Bidiagonalization}, {@link BidiagonalDivideAndConquer} and the product
 *       of the vectors of both, in the dtype of the matrix.
 *   <li>Where QR iteration fails to converge: {@link JacobiSvd}.
 * </ul>
 */
final class ExactSvd {
  /** Most columns for plain loops. */
  static final int SMALL = 112;

  private ExactSvd() {}

  /** Singular values and vectors of a finite matrix, in its dtype. */
  static Svd decompose(Tensor a) {
    if (a.size(0) < a.size(1)) {
      return decompose(a.transpose()).swap();
    }
    Tensor columns = scaledColumns(a);
    Svd svd;
    try {
      svd = decomposeColumns(columns);
    } catch (NotConvergedException e) {
      Tensor again = scaledColumns(a).to(DType.F64).transpose();
      svd = JacobiSvd.decompose(again);
    }
    PowerOfTwo.multiply(svd.singularValues(), scale(a));
    return svd.to(a.dtype());
  }

  /** Singular values of a finite matrix, descending, in its dtype. */
  static Tensor values(Tensor a) {
    if (a.size(0) < a.size(1)) {
      return values(a.transpose());
    }
    double[] values;
    try {
      values = valuesOfColumns(scaledColumns(a));
    } catch (NotConvergedException e) {
      return decompose(a).singularValues();
    }
    Tensor sorted = Tensor.zeros(DType.F64, values.length);
    int[] order = Descending.order(values);
    for (int i = 0; i < order.length; i++) {
      sorted.set(values[order[i]], i);
    }
    return PowerOfTwo.multiply(sorted, scale(a)).to(a.dtype());
  }

  /** The transposed matrix in a new tensor, its elements of moderate size. */
  private static Tensor scaledColumns(Tensor a) {
    Tensor columns = Tensor.zeros(a.dtype(), a.size(1), a.size(0)).assign(a.transpose());
    return PowerOfTwo.divide(columns, scale(a));
  }

  private static double scale(Tensor a) {
    return PowerOfTwo.near(Norms.max(a));
  }

  private static boolean isSmall(Tensor columns) {
    return columns.size(0) <= SMALL && columns.size(1) <= 4 * SMALL;
  }

  /** Whether a QR factorization saves work: it needs no products with single vectors. */
  private static boolean isTall(Tensor columns) {
    return 2L * columns.size(1) >= 3L * columns.size(0);
  }

  private static Svd decomposeColumns(Tensor columns) {
    if (isSmall(columns)) {
      return SmallSvd.decompose(columns);
    }
    return isTall(columns) ? tall(columns) : blocked(columns);
  }

  private static double[] valuesOfColumns(Tensor columns) {
    if (isSmall(columns)) {
      return SmallSvd.values(columns);
    }
    if (isTall(columns)) {
      return valuesOfColumns(triangle(new HouseholderQr(columns.transpose())));
    }
    Bidiagonalization reduced = new Bidiagonalization(columns);
    double[] d = reduced.diagonal();
    BidiagonalQr.diagonalize(d, reduced.superdiagonal(), null, null);
    return d;
  }

  /** {@code A = Q R} and {@code R = U S V^T} give {@code A = (Q U) S V^T}. */
  private static Svd tall(Tensor columns) {
    int n = columns.size(0);
    HouseholderQr qr = new HouseholderQr(columns.transpose());
    Svd small = decomposeColumns(triangle(qr)).to(columns.dtype());
    Tensor ut = Tensor.zeros(columns.dtype(), n, columns.size(1));
    ut.slice(1, 0, n).assign(small.u().transpose());
    qr.reflectors().applyLeft(ut.transpose());
    return new Svd(ut.transpose(), small.singularValues(), small.v());
  }

  private static Tensor triangle(HouseholderQr qr) {
    return qr.triangle().transpose().copy();
  }

  private static Svd blocked(Tensor columns) {
    int n = columns.size(0);
    DType dtype = columns.dtype();
    Bidiagonalization reduced = new Bidiagonalization(columns);
    BidiagonalDivideAndConquer middle =
        BidiagonalDivideAndConquer.decompose(reduced.diagonal(), reduced.superdiagonal(), dtype);
    int[] order = Descending.order(middle.values);
    Tensor ut = Tensor.zeros(dtype, n, columns.size(1));
    Tensor vt = Tensor.zeros(dtype, n, n);
    Tensor values = Tensor.zeros(DType.F64, n);
    for (int i = 0; i < n; i++) {
      values.set(middle.values[order[i]], i);
      ut.row(i).slice(0, 0, n).assign(middle.left.row(order[i]));
      vt.row(i).assign(middle.right.row(order[i]));
    }
    reduced.applyLeft(ut);
    reduced.applyRight(vt);
    return new Svd(ut.transpose(), values, vt.transpose());
  }
}
