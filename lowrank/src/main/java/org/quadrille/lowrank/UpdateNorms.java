package org.quadrille.lowrank;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.SymmetricRankUpdate;
import org.quadrille.linalg.Tensor;

/**
 * Norms and inner products of updates from their factors, in double precision.
 *
 * <p>No m x n matrix is formed; weights of single precision are converted some rows at a time.
 */
public final class UpdateNorms {
  private static final int ROWS_PER_PANEL = 256;

  /** Below this share of its terms a squared norm has lost half its digits or more. */
  private static final double CANCELLATION = 1e-6;

  private UpdateNorms() {}

  /**
   * {@code <D_1, D_2> = s_1 s_2 tr((B_1^T B_2) (A_2 A_1^T))}, the sum of the products of entries. 2
   * (m + n) r_1 r_2 flops.
   *
   * @throws IllegalArgumentException if shapes differ
   */
  public static double inner(LowRank first, LowRank second) {
    if (first.rows() != second.rows() || first.cols() != second.cols()) {
      throw new IllegalArgumentException(
          "inner: given " + first + " and " + second + ", expected equal shapes");
    }
    Tensor left =
        MatrixProduct.multiply(first.left().to(DType.F64).transpose(), second.left().to(DType.F64));
    Tensor right =
        MatrixProduct.multiply(
            first.right().to(DType.F64), second.right().to(DType.F64).transpose());
    return first.scale() * second.scale() * Arithmetic.dot(left, right);
  }

  /**
   * {@code <W, D> = s <B^T W, A>}. 2 m n r flops.
   *
   * @param weight shape [m, n] of the update, not modified
   * @throws IllegalArgumentException if shapes differ
   */
  public static double inner(Tensor weight, LowRank update) {
    checkWeight(weight, update);
    Tensor left = update.left().to(DType.F64);
    Tensor product = Tensor.zeros(DType.F64, update.rank(), update.cols());
    for (int from = 0; from < update.rows(); from += ROWS_PER_PANEL) {
      int to = Math.min(update.rows(), from + ROWS_PER_PANEL);
      Tensor rows = weight.slice(0, from, to).to(DType.F64);
      MatrixProduct.multiply(1, left.slice(0, from, to).transpose(), rows, 1, product);
    }
    return update.scale() * Arithmetic.dot(product, update.right().to(DType.F64));
  }

  /**
   * {@code |s B A|_F} to full relative accuracy: {@code |R_B R_A^T|_F} with the triangles of QR
   * factorizations, where the square root of {@link #inner} would lose half the digits to
   * cancellation.
   */
  public static double frobenius(LowRank update) {
    BalancedFactors factors = BalancedFactors.of(update);
    if (factors.rank() >= Math.min(update.rows(), update.cols())) {
      return Norms.frobenius(MatrixProduct.multiply(factors.left(), factors.right()));
    }
    Tensor left = Qr.triangle(factors.left());
    Tensor right = Qr.triangle(factors.right().transpose());
    return Norms.frobenius(MatrixProduct.multiply(left, right.transpose()));
  }

  /** {@code |s B A|_2}, the largest singular value. */
  public static double spectral(LowRank update) {
    double[] values = FactorSvd.values(update);
    return values.length == 0 ? 0 : values[0];
  }

  /** Sum of the singular values. */
  public static double nuclear(LowRank update) {
    return Arrays.stream(FactorSvd.values(update)).sum();
  }

  /**
   * {@code |W + D|_F}, from {@code |W|^2 + 2 <W, D> + |D|^2} unless these nearly cancel.
   *
   * @param weight shape [m, n] of the update, not modified
   * @throws IllegalArgumentException if shapes differ
   */
  public static double frobeniusOfSum(Tensor weight, LowRank update) {
    double w = Norms.frobenius(weight);
    double d = frobenius(update);
    double square = w * w + 2 * inner(weight, update) + d * d;
    if (square > CANCELLATION * (w * w + d * d) && square <= Double.MAX_VALUE) {
      return Math.sqrt(square);
    }
    double norm = 0;
    for (int from = 0; from < update.rows(); from += ROWS_PER_PANEL) {
      int to = Math.min(update.rows(), from + ROWS_PER_PANEL);
      norm = Math.hypot(norm, Norms.frobenius(MergedRows.of(weight, update, 1, from, to)));
    }
    return norm;
  }

  /**
   * The norms of the rows of {@code W + s B A}, as DoRA needs them (Liu et al., DoRA: Weight-
   * Decomposed Low-Rank Adaptation, 2024): {@code c_i^2 = |w_i|^2 + 2 s <b_i, A w_i> + s^2 b_i^T (A
   * A^T) b_i}, rows in which this cancels computed directly. O(m n r + (m + n) r^2).
   *
   * @param weight shape [m, n] of the update, not modified
   * @return shape [m], doubles
   * @throws IllegalArgumentException if shapes differ
   */
  public static Tensor rowsOfSum(Tensor weight, LowRank update) {
    checkWeight(weight, update);
    Tensor a = update.right().to(DType.F64);
    Tensor gram = SymmetricRankUpdate.gram(a.transpose());
    Tensor norms = Tensor.zeros(DType.F64, update.rows());
    double s = update.scale();
    for (int from = 0; from < update.rows(); from += ROWS_PER_PANEL) {
      int to = Math.min(update.rows(), from + ROWS_PER_PANEL);
      Tensor w = weight.slice(0, from, to).to(DType.F64);
      Tensor b = update.left().slice(0, from, to).to(DType.F64);
      Tensor aw = MatrixProduct.multiply(w, a.transpose());
      Tensor bg = MatrixProduct.multiply(b, gram);
      for (int i = 0; i < to - from; i++) {
        double own = Arithmetic.dot(w.row(i), w.row(i));
        double added = s * s * Arithmetic.dot(bg.row(i), b.row(i));
        double square = own + 2 * s * Arithmetic.dot(aw.row(i), b.row(i)) + added;
        boolean sound = square > CANCELLATION * (own + added) && square <= Double.MAX_VALUE;
        norms.set(
            sound
                ? Math.sqrt(square)
                : Norms.frobenius(MergedRows.of(weight, update, 1, from + i, from + i + 1)),
            from + i);
      }
    }
    return norms;
  }

  static void checkWeight(Tensor weight, LowRank update) {
    if (weight.rank() != 2 || weight.size(0) != update.rows() || weight.size(1) != update.cols()) {
      throw new IllegalArgumentException(
          "weight: given "
              + weight
              + ", expected the shape of the update, ["
              + update.rows()
              + ", "
              + update.cols()
              + "]");
    }
  }
}
