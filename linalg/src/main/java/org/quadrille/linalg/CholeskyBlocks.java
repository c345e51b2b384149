package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Cholesky factorization {@code A = R^T R} in place by recursion on halves: {@code R_11} of the
 * first block, {@code R_12 = R_11^-T A_12}, then the factor of {@code A_22 - R_12^T R_12}
 * (Gustavson, "Recursion leads to automatic variable blocking for dense linear-algebra algorithms",
 * IBM J. Res. Dev. 41, 1997).
 */
final class CholeskyBlocks {

  /** Blocks up to this size are factored element by element, in double. */
  private static final int SMALL = 32;

  private CholeskyBlocks() {}

  /**
   * Overwrites the upper triangle of {@code a} by R. What is below the diagonal is not read and
   * partly overwritten.
   *
   * @param a shape [n, n], any strides, best with contiguous rows
   * @return -1, or the index of the first pivot that is not positive (nor finite); the element on
   *     the diagonal there is the pivot
   */
  static int factor(Tensor a) {
    int n = a.size(0);
    if (n <= SMALL) {
      return factorSmall(a);
    }
    int half = Math.ceilDiv(n, 2 * SMALL) * SMALL;
    Tensor a11 = TriangularBlocks.block(a, 0, half, 0, half);
    Tensor a12 = TriangularBlocks.block(a, 0, half, half, n);
    Tensor a22 = TriangularBlocks.block(a, half, n, half, n);
    int failed = factor(a11);
    if (failed >= 0) {
      return failed;
    }
    TriangularBlocks.solve(a11.transpose(), true, false, a12);
    SymmetricRankUpdate.overwriting(-1, a12.transpose(), 1, a22.transpose());
    failed = factor(a22);
    return failed < 0 ? -1 : half + failed;
  }

  private static int factorSmall(Tensor a) {
    int n = a.size(0);
    Tensor block = Tensor.zeros(DType.F64, n, n).assign(a);
    int failed = factorSmall(block.doubles(), n);
    a.assign(block);
    return failed;
  }

  /** Row after row (Golub and Van Loan, section 4.2), a contiguous. */
  private static int factorSmall(double[] a, int n) {
    Kernels kernels = KernelProvider.active();
    for (int k = 0; k < n; k++) {
      int row = k * n;
      double pivot = a[row + k];
      if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
        return k;
      }
      double root = Math.sqrt(pivot);
      a[row + k] = root;
      for (int j = k + 1; j < n; j++) {
        a[row + j] /= root;
      }
      // a_ij := a_ij - r_ki r_kj
      for (int i = k + 1; i < n; i++) {
        kernels.axpy(n - i, -a[row + i], a, row + i, 1, a, i * n + i, 1);
      }
    }
    return -1;
  }
}
