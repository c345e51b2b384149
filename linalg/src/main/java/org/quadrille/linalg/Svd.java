package org.quadrille.linalg;

/**
 * Singular value decomposition {@code A = U diag(s) V^T}, complete or truncated.
 *
 * {@snippet :
 * Svd svd = Svd.exact(a);
 * Tensor best = svd.truncate(8).reconstruct(); // nearest matrix of rank 8
 * }
 *
 * @param u left singular vectors, shape [m, r], orthonormal columns
 * @param singularValues shape [r], descending, not negative
 * @param v right singular vectors, shape [n, r], orthonormal columns
 */
public record Svd(Tensor u, Tensor singularValues, Tensor v) {

  /** Checks that the shapes belong together. */
  public Svd {
    boolean fits =
        u.rank() == 2
            && v.rank() == 2
            && singularValues.rank() == 1
            && u.size(1) == singularValues.size(0)
            && v.size(1) == singularValues.size(0);
    if (!fits) {
      throw new IllegalArgumentException(
          "singular vectors "
              + u
              + " and "
              + v
              + " and singular values "
              + singularValues
              + "; expected shapes [m, r], [n, r] and [r]");
    }
  }

  /**
   * All min(m, n) singular values and vectors.
   *
   * <p>Blocked reduction to bidiagonal form by Householder reflections (Dongarra, Sorensen and
   * Hammarling 1989), of the triangle of a QR factorization if A is tall, and divide and conquer on
   * the bidiagonal matrix (Gu and Eisenstat 1995), in the dtype of A; matrices of up to {@value
   * ExactSvd#SMALL} columns or rows by QR iteration in double; one-sided Jacobi rotations in the
   * rare case that QR iteration does not converge.
   *
   * <p><b>Accuracy</b>: with n the larger size and u the unit roundoff of the dtype, {@code |A - U
   * S V^T|}, all errors of singular values and, relative to 1, all departures of {@code U^T U} and
   * {@code V^T V} from the identity are below {@code n u |A|} times a small constant (a fraction of
   * 1 as measured), in any scale. Singular values far below the largest one have no relative
   * accuracy. <b>Cost</b>: about {@code 4 m n^2 + 8 n^3} flops for m >= n, mostly in matrix
   * products; five to eight copies of A; use {@link RandomizedSvd} for the leading part of a large
   * matrix. <b>Bits</b>: the same for every number of threads and every backend.
   *
   * @param a shape [m, n], not modified; empty and zero matrices are fine
   * @return U and V may be views whose columns, not rows, are contiguous
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   * @throws NotConvergedException if no method converges
   */
  public static Svd exact(Tensor a) {
    checkMatrix(a);
    return ExactSvd.decompose(a);
  }

  /**
   * All min(m, n) singular values without vectors: a third of the work of {@link #exact}, with the
   * same accuracy. The bidiagonal matrix is diagonalized by QR iteration (Demmel and Kahan 1990).
   *
   * @param a shape [m, n], not modified; empty and zero matrices are fine
   * @return shape [min(m, n)], descending, not negative, in the dtype of a
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   * @throws NotConvergedException if no method converges
   */
  public static Tensor values(Tensor a) {
    checkMatrix(a);
    return ExactSvd.values(a);
  }

  private static void checkMatrix(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("SVD: given " + a + ", expected a matrix");
    }
    Norms.requireFinite("SVD", a);
  }

  /** Number of singular values held. */
  public int rank() {
    return singularValues.size(0);
  }

  /**
   * The leading {@code rank} singular values and vectors, as views.
   *
   * @param rank 0 to {@link #rank()}
   */
  public Svd truncate(int rank) {
    if (rank < 0 || rank > rank()) {
      throw new IllegalArgumentException(
          "truncate(" + rank + "): expected a rank from 0 to " + rank());
    }
    return new Svd(u.slice(1, 0, rank), singularValues.slice(0, 0, rank), v.slice(1, 0, rank));
  }

  /** {@code U diag(s) V^T} in a new tensor of shape [m, n]. */
  public Tensor reconstruct() {
    return MatrixProduct.multiply(scaleColumns(u, 1), v.transpose());
  }

  /**
   * The same matrix as an operator with balanced factors {@code U diag(s)^(1/2)} and {@code
   * diag(s)^(1/2) V^T}.
   */
  public LowRank toLowRank() {
    return LowRank.of(scaleColumns(u, 0.5), scaleColumns(v, 0.5).transpose().copy());
  }

  /** The columns of {@code vectors} times the singular values to the power 1 or 1/2; a copy. */
  private Tensor scaleColumns(Tensor vectors, double power) {
    Tensor scaled = vectors.copy();
    for (int j = 0; j < rank(); j++) {
      double s = singularValues.get(j);
      Arithmetic.scale(power == 1 ? s : Math.sqrt(s), scaled.transpose().row(j));
    }
    return scaled;
  }

  /** All parts in another precision. */
  Svd to(DType dtype) {
    return new Svd(u.to(dtype), singularValues.to(dtype), v.to(dtype));
  }

  /** The decomposition of the transposed matrix. */
  Svd swap() {
    return new Svd(v, singularValues, u);
  }
}
