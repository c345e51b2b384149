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
   * <p>Computed in double by EJML's implicit QR iteration (after a QR factorization if A is tall),
   * and by one-sided Jacobi rotations in the rare case that it does not converge; rounded to the
   * dtype of A at the end.
   *
   * <p><b>Accuracy</b>: singular values within 8 max(m, n) 2^-52 of the largest one, in any scale.
   * <b>Cost</b>: about 20 m n min(m, n) flops on one thread; use {@link RandomizedSvd} for the
   * leading part of a large matrix.
   *
   * @param a shape [m, n], not modified; empty and zero matrices are fine
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   * @throws NotConvergedException if neither method converges
   */
  public static Svd exact(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("SVD: given " + a + ", expected a matrix");
    }
    Norms.requireFinite("SVD", a);
    return ExactSvd.decompose(a).to(a.dtype());
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
