package org.quadrille.lowrank.solve;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Systems with {@code W + s B A} from a factored W, without factoring the sum.
 *
 * <p>{@code (W + s B A)^-1 = W^-1 - s W^-1 B C^-1 A W^-1} with the capacitance matrix {@code C = I
 * + s A W^-1 B} of shape r x r (Woodbury, Inverting modified matrices, Princeton 1950; Hager,
 * Updating the inverse of a matrix, SIAM Review 31, 1989), and {@code det(W + s B A) = det(W)
 * det(C)}.
 *
 * {@snippet :
 * WoodburySolver solver = WoodburySolver.of(FactoredMatrix.of(Cholesky.decompose(w)), update);
 * Tensor x = solver.solve(b); // (W + s B A) x = b
 * double logDeterminant = solver.logDeterminant();
 * }
 *
 * <p><b>Cost</b>: r solutions with W and O(n r^2 + r^3) once; a solution with W and 4 n r flops for
 * each right-hand side. <b>Accuracy</b>: errors grow with the condition of W and of C; where {@link
 * #capacitanceCondition} is large, W alone is far from singular and the sum is near it, or the
 * other way round: factor the sum instead. The small matrix is handled in double precision.
 * Immutable.
 */
public final class WoodburySolver {
  private final FactoredMatrix base;
  private final LowRank update;
  private final Tensor solvedLeft;
  private final Tensor solvedRight;
  private final PivotedLu capacitance;
  private final double condition;

  private WoodburySolver(
      FactoredMatrix base,
      LowRank update,
      Tensor solvedLeft,
      Tensor solvedRight,
      PivotedLu capacitance,
      double condition) {
    this.base = base;
    this.update = update;
    this.solvedLeft = solvedLeft;
    this.solvedRight = solvedRight;
    this.capacitance = capacitance;
    this.condition = condition;
  }

  /**
   * Prepares the small matrix.
   *
   * @param base the factored W
   * @param update s B A of the same size and dtype
   * @throws IllegalArgumentException if sizes or dtypes differ, or the sum is singular to working
   *     precision
   */
  public static WoodburySolver of(FactoredMatrix base, LowRank update) {
    int n = base.size();
    if (update.rows() != n || update.cols() != n || update.dtype() != base.dtype()) {
      throw new IllegalArgumentException(
          "update " + update + ": expected " + base.dtype() + " of shape [" + n + ", " + n + "]");
    }
    int r = update.rank();
    Tensor left = base.solve(update.left());
    Tensor right = base.solveTransposed(update.right().transpose());
    // C = I + s A W^-1 B
    Tensor c = Tensor.zeros(DType.F64, r, r);
    for (int i = 0; i < r; i++) {
      c.set(1, i, i);
    }
    MatrixProduct.multiply(update.scale(), update.right().to(DType.F64), left.to(DType.F64), 1, c);
    PivotedLu lu = PivotedLu.of(c);
    double condition = lu.isSingular() ? Double.POSITIVE_INFINITY : lu.condition(c);
    double unit = update.dtype() == DType.F32 ? 0x1p-24 : 0x1p-53;
    if (!(condition * unit < 1)) {
      throw new IllegalArgumentException(
          "W + s B A is singular to working precision: the capacitance matrix of "
              + update
              + " has condition "
              + condition
              + ", expected below "
              + 1 / unit);
    }
    return new WoodburySolver(base, update, left, right, lu, condition);
  }

  /** {@code |C|_1 |C^-1|_1} of the capacitance matrix. */
  public double capacitanceCondition() {
    return condition;
  }

  /**
   * The solution of {@code (W + s B A) x = b}.
   *
   * @param b shape [n] or [n, k], the dtype of W, not modified
   * @return a new tensor of the shape of b
   * @throws IllegalArgumentException if shape or dtype do not fit or b is not finite
   */
  public Tensor solve(Tensor b) {
    Tensor x = base.solve(b);
    // x := y - s (W^-1 B) C^-1 (A y)
    Tensor inner = columns(MatrixProduct.multiply(update.right(), x)).to(DType.F64);
    Tensor small = capacitance.solve(inner).to(base.dtype());
    return subtract(solvedLeft, small, x);
  }

  /** The solution of {@code (W + s B A)^T x = b}; see {@link #solve}. */
  public Tensor solveTransposed(Tensor b) {
    Tensor x = base.solveTransposed(b);
    Tensor inner = columns(MatrixProduct.multiply(update.left().transpose(), x)).to(DType.F64);
    Tensor small = capacitance.solveTransposed(inner).to(base.dtype());
    return subtract(solvedRight, small, x);
  }

  private Tensor subtract(Tensor tall, Tensor small, Tensor x) {
    Tensor product = MatrixProduct.multiply(tall, small);
    return Arithmetic.axpy(
        -update.scale(), x.rank() == 1 ? product.reshape(x.size(0)) : product, x);
  }

  /** Natural logarithm of the absolute value of the determinant of the sum. */
  public double logDeterminant() {
    return base.logDeterminant() + capacitance.logDeterminant();
  }

  /** Sign of the determinant of the sum, 1 or -1. */
  public int determinantSign() {
    return base.determinantSign() * capacitance.determinantSign();
  }

  private static Tensor columns(Tensor x) {
    return x.rank() == 2 ? x : x.reshape(x.size(0), 1);
  }
}
