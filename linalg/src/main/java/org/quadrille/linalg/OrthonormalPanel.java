package org.quadrille.linalg;

/**
 * Orthonormal basis of the columns of a tall matrix, {@code Y = Q R}, in double.
 *
 * <p>Cholesky QR (Yamamoto et al., "Roundoff error analysis of the CholeskyQR2 algorithm", 2015):
 * the work is two matrix products, but the error grows with the square of the condition number.
 * That number is computed, because the inverse of R is at hand anyway; one pass is enough for small
 * ones, a second pass repairs medium ones, and Householder reflections take over for the rest, rank
 * deficient panels included.
 *
 * @param q F64, shape [m, k], orthonormal to the unit roundoff of the dtype asked for
 * @param r F64, shape [k, k], upper triangular
 */
record OrthonormalPanel(Tensor q, Tensor r) {

  /**
   * Factors {@code panel}, m x k with m >= k, finite, of either dtype and any strides; the dtype
   * decides how accurate the basis is.
   */
  static OrthonormalPanel of(Tensor panel) {
    int m = panel.size(0);
    int k = panel.size(1);
    Tensor y = Tensor.zeros(DType.F64, m, k).assign(panel);
    double scale = PowerOfTwo.near(Norms.max(y));
    PowerOfTwo.divide(y, scale);
    OrthonormalPanel result = choose(y, panel.dtype());
    return new OrthonormalPanel(result.q, PowerOfTwo.multiply(result.r, scale));
  }

  /**
   * A well-conditioned basis of the columns of {@code panel} in its own dtype, orthonormal to about
   * one digit: all that a step between power iterations needs. Rounding moves a direction of the
   * basis no further than the rounding of the panel itself did.
   */
  static Tensor approximateBasis(Tensor panel) {
    if (PowerOfTwo.near(Norms.max(panel)) == 1) {
      CholeskyPass pass = CholeskyPass.of(panel);
      // |Q^T Q - I| is about condition^2 u <= 1 / 16
      if (pass.condition * pass.condition * panel.dtype().unitRoundoff() <= 0x1p-4) {
        return MatrixProduct.multiply(panel, pass.inverse.to(panel.dtype()));
      }
    }
    return of(panel).q.to(panel.dtype());
  }

  private static OrthonormalPanel choose(Tensor y, DType accuracy) {
    // |Q^T Q - I| is about condition^2 2^-53 after one pass; |Y - Q R| about condition 2^-53 |Y|.
    double onePass = accuracy == DType.F32 ? 0x1p14 : 0;
    double twoPasses = accuracy == DType.F32 ? 0x1p23 : 0x1p12;
    CholeskyPass first = CholeskyPass.of(y);
    if (!(first.condition <= twoPasses)) {
      HouseholderQr qr = new HouseholderQr(y);
      return new OrthonormalPanel(qr.thinTransposed().transpose(), qr.triangle());
    }
    Tensor q = MatrixProduct.multiply(y, first.inverse);
    if (first.condition <= onePass) {
      return new OrthonormalPanel(q, first.triangle);
    }
    CholeskyPass second = CholeskyPass.of(q);
    return new OrthonormalPanel(
        MatrixProduct.multiply(q, second.inverse),
        MatrixProduct.multiply(second.triangle, first.triangle));
  }

  /** Cholesky factor R of {@code Y^T Y}, its inverse, and their condition number. */
  private record CholeskyPass(Tensor triangle, Tensor inverse, double condition) {

    static CholeskyPass of(Tensor y) {
      Tensor triangle = SymmetricRankUpdate.gram(y).to(DType.F64);
      if (CholeskyBlocks.factor(triangle) >= 0) {
        return new CholeskyPass(triangle, triangle, Double.POSITIVE_INFINITY);
      }
      TriangularBlocks.clearBelowDiagonal(triangle);
      Tensor inverse = triangle.copy();
      TriangularBlocks.invert(inverse, false, false);
      double condition = Norms.norm1(triangle) * Norms.norm1(inverse);
      return new CholeskyPass(triangle, inverse, condition);
    }
  }
}
