package org.quadrille.linalg;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.quadrille.linalg.ejml.Ejml;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix, {@code A = V diag(w) V^T}.
 *
 * <p>EJML's tridiagonal QR algorithm in double, on one thread, and Jacobi rotations in the rare
 * case that it does not converge; float matrices are converted and the result is rounded.
 * <b>Accuracy</b>: eigenvalues within a small multiple of n 2^-53 |A|. <b>Cost</b>: about 9 n^3
 * flops.
 *
 * @param values shape [n], ascending
 * @param vectors shape [n, n], eigenvectors in columns
 */
public record SymmetricEigen(Tensor values, Tensor vectors) {

  /**
   * Decomposes {@code a}.
   *
   * @param a shape [n, n], symmetric, not modified
   * @throws IllegalArgumentException if a is not square, not symmetric (beyond 8 n units roundoff
   *     of its largest element) or has a NaN or infinite element
   * @throws NotConvergedException if neither method converges
   */
  public static SymmetricEigen decompose(Tensor a) {
    if (a.rank() != 2 || a.size(0) != a.size(1)) {
      throw new IllegalArgumentException(
          "SymmetricEigen: given " + a + ", expected a square matrix");
    }
    Norms.requireFinite("SymmetricEigen", a);
    int n = a.size(0);
    if (n == 0) {
      return new SymmetricEigen(Tensor.zeros(a.dtype(), 0), Tensor.zeros(a.dtype(), 0, 0));
    }
    Tensor copy = Tensor.zeros(DType.F64, n, n).assign(a);
    double scale = PowerOfTwo.near(Norms.max(copy));
    PowerOfTwo.divide(copy, scale);
    double asymmetry = symmetrize(copy);
    double allowed = 8 * n * a.dtype().unitRoundoff() * Norms.max(copy);
    if (asymmetry > allowed) {
      throw new IllegalArgumentException(
          "SymmetricEigen: "
              + a
              + " differs from its transpose by up to "
              + asymmetry * scale
              + ", expected at most "
              + allowed * scale
              + "; pass (a + a^T) / 2 if that is meant");
    }
    return decomposeScaled(copy).rescaled(scale).to(a.dtype());
  }

  private static SymmetricEigen decomposeScaled(Tensor a) {
    int n = a.size(0);
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    return eigen.decompose(Ejml.copyToMatrix(a)) ? sorted(eigen, n) : byJacobi(a);
  }

  /** A + |A| I is positive semidefinite, so its singular vectors are eigenvectors. */
  static SymmetricEigen byJacobi(Tensor a) {
    int n = a.size(0);
    double shift = Norms.norm1(a);
    Tensor shifted = a.copy();
    for (int i = 0; i < n; i++) {
      shifted.set(shifted.get(i, i) + shift, i, i);
    }
    Svd svd = JacobiSvd.decompose(shifted);
    Tensor values = Tensor.zeros(DType.F64, n);
    Tensor vectors = Tensor.zeros(DType.F64, n, n);
    for (int j = 0; j < n; j++) {
      values.set(svd.singularValues().get(n - 1 - j) - shift, j);
      vectors.transpose().row(j).assign(svd.v().transpose().row(n - 1 - j));
    }
    return new SymmetricEigen(values, vectors);
  }

  /** Replaces each pair by its mean; returns the largest difference. */
  private static double symmetrize(Tensor a) {
    double largest = 0;
    for (int i = 0; i < a.size(0); i++) {
      for (int j = 0; j < i; j++) {
        largest = Math.max(largest, Math.abs(a.get(i, j) - a.get(j, i)));
        double mean = (a.get(i, j) + a.get(j, i)) / 2;
        a.set(mean, i, j);
        a.set(mean, j, i);
      }
    }
    return largest;
  }

  private static SymmetricEigen sorted(EigenDecomposition_F64<DMatrixRMaj> eigen, int n) {
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> eigen.getEigenvalue(i).getReal()))
            .mapToInt(Integer::intValue)
            .toArray();
    Tensor values = Tensor.zeros(DType.F64, n);
    Tensor vectors = Tensor.zeros(DType.F64, n, n);
    for (int j = 0; j < n; j++) {
      values.set(eigen.getEigenvalue(order[j]).getReal(), j);
      DMatrixRMaj vector = eigen.getEigenVector(order[j]);
      vectors.transpose().row(j).assign(Tensor.of(vector.data, n));
    }
    return new SymmetricEigen(values, vectors);
  }

  private SymmetricEigen rescaled(double scale) {
    PowerOfTwo.multiply(values, scale);
    return this;
  }

  private SymmetricEigen to(DType dtype) {
    return new SymmetricEigen(values.to(dtype), vectors.to(dtype));
  }
}
