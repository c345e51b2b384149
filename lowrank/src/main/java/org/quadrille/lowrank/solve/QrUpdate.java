package org.quadrille.lowrank.solve;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;

/**
 * The thin QR factorization of {@code A + s U V^T} from that of A, for A with at least as many rows
 * as columns: O(k (m n + n^2)) instead of O(m n^2).
 *
 * <p>One pair of vectors at a time (Daniel, Gragg, Kaufman and Stewart, Reorthogonalization and
 * stable algorithms for updating the Gram-Schmidt QR factorization, Math. Comp. 30, 1976): the part
 * of u outside the range of Q becomes one more column, found by two rounds of Gram and Schmidt;
 * rotations from below turn the coefficients of u into a multiple of the first unit vector, which
 * leaves R a Hessenberg matrix; rotations from above make it a triangle again.
 */
public final class QrUpdate {
  private final int m;
  private final int n;
  private final double[][] q;
  private final double[][] r;

  private QrUpdate(Qr qr) {
    this.m = qr.q().size(0);
    this.n = qr.r().size(1);
    this.q = new double[n + 1][];
    this.r = new double[n + 1][];
    for (int i = 0; i < n; i++) {
      q[i] = qr.q().transpose().row(i).toDoubles();
      r[i] = qr.r().row(i).toDoubles();
    }
  }

  /**
   * The factorization after an update.
   *
   * @param qr of A, shape [m, n] with m &gt;= n, not modified
   * @param update of the shape and dtype of A
   * @throws IllegalArgumentException if shapes or dtypes differ, A has more columns than rows, or
   *     the result is not finite
   */
  public static Qr of(Qr qr, LowRank update) {
    int m = qr.q().size(0);
    int n = qr.r().size(1);
    if (update.rows() != m || update.cols() != n || update.dtype() != qr.q().dtype()) {
      throw new IllegalArgumentException(
          "update " + update + ": expected " + qr.q().dtype() + " of shape [" + m + ", " + n + "]");
    }
    if (m < n) {
      throw new IllegalArgumentException(
          "QR of shape [" + m + ", " + n + "], expected at least as many rows as columns");
    }
    QrUpdate factors = new QrUpdate(qr);
    for (int i = 0; i < update.rank(); i++) {
      double[] u = update.left().transpose().row(i).toDoubles();
      double[] v = update.right().row(i).toDoubles();
      for (int j = 0; j < n; j++) {
        v[j] *= update.scale();
      }
      factors.add(u, v);
    }
    return factors.result(qr.q().dtype());
  }

  private void add(double[] u, double[] v) {
    q[n] = u;
    r[n] = new double[n];
    double[] w = coefficients(u);
    // from below: w becomes a multiple of the first unit vector, R a Hessenberg matrix
    for (int i = n - 1; i >= 0; i--) {
      double length = Math.hypot(w[i], w[i + 1]);
      if (length > 0) {
        rotate(i, w[i] / length, w[i + 1] / length, i);
        w[i] = length;
      }
    }
    for (int j = 0; j < n; j++) {
      r[0][j] += w[0] * v[j];
    }
    // from above: R becomes a triangle
    for (int i = 0; i < n; i++) {
      double length = Math.hypot(r[i][i], r[i + 1][i]);
      if (length > 0) {
        rotate(i, r[i][i] / length, r[i + 1][i] / length, i);
        r[i + 1][i] = 0;
      }
    }
  }

  /** {@code Q^T u} and the length of the rest, which replaces u, normalized. */
  private double[] coefficients(double[] u) {
    Tensor vector = Tensor.of(u, m);
    double[] w = new double[n + 1];
    double first = project(vector, w);
    double second = project(vector, w);
    // What halves in the second round is rounding: u lies in the range of Q, and the extra column
    // gets no weight.
    if (second > 0 && second >= first / 2) {
      w[n] = second;
      Arithmetic.scale(1 / second, vector);
    } else {
      vector.fill(0);
    }
    return w;
  }

  /** Subtracts the projection on Q, adds its coefficients to w and returns the length left. */
  private double project(Tensor vector, double[] w) {
    for (int i = 0; i < n; i++) {
      Tensor column = Tensor.of(q[i], m);
      double part = Arithmetic.dot(column, vector);
      Arithmetic.axpy(-part, column, vector);
      w[i] += part;
    }
    return Norms.frobenius(vector);
  }

  /** Rows i and i + 1 of R and of Q^T, from column {@code from} of R on. */
  private void rotate(int i, double cosine, double sine, int from) {
    double[] a = r[i];
    double[] b = r[i + 1];
    for (int j = from; j < n; j++) {
      double t = cosine * a[j] + sine * b[j];
      b[j] = cosine * b[j] - sine * a[j];
      a[j] = t;
    }
    double[] x = q[i];
    double[] y = q[i + 1];
    for (int j = 0; j < m; j++) {
      double t = cosine * x[j] + sine * y[j];
      y[j] = cosine * y[j] - sine * x[j];
      x[j] = t;
    }
  }

  private Qr result(DType dtype) {
    Tensor columns = Tensor.zeros(dtype, n, m);
    Tensor triangle = Tensor.zeros(dtype, n, n);
    for (int i = 0; i < n; i++) {
      int sign = r[i][i] < 0 ? -1 : 1;
      Arithmetic.scale(sign, columns.row(i).assign(Tensor.of(q[i], m)));
      for (int j = i; j < n; j++) {
        triangle.set(sign * r[i][j], i, j);
      }
    }
    Norms.requireFinite("updated triangle", triangle);
    Norms.requireFinite("updated basis", columns);
    return new Qr(columns.transpose().copy(), triangle);
  }
}
