package org.quadrille.lowrank.solve;

import java.util.Arrays;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;

/**
 * {@code P C = L U} with partial pivoting in double precision, for the small matrices that updates
 * lead to (Golub and Van Loan, Matrix Computations, 4th edition, section 3.4).
 */
final class PivotedLu {
  private final Tensor factors;
  private final int[] order;
  private final int sign;
  private final int zeroPivot;

  private PivotedLu(Tensor factors, int[] order, int sign, int zeroPivot) {
    this.factors = factors;
    this.order = order;
    this.sign = sign;
    this.zeroPivot = zeroPivot;
  }

  /** Factors a square matrix, which is not modified. {@code 2/3 n^3} flops. */
  static PivotedLu of(Tensor matrix) {
    int n = matrix.size(0);
    double[] a = matrix.toDoubles();
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    int sign = 1;
    int zero = -1;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        pivot = Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k]) ? i : pivot;
      }
      if (pivot != k) {
        swap(a, n, k, pivot);
        int row = order[k];
        order[k] = order[pivot];
        order[pivot] = row;
        sign = -sign;
      }
      double top = a[k * n + k];
      if (top == 0) {
        zero = k;
        break;
      }
      sign = top < 0 ? -sign : sign;
      for (int i = k + 1; i < n; i++) {
        double factor = a[i * n + k] / top;
        a[i * n + k] = factor;
        for (int j = k + 1; j < n; j++) {
          a[i * n + j] -= factor * a[k * n + j];
        }
      }
    }
    return new PivotedLu(Tensor.of(a, n, n), order, sign, zero);
  }

  private static void swap(double[] a, int n, int k, int pivot) {
    for (int j = 0; j < n; j++) {
      double value = a[k * n + j];
      a[k * n + j] = a[pivot * n + j];
      a[pivot * n + j] = value;
    }
  }

  boolean isSingular() {
    return zeroPivot >= 0;
  }

  int determinantSign() {
    return isSingular() ? 0 : sign;
  }

  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      sum += StrictMath.log(Math.abs(factors.get(i, i)));
    }
    return sum;
  }

  /** The solution of {@code C x = b} for doubles b of shape [n, k], in a new tensor. */
  Tensor solve(Tensor b) {
    Tensor permuted = Tensor.zeros(DType.F64, b.shape());
    for (int i = 0; i < order.length; i++) {
      permuted.row(i).assign(b.row(order[i]));
    }
    Triangular.lower(factors).withUnitDiagonal().solveInPlace(permuted);
    return Triangular.upper(factors).solveInPlace(permuted);
  }

  /** The solution of {@code C^T x = b}: {@code U^T L^T P x = b}. */
  Tensor solveTransposed(Tensor b) {
    Tensor x = Triangular.upper(factors).transpose().solve(b);
    Triangular.lower(factors).withUnitDiagonal().transpose().solveInPlace(x);
    Tensor ordered = Tensor.zeros(DType.F64, b.shape());
    for (int i = 0; i < order.length; i++) {
      ordered.row(order[i]).assign(x.row(i));
    }
    return ordered;
  }

  /** {@code |C|_1 |C^-1|_1}, from the inverse itself. {@code 4/3 n^3} flops more. */
  double condition(Tensor matrix) {
    int n = order.length;
    Tensor identity = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      identity.set(1, i, i);
    }
    return n == 0 ? 1 : Norms.norm1(matrix) * Norms.norm1(solve(identity));
  }
}
