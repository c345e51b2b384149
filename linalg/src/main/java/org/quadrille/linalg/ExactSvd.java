package org.quadrille.linalg;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.quadrille.linalg.ejml.Ejml;

/** Complete singular value decomposition in double; the choice between methods. */
final class ExactSvd {
  private ExactSvd() {}

  /** Decomposes a finite matrix of either precision; the result is F64, sorted. */
  static Svd decompose(Tensor a) {
    int m = a.size(0);
    int n = a.size(1);
    if (m < n) {
      return decompose(a.transpose()).swap();
    }
    if (n == 0) {
      return new Svd(
          Tensor.zeros(DType.F64, m, 0), Tensor.zeros(DType.F64, 0), Tensor.zeros(DType.F64, n, 0));
    }
    Tensor copy = Tensor.zeros(DType.F64, m, n).assign(a);
    double scale = PowerOfTwo.near(Norms.max(copy));
    PowerOfTwo.divide(copy, scale);
    Svd svd = m >= 2 * n ? tall(copy) : square(copy);
    PowerOfTwo.multiply(svd.singularValues(), scale);
    return svd;
  }

  /** A = Q R and R = U S V^T give A = (Q U) S V^T. */
  private static Svd tall(Tensor a) {
    HouseholderQr qr = new HouseholderQr(a);
    Svd small = square(qr.triangle());
    Tensor u = MatrixProduct.multiply(qr.thinTransposed().transpose(), small.u());
    return new Svd(u, small.singularValues(), small.v());
  }

  /** Decomposes a scaled matrix with at least as many rows as columns. */
  static Svd square(Tensor a) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(a.size(0), a.size(1), true, true, true);
    if (!svd.decompose(Ejml.copyToMatrix(a))) {
      return JacobiSvd.decompose(a);
    }
    return sorted(
        Ejml.view(svd.getU(null, true)), svd.getSingularValues(), Ejml.view(svd.getV(null, true)));
  }

  /**
   * Sorts by descending singular value and makes the singular values non-negative.
   *
   * @param ut left singular vectors in rows, at least as many as there are singular values
   * @param s singular values; longer arrays are cut to the rows of vt
   * @param vt right singular vectors in rows
   */
  static Svd sorted(Tensor ut, double[] s, Tensor vt) {
    int r = vt.size(0);
    int[] order =
        IntStream.range(0, r)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -Math.abs(s[i])))
            .mapToInt(Integer::intValue)
            .toArray();
    Tensor u = Tensor.zeros(DType.F64, ut.size(1), r);
    Tensor v = Tensor.zeros(DType.F64, vt.size(1), r);
    Tensor values = Tensor.zeros(DType.F64, r);
    for (int j = 0; j < r; j++) {
      int from = order[j];
      u.transpose().row(j).assign(ut.row(from));
      v.transpose().row(j).assign(vt.row(from));
      values.set(Math.abs(s[from]), j);
      if (s[from] < 0) {
        Arithmetic.scale(-1, u.transpose().row(j));
      }
    }
    return new Svd(u, values, v);
  }
}
