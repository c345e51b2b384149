package org.quadrille.linalg;

/**
 * A lower or upper triangular matrix: systems of equations and products with it, from the left and
 * the right, for one vector or many.
 *
 * {@snippet :
 * Tensor x = Triangular.lower(l).solve(b);                        // L x = b
 * Tensor y = Triangular.upper(r).transpose().solve(b);            // R^T y = b
 * Triangular.upper(r).solveRightInPlace(a);                       // A := A R^-1
 * Tensor z = Triangular.lower(l).withUnitDiagonal().multiply(b);  // diagonal of L taken as 1
 * }
 *
 * <p>Recursion on halves, so the work is matrix products; triangles of 64 rows are solved by
 * substitution, none is inverted. The other triangle of the matrix is never read. The matrix is a
 * view: changing it changes this.
 *
 * <p><b>Accuracy</b>: each column x of a solution satisfies {@code (T + E) x = b} with {@code |E|}
 * within n u |T|, element by element (Higham, "Accuracy and Stability of Numerical Algorithms",
 * theorem 8.5). <b>Cost</b>: n^2 k flops for k columns. <b>Bits</b>: the same for every number of
 * threads and every backend.
 */
public final class Triangular {

  private final Tensor matrix;
  private final boolean isLower;
  private final boolean hasUnitDiagonal;

  private Triangular(Tensor matrix, boolean isLower, boolean hasUnitDiagonal) {
    this.matrix = matrix;
    this.isLower = isLower;
    this.hasUnitDiagonal = hasUnitDiagonal;
  }

  /**
   * The lower triangle of a matrix.
   *
   * @param matrix shape [n, n], any strides, not copied; what is above the diagonal is never read
   * @throws IllegalArgumentException if it is not square
   */
  public static Triangular lower(Tensor matrix) {
    return new Triangular(checkSquare(matrix), true, false);
  }

  /**
   * The upper triangle of a matrix.
   *
   * @param matrix shape [n, n], any strides, not copied; what is below the diagonal is never read
   * @throws IllegalArgumentException if it is not square
   */
  public static Triangular upper(Tensor matrix) {
    return new Triangular(checkSquare(matrix), false, false);
  }

  /** The same triangle with ones on the diagonal, whatever the matrix holds there. */
  public Triangular withUnitDiagonal() {
    return new Triangular(matrix, isLower, true);
  }

  /** The transpose, on the same elements. */
  public Triangular transpose() {
    return new Triangular(matrix.transpose(), !isLower, hasUnitDiagonal);
  }

  /**
   * The solution of {@code T x = b}.
   *
   * @param b shape [n] or [n, k], the dtype of the matrix, not modified
   * @return a new tensor of the shape of b
   * @throws IllegalArgumentException if shapes or dtypes do not fit, an element is NaN or infinite,
   *     an element of the diagonal is zero, or the solution overflows
   */
  public Tensor solve(Tensor b) {
    check("solve", b, 0);
    requireNonZeroDiagonal();
    Tensor x = b.copy();
    TriangularBlocks.solve(matrix, isLower, hasUnitDiagonal, OperatorChecks.columns(x));
    return finish("solve", b, x);
  }

  /** As {@link #solve}, overwriting {@code b}, of any strides, which is returned. */
  public Tensor solveInPlace(Tensor b) {
    check("solve", b, 0);
    requireNonZeroDiagonal();
    Norms.requireFinite("solve", b);
    TriangularBlocks.solve(matrix, isLower, hasUnitDiagonal, OperatorChecks.columns(b));
    return finish("solve", b);
  }

  /**
   * The solution of {@code X T = B}, overwriting {@code b}.
   *
   * @param b shape [k, n], the dtype of the matrix, any strides, modified
   * @return b
   * @throws IllegalArgumentException as {@link #solve}
   */
  public Tensor solveRightInPlace(Tensor b) {
    check("solveRight", b, 1);
    requireNonZeroDiagonal();
    Norms.requireFinite("solveRight", b);
    // T^T X^T = B^T
    TriangularBlocks.solve(matrix.transpose(), !isLower, hasUnitDiagonal, b.transpose());
    return finish("solveRight", b);
  }

  /**
   * The product {@code T b}.
   *
   * @param b shape [n] or [n, k], the dtype of the matrix, not modified
   * @return a new tensor of the shape of b
   * @throws IllegalArgumentException if shapes or dtypes do not fit, an element is NaN or infinite,
   *     or the product overflows
   */
  public Tensor multiply(Tensor b) {
    check("multiply", b, 0);
    Tensor x = b.copy();
    TriangularBlocks.multiply(matrix, isLower, hasUnitDiagonal, OperatorChecks.columns(x));
    return finish("multiply", b, x);
  }

  /** As {@link #multiply}, overwriting {@code b}, of any strides, which is returned. */
  public Tensor multiplyInPlace(Tensor b) {
    check("multiply", b, 0);
    Norms.requireFinite("multiply", b);
    TriangularBlocks.multiply(matrix, isLower, hasUnitDiagonal, OperatorChecks.columns(b));
    return finish("multiply", b);
  }

  /**
   * The product {@code B T}, overwriting {@code b}.
   *
   * @param b shape [k, n], the dtype of the matrix, any strides, modified
   * @return b
   * @throws IllegalArgumentException as {@link #multiply}
   */
  public Tensor multiplyRightInPlace(Tensor b) {
    check("multiplyRight", b, 1);
    Norms.requireFinite("multiplyRight", b);
    TriangularBlocks.multiply(matrix.transpose(), !isLower, hasUnitDiagonal, b.transpose());
    return finish("multiplyRight", b);
  }

  /**
   * The inverse, {@code n^3 / 3} flops. To apply it, {@link #solve} is more accurate.
   *
   * @return a new tensor of shape [n, n] with zeros in the other triangle
   * @throws IllegalArgumentException if an element is NaN or infinite, an element of the diagonal
   *     is zero, or the inverse overflows
   */
  public Tensor inverse() {
    requireFiniteTriangle("inverse");
    requireNonZeroDiagonal();
    int n = matrix.size(0);
    Tensor inverse = Tensor.zeros(matrix.dtype(), n, n);
    TriangularBlocks.copyTriangle(matrix, isLower, hasUnitDiagonal, inverse);
    for (int i = 0; hasUnitDiagonal && i < n; i++) {
      inverse.set(1, i, i);
    }
    TriangularBlocks.invert(inverse, isLower, hasUnitDiagonal);
    return requireFiniteResult("inverse", inverse);
  }

  private void check(String method, Tensor b, int axis) {
    int n = matrix.size(0);
    boolean fits = (b.rank() == 2 || (b.rank() == 1 && axis == 0)) && b.size(axis) == n;
    if (!fits) {
      String expected = axis == 0 ? "shape [" + n + "] or [" + n + ", k]" : "shape [k, " + n + "]";
      throw new IllegalArgumentException(
          method + ": given " + b + " for the triangle of " + matrix + ", expected " + expected);
    }
    if (b.dtype() != matrix.dtype()) {
      throw new IllegalArgumentException(
          method
              + ": given "
              + b
              + " for the triangle of "
              + matrix
              + ", expected one dtype; convert one with to(DType."
              + matrix.dtype()
              + ")");
    }
    if (Aliasing.shareElements(matrix, b)) {
      throw new IllegalArgumentException(
          method + ": " + b + " shares elements with the triangle of " + matrix + "; pass a copy");
    }
  }

  /**
   * Returns the result x. Only if it is not finite, the reason is searched: NaN and infinity in b
   * or the triangle spread to it (but for an infinite pivot, which is refused before).
   */
  private Tensor finish(String method, Tensor b, Tensor x) {
    if (Double.isFinite(Norms.max(x))) {
      return x;
    }
    Norms.requireFinite(method, b);
    return finish(method, x);
  }

  /** As above where b was finite and is overwritten. */
  private Tensor finish(String method, Tensor x) {
    if (Double.isFinite(Norms.max(x))) {
      return x;
    }
    requireFiniteTriangle(method);
    return requireFiniteResult(method, x);
  }

  private void requireFiniteTriangle(String method) {
    int n = matrix.size(0);
    for (int i = 0; i < n; i++) {
      Tensor part = matrix.row(i).slice(0, isLower ? 0 : i, isLower ? i + 1 : n);
      if (!Double.isFinite(Norms.max(part)) && !(hasUnitDiagonal && isFiniteButDiagonal(i))) {
        throw new IllegalArgumentException(
            method
                + ": row "
                + i
                + " of the triangle of "
                + matrix
                + " has a NaN or infinite element, expected finite numbers");
      }
    }
  }

  private boolean isFiniteButDiagonal(int i) {
    int n = matrix.size(0);
    Tensor part = matrix.row(i).slice(0, isLower ? 0 : i + 1, isLower ? i : n);
    return Double.isFinite(Norms.max(part));
  }

  private void requireNonZeroDiagonal() {
    for (int i = 0; i < matrix.size(0); i++) {
      double pivot = hasUnitDiagonal ? 1 : matrix.get(i, i);
      if (!Double.isFinite(pivot)) {
        requireFiniteTriangle("triangle");
      }
      if (pivot == 0) {
        throw new IllegalArgumentException(
            "triangle of "
                + matrix
                + " is singular: element ["
                + i
                + ", "
                + i
                + "] is 0, expected a nonzero diagonal; use Svd or Qr for rank-deficient systems");
      }
    }
  }

  /** Returns the result unless it overflowed. */
  static Tensor requireFiniteResult(String method, Tensor x) {
    if (!Double.isFinite(Norms.max(x))) {
      throw new IllegalArgumentException(
          method
              + ": the result overflows "
              + x.dtype()
              + ", expected finite numbers; scale the operands down, or check whether the matrix is"
              + " singular to working precision");
    }
    return x;
  }

  private static Tensor checkSquare(Tensor matrix) {
    if (matrix.rank() != 2 || matrix.size(0) != matrix.size(1)) {
      throw new IllegalArgumentException(
          "triangular matrix: given " + matrix + ", expected a square matrix");
    }
    return matrix;
  }
}
