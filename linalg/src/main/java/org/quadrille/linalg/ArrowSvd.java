package org.quadrille.linalg;

import java.util.function.IntConsumer;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Singular value decomposition of the arrow matrix
 *
 * <pre>
 *     | z_0  z_1  z_2 ... |
 * M = |      d_1          |
 *     |           d_2     |
 * </pre>
 *
 * that joins two halves of a bidiagonal matrix (Gu and Eisenstat, "A divide-and-conquer algorithm
 * for the bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16, 1995, section 3; LAPACK's {@code lasd3},
 * {@code lasd8}).
 *
 * <p>Singular values are roots of a secular equation. The vectors are those of a matrix with
 * slightly different z for which the computed roots are exact, so they are orthogonal to working
 * precision however close the singular values. <b>Cost</b>: about 40 n^2 flops, over roots in
 * parallel.
 */
final class ArrowSvd {
  /** Roots or vectors of one parallel task. */
  private static final int ROOTS = 16;

  private final int n;
  private final double[] d;
  private final double[] z;
  private final SecularEquation equation;

  /**
   * Finds the singular values.
   *
   * @param d ascending with gaps far above rounding, {@code d_0 = 0}
   * @param z none of them 0
   */
  ArrowSvd(double[] d, double[] z) {
    this.n = d.length;
    this.d = d;
    this.z = z;
    this.equation = SecularEquation.ofSquares(d, z);
    forEachRoot(equation::solve);
  }

  /** Singular value k, ascending. */
  double singularValue(int k) {
    return equation.squareRoot(k);
  }

  /**
   * Writes the singular vectors, one per row.
   *
   * @param position where element i of a vector belongs
   * @param left [n, n], contiguous, overwritten
   * @param right [n, n], contiguous, overwritten
   */
  void vectors(int[] position, Tensor left, Tensor right) {
    double[] exact = new double[n];
    forEachRoot(i -> exact[i] = Math.copySign(Math.sqrt(squareOfExactWeight(i)), z[i]));
    int tasks = Math.ceilDiv(n, ROOTS);
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              double[] u = new double[n];
              double[] v = new double[n];
              for (int k = task * ROOTS; k < Math.min(n, (task + 1) * ROOTS); k++) {
                vector(k, exact, u, v);
                store(u, position, left, k);
                store(v, position, right, k);
              }
            });
  }

  /**
   * The z for which the computed roots are exact (Gu and Eisenstat, equation 3.3): with w_k the
   * singular values, {@code z_i^2 = (w_last^2 - d_i^2) prod_(k < i) (w_k^2 - d_i^2) / (d_k^2 -
   * d_i^2) prod_(i <= k < last) (w_k^2 - d_i^2) / (d_(k+1)^2 - d_i^2)}. Every quotient is below 1.
   */
  private double squareOfExactWeight(int i) {
    double product = -equation.difference(i, n - 1);
    for (int k = 0; k < i; k++) {
      product *= equation.difference(i, k) / equation.distance(i, k);
    }
    for (int k = i; k < n - 1; k++) {
      product *= equation.difference(i, k) / equation.distance(i, k + 1);
    }
    return product;
  }

  /** {@code v_i = z_i / (d_i^2 - w^2)}, {@code u_i = d_i v_i}, {@code u_0 = -1}, normalized. */
  private void vector(int k, double[] exact, double[] u, double[] v) {
    double uu = 1;
    double vv = 0;
    for (int i = 0; i < n; i++) {
      double quotient = exact[i] / equation.difference(i, k);
      double product = d[i] * quotient;
      v[i] = quotient;
      u[i] = product;
      vv += quotient * quotient;
      uu += product * product;
    }
    u[0] = -1;
    scale(u, 1 / Math.sqrt(uu));
    scale(v, 1 / Math.sqrt(vv));
  }

  private static void scale(double[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  private static void store(double[] x, int[] position, Tensor rows, int k) {
    int at = rows.offset() + k * rows.stride(0);
    if (rows.dtype() == DType.F32) {
      float[] to = rows.floats();
      for (int i = 0; i < x.length; i++) {
        to[at + position[i]] = (float) x[i];
      }
    } else {
      double[] to = rows.doubles();
      for (int i = 0; i < x.length; i++) {
        to[at + position[i]] = x[i];
      }
    }
  }

  private void forEachRoot(IntConsumer action) {
    int tasks = Math.ceilDiv(n, ROOTS);
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              for (int k = task * ROOTS; k < Math.min(n, (task + 1) * ROOTS); k++) {
                action.accept(k);
              }
            });
  }
}
