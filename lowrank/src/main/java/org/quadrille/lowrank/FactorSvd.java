package org.quadrille.lowrank;

import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * Singular value decomposition of {@code s B A} without forming it, in double precision.
 *
 * <p>{@code B = Q_B R_B}, {@code A^T = Q_A R_A}, {@code R_B R_A^T = U S V^T}, so {@code s B A =
 * (Q_B U) S (Q_A V)^T}: O((m + n) R^2 + R^3) for the inner size R. If R is not below the smaller
 * side, the product itself is decomposed.
 */
final class FactorSvd {
  private final Tensor leftBasis;
  private final Tensor rightBasis;
  private final Svd core;
  private final double[] values;

  private FactorSvd(Tensor leftBasis, Tensor rightBasis, Svd core, double noise) {
    this.leftBasis = leftBasis;
    this.rightBasis = rightBasis;
    this.core = core;
    this.values = core.singularValues().toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (values[i] <= noise) {
        values[i] = 0;
      }
    }
  }

  static FactorSvd of(LowRank update) {
    BalancedFactors factors = BalancedFactors.of(update);
    if (factors.rank() >= Math.min(update.rows(), update.cols())) {
      Tensor dense = MatrixProduct.multiply(factors.left(), factors.right());
      return new FactorSvd(null, null, Svd.exact(dense), factors.noise());
    }
    Qr left = Qr.decompose(factors.left());
    Qr right = Qr.decompose(factors.right().transpose());
    Svd core = Svd.exact(MatrixProduct.multiply(left.r(), right.r().transpose()));
    return new FactorSvd(left.q(), right.q(), core, factors.noise());
  }

  /** The singular values alone, which need no bases. */
  static double[] values(LowRank update) {
    BalancedFactors factors = BalancedFactors.of(update);
    Tensor small;
    if (factors.rank() >= Math.min(update.rows(), update.cols())) {
      small = MatrixProduct.multiply(factors.left(), factors.right());
    } else {
      Tensor left = Qr.triangle(factors.left());
      Tensor right = Qr.triangle(factors.right().transpose());
      small = MatrixProduct.multiply(left, right.transpose());
    }
    double[] values = Svd.values(small).toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] <= factors.noise() ? 0 : values[i];
    }
    return values;
  }

  /** Descending; those within rounding errors of zero are zero. */
  double[] values() {
    return values;
  }

  /** The leading k left singular vectors in columns. */
  Tensor left(int k) {
    Tensor u = core.u().slice(1, 0, k);
    return leftBasis == null ? u : MatrixProduct.multiply(leftBasis, u);
  }

  /** The leading k right singular vectors in columns. */
  Tensor right(int k) {
    Tensor v = core.v().slice(1, 0, k);
    return rightBasis == null ? v : MatrixProduct.multiply(rightBasis, v);
  }
}
