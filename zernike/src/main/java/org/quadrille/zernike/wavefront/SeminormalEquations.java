package org.quadrille.zernike.wavefront;

import java.util.Optional;
import java.util.function.IntFunction;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.SymmetricRankUpdate;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;

/**
 * Least squares by {@code A^T A = R^T R} and one correction with the residual of the first
 * solution, which makes it as accurate as a QR factorization where the square of the condition
 * number is far below 1/u (A. Bjorck, "Stability analysis of the method of seminormal equations for
 * linear least squares problems", 1987). Half the flops of QR, all in matrix products; rows come in
 * blocks, twice.
 */
final class SeminormalEquations {
  /** Largest condition number that is accepted. */
  private static final double LARGEST_CONDITION = 1e5;

  private SeminormalEquations() {}

  /**
   * Solves, unless the problem is ill-conditioned.
   *
   * @param unknowns number of columns
   * @param blocks number of blocks of rows
   * @param rows block i, shape [k, unknowns + 1], the right-hand side last
   */
  static Optional<LeastSquares.Solution> solve(int unknowns, int blocks, IntFunction<Tensor> rows) {
    Tensor gram = Tensor.zeros(DType.F64, unknowns + 1, unknowns + 1);
    for (int i = 0; i < blocks; i++) {
      SymmetricRankUpdate.updateLower(1, rows.apply(i).transpose(), 1, gram);
    }
    SymmetricRankUpdate.mirrorLower(gram);
    Cholesky factor;
    try {
      factor = Cholesky.decompose(gram.slice(0, 0, unknowns).slice(1, 0, unknowns));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not positive definite to working precision
    }
    double[] values = Svd.values(factor.lower()).toDoubles();
    double condition = values[0] / values[unknowns - 1];
    if (!(condition <= LARGEST_CONDITION)) {
      return Optional.empty();
    }
    Tensor x = factor.solve(gram.row(unknowns).slice(0, 0, unknowns).copy());
    Tensor gradient = Tensor.zeros(DType.F64, unknowns);
    double square = 0;
    for (int i = 0; i < blocks; i++) {
      Tensor block = rows.apply(i);
      Tensor a = block.slice(1, 0, unknowns);
      Tensor residual = block.slice(1, unknowns, unknowns + 1).copy().reshape(block.size(0));
      MatrixProduct.multiply(-1, a, x, 1, residual);
      MatrixProduct.multiply(1, a.transpose(), residual, 1, gradient);
      for (double r : residual.toDoubles()) {
        square += r * r;
      }
    }
    Tensor correction = factor.solve(gradient);
    double[] solution = x.toDoubles();
    for (int j = 0; j < unknowns; j++) {
      solution[j] += correction.get(j);
      // |r - A c|^2 = |r|^2 - c . A^T r
      square -= correction.get(j) * gradient.get(j);
    }
    return Optional.of(
        new LeastSquares.Solution(
            solution, variances(factor), condition, unknowns, Math.max(0, square)));
  }

  /** Diagonal of {@code (L L^T)^-1}: squared lengths of the columns of {@code L^-1}. */
  private static double[] variances(Cholesky factor) {
    double[] inverse = Triangular.lower(factor.lower()).inverse().toDoubles();
    int n = factor.lower().size(0);
    double[] variances = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        variances[j] += inverse[i * n + j] * inverse[i * n + j];
      }
    }
    return variances;
  }
}
