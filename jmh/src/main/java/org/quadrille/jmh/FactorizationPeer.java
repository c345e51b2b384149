package org.quadrille.jmh;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * One operation of one library on a square matrix, which stays as it is: each call copies what the
 * library overwrites. The operations and what {@link #factors} returns for them:
 *
 * <ul>
 *   <li>{@code syrk}: the lower triangle of {@code A A^T}
 *   <li>{@code trsm}: X of {@code L X = B}, L the lower triangle of A
 *   <li>{@code trmm}: {@code L B}
 *   <li>{@code cholesky}: L of {@code A = L L^T}
 *   <li>{@code qr}: Q and R of {@code A = Q R}
 *   <li>{@code svd}: U, s and V of {@code A = U diag(s) V^T}
 * </ul>
 */
interface FactorizationPeer {

  /** Computes everything once. */
  void compute();

  /** The results of the last call, in views or copies. */
  Tensor[] factors();

  /**
   * The operation of a library.
   *
   * @param a shape [n, n], row-major; symmetric positive definite for {@code cholesky}
   * @param b right-hand sides or second factor, shape [n, n], row-major
   */
  static FactorizationPeer of(String library, String operation, int threads, Tensor a, Tensor b) {
    boolean single = a.dtype() == DType.F32;
    return switch (library) {
      case "quadrille" -> new QuadrilleFactorization(operation, threads, a, b);
      case "openblas" ->
          single
              ? new OpenBlasFloatFactorization(operation, threads, a, b)
              : new OpenBlasDoubleFactorization(operation, threads, a, b);
      case "ejml" ->
          single
              ? new EjmlFloatFactorization(operation, threads, a, b)
              : new EjmlDoubleFactorization(operation, threads, a, b);
      default ->
          throw new IllegalArgumentException(
              "library " + library + ": expected quadrille, openblas or ejml");
    };
  }

  /** For operations that a library does not have. */
  static IllegalArgumentException unknown(String operation) {
    return new IllegalArgumentException(
        "operation "
            + operation
            + ": expected syrk, trsm, trmm, cholesky, qr or svd (EJML has no trmm)");
  }
}
