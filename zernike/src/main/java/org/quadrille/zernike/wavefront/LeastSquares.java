package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;

/**
 * A least-squares problem whose rows come in blocks: only the triangle of {@code [A b]} is kept,
 * renewed by a QR factorization of itself and the next rows. Not thread safe.
 */
final class LeastSquares {
  private final int unknowns;
  private Tensor triangle;

  LeastSquares(int unknowns) {
    this.unknowns = unknowns;
    this.triangle = Tensor.zeros(DType.F64, 0, unknowns + 1);
  }

  /**
   * Adds equations.
   *
   * @param rows shape [k, unknowns + 1], the right-hand side last; not modified
   */
  void add(Tensor rows) {
    int above = triangle.size(0);
    Tensor stacked = Tensor.zeros(DType.F64, above + rows.size(0), unknowns + 1);
    stacked.slice(0, 0, above).assign(triangle);
    stacked.slice(0, above, above + rows.size(0)).assign(rows);
    triangle = Qr.triangle(stacked);
  }

  /** The same problem with more equations. */
  LeastSquares with(Tensor rows) {
    LeastSquares more = new LeastSquares(unknowns);
    more.triangle = triangle;
    more.add(rows);
    return more;
  }

  /** {@code |A x - b|^2 = |R x - d|^2 + rho^2}, where {@code [R d; 0 rho]} is the triangle. */
  double squaredResidual(double[] x) {
    double sum = 0;
    for (int i = 0; i < triangle.size(0); i++) {
      double residual = -triangle.get(i, unknowns);
      for (int j = i; j < unknowns; j++) {
        residual += triangle.get(i, j) * x[j];
      }
      sum += residual * residual;
    }
    return sum;
  }

  /**
   * A solution.
   *
   * @param x the unknowns
   * @param variances diagonal of {@code (A^T A)^-1}, over the subspace that was solved for
   * @param conditionNumber largest over smallest singular value of A
   * @param rank how many singular values were kept
   * @param squaredResidual {@code |A x - b|^2}
   */
  record Solution(
      double[] x, double[] variances, double conditionNumber, int rank, double squaredResidual) {}

  /**
   * Solves.
   *
   * @param rankTolerance singular values below it times the largest are left out; 0 for none, and
   *     then a matrix that is singular to rounding error is refused
   */
  Solution solve(double rankTolerance) {
    int n = unknowns;
    // rows of zeros where there are fewer equations than unknowns
    Tensor whole = Tensor.zeros(DType.F64, n, n + 1);
    int rows = Math.min(n, triangle.size(0));
    whole.slice(0, 0, rows).assign(triangle.slice(0, 0, rows));
    Tensor r = whole.slice(1, 0, n).copy();
    Tensor right = whole.slice(1, n, n + 1).copy().reshape(n);
    Svd svd = Svd.exact(r);
    double[] values = svd.singularValues().toDoubles();
    double condition = values[n - 1] == 0 ? Double.POSITIVE_INFINITY : values[0] / values[n - 1];
    boolean deficient = !(condition < 1 / (n * 0x1p-52));
    if (rankTolerance == 0 && deficient) {
      throw new IllegalArgumentException(
          "fit: the points do not determine all "
              + n
              + " modes (condition number "
              + condition
              + "); expected points all over the pupil, more than modes; lower the degree, or set a"
              + " rank tolerance or a ridge");
    }
    int rank = 0;
    while (rank < n && values[rank] > 0 && values[rank] >= rankTolerance * values[0]) {
      rank++;
    }
    double[] x =
        rank == n && !deficient
            ? Triangular.upper(r).solve(right).toDoubles()
            : truncated(svd, values, right, rank);
    return new Solution(x, variances(svd, values, rank), condition, rank, squaredResidual(x));
  }

  /** The shortest solution in the leading singular subspace: {@code V S^-1 U^T b}. */
  private static double[] truncated(Svd svd, double[] values, Tensor right, int rank) {
    Svd leading = svd.truncate(rank);
    Tensor projected = MatrixProduct.multiply(leading.u().transpose(), right);
    for (int i = 0; i < rank; i++) {
      projected.set(projected.get(i) / values[i], i);
    }
    return MatrixProduct.multiply(leading.v(), projected).toDoubles();
  }

  /** {@code sum_i (V_ji / s_i)^2}. */
  private static double[] variances(Svd svd, double[] values, int rank) {
    double[] variances = new double[values.length];
    double[] v = svd.v().toDoubles();
    int width = values.length;
    for (int j = 0; j < variances.length; j++) {
      double sum = 0;
      for (int i = 0; i < rank; i++) {
        double part = v[j * width + i] / values[i];
        sum += part * part;
      }
      variances[j] = sum;
    }
    return variances;
  }
}
