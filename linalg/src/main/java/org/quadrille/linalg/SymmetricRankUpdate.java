package org.quadrille.linalg;

/**
 * Products of a matrix with its own transpose, {@code alpha A A^T + beta C}, at half the work of a
 * general product: one triangle is computed, by recursion on halves.
 *
 * {@snippet :
 * Tensor gram = SymmetricRankUpdate.gram(a);             // A^T A
 * SymmetricRankUpdate.updateLower(-1, a, 1, c);          // lower triangle of C - A A^T
 * SymmetricRankUpdate.updateUpper(1, a.transpose(), 0, c); // upper triangle of A^T A
 * }
 *
 * <p><b>Accuracy</b> and <b>bits</b> as {@link MatrixProduct}. <b>Cost</b>: n^2 k flops for A of
 * shape [n, k]. NaN and infinity follow IEEE 754.
 */
public final class SymmetricRankUpdate {

  /** Blocks on the diagonal up to this size are computed whole. */
  private static final int SMALL = 64;

  private SymmetricRankUpdate() {}

  /**
   * The Gram matrix {@code A^T A}, both triangles, equal to the last bit.
   *
   * @param a shape [m, n], any strides, not modified
   * @return a new tensor of shape [n, n]
   * @throws IllegalArgumentException if a is not a matrix
   */
  public static Tensor gram(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("gram: given " + a + ", expected a matrix");
    }
    int n = a.size(1);
    Tensor c = Tensor.zeros(a.dtype(), n, n);
    overwriting(1, a.transpose(), 0, c);
    mirrorLower(c);
    return c;
  }

  /**
   * The lower triangle of {@code C := alpha A A^T + beta C}; what is above the diagonal is neither
   * read nor written.
   *
   * @param alpha rounded to the dtype
   * @param a shape [n, k], any strides, not modified
   * @param beta rounded to the dtype; where it is 0, the old contents of c do not matter
   * @param c shape [n, n], any strides, modified; must not share elements with a
   * @return c
   * @throws IllegalArgumentException if shapes or dtypes do not fit or c shares elements with a
   */
  public static Tensor updateLower(double alpha, Tensor a, double beta, Tensor c) {
    check(a, c);
    lower(alpha, a, beta, c);
    return c;
  }

  /**
   * The upper triangle of {@code C := alpha A A^T + beta C}; what is below the diagonal is neither
   * read nor written. Otherwise as {@link #updateLower}.
   */
  public static Tensor updateUpper(double alpha, Tensor a, double beta, Tensor c) {
    check(a, c);
    // The product is its own transpose.
    lower(alpha, a, beta, c.transpose());
    return c;
  }

  /**
   * Copies the lower triangle onto the upper one, so that {@code c} is symmetric.
   *
   * @param c shape [n, n], any strides, modified
   * @return c
   * @throws IllegalArgumentException if c is not square
   */
  public static Tensor mirrorLower(Tensor c) {
    if (c.rank() != 2 || c.size(0) != c.size(1)) {
      throw new IllegalArgumentException("mirrorLower: given " + c + ", expected a square matrix");
    }
    mirror(c);
    return c;
  }

  private static void mirror(Tensor c) {
    int n = c.size(0);
    if (n <= SMALL) {
      for (int i = 1; i < n; i++) {
        c.transpose().row(i).slice(0, 0, i).assign(c.row(i).slice(0, 0, i));
      }
      return;
    }
    int half = TriangularBlocks.half(n);
    mirror(TriangularBlocks.block(c, 0, half, 0, half));
    mirror(TriangularBlocks.block(c, half, n, half, n));
    Tensor below = TriangularBlocks.block(c, half, n, 0, half);
    TriangularBlocks.block(c, 0, half, half, n).assign(below.transpose());
  }

  /** As {@link #updateLower}, unchecked. */
  private static void lower(double alpha, Tensor a, double beta, Tensor c) {
    int n = c.size(0);
    if (n <= SMALL) {
      Tensor whole = Tensor.zeros(c.dtype(), n, n);
      TriangularBlocks.copyTriangle(c, true, false, whole);
      MatrixProduct.multiply(alpha, a, a.transpose(), beta, whole);
      TriangularBlocks.copyTriangle(whole, true, false, c);
      return;
    }
    int half = TriangularBlocks.half(n);
    Tensor top = a.slice(0, 0, half);
    Tensor bottom = a.slice(0, half, n);
    lower(alpha, top, beta, TriangularBlocks.block(c, 0, half, 0, half));
    corner(alpha, top, bottom, beta, c);
    lower(alpha, bottom, beta, TriangularBlocks.block(c, half, n, half, n));
  }

  /**
   * As {@link #updateLower}, unchecked, but it also overwrites elements above the diagonal (those
   * of small blocks on it, with what a full product has there), which saves copies.
   */
  static void overwriting(double alpha, Tensor a, double beta, Tensor c) {
    int n = c.size(0);
    if (n <= SMALL) {
      MatrixProduct.multiply(alpha, a, a.transpose(), beta, c);
      return;
    }
    int half = TriangularBlocks.half(n);
    Tensor top = a.slice(0, 0, half);
    Tensor bottom = a.slice(0, half, n);
    overwriting(alpha, top, beta, TriangularBlocks.block(c, 0, half, 0, half));
    corner(alpha, top, bottom, beta, c);
    overwriting(alpha, bottom, beta, TriangularBlocks.block(c, half, n, half, n));
  }

  private static void corner(double alpha, Tensor top, Tensor bottom, double beta, Tensor c) {
    int half = top.size(0);
    Tensor below = TriangularBlocks.block(c, half, c.size(0), 0, half);
    MatrixProduct.multiply(alpha, bottom, top.transpose(), beta, below);
  }

  private static void check(Tensor a, Tensor c) {
    boolean fits =
        a.rank() == 2 && c.rank() == 2 && c.size(0) == a.size(0) && c.size(1) == a.size(0);
    if (!fits || a.dtype() != c.dtype()) {
      String expected =
          a.rank() == 2
              ? a.dtype() + "[" + a.size(0) + ", " + a.size(0) + "]"
              : "a matrix for A and a square one";
      throw new IllegalArgumentException(
          "rank update: product of "
              + a
              + " with its transpose cannot be written to "
              + c
              + "; expected "
              + expected);
    }
    if (Aliasing.shareElements(a, c)) {
      throw new IllegalArgumentException(
          "rank update: " + c + " shares elements with " + a + "; pass another tensor");
    }
  }
}
