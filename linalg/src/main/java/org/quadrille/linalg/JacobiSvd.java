package org.quadrille.linalg;

/**
 * Singular value decomposition by one-sided Jacobi rotations (Golub and Van Loan, section 8.6.3):
 * columns are rotated in pairs until all are orthogonal. Slower than QR iteration, but it
 * practically always converges.
 */
final class JacobiSvd {
  private static final int MAX_SWEEPS = 60;

  private final int m;
  private final int n;

  /** Columns of A V, one per row of the array. */
  private final double[] columns;

  /** V transposed. */
  private final double[] rotations;

  private JacobiSvd(Tensor a) {
    m = a.size(0);
    n = a.size(1);
    columns = a.transpose().toDoubles();
    rotations = new double[n * n];
    for (int i = 0; i < n; i++) {
      rotations[i * n + i] = 1;
    }
  }

  /** Decomposes a finite F64 matrix with at least as many rows as columns, of moderate scale. */
  static Svd decompose(Tensor a) {
    JacobiSvd svd = new JacobiSvd(a);
    // Rounding of a dot product of m terms.
    double tolerance = Math.sqrt(svd.m) * 0x1p-52;
    double residual = Double.POSITIVE_INFINITY;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      residual = svd.sweep(tolerance);
      if (residual <= tolerance) {
        return svd.result();
      }
    }
    throw new NotConvergedException(
        "one-sided Jacobi SVD of " + a, MAX_SWEEPS, residual, tolerance, svd.result());
  }

  /** Rotates every pair of columns once; returns the largest cosine met before. */
  private double sweep(double tolerance) {
    double largest = 0;
    double negligible = negligibleSquare();
    for (int i = 0; i < n - 1; i++) {
      for (int j = i + 1; j < n; j++) {
        double a = dot(i, i);
        double b = dot(j, j);
        double c = dot(i, j);
        // Columns that vanish against the largest one are noise, and replaced in the end.
        double cosine =
            Math.min(a, b) <= negligible ? 0 : Math.abs(c) / (Math.sqrt(a) * Math.sqrt(b));
        largest = Math.max(largest, cosine);
        if (cosine > tolerance) {
          // The smaller root of t^2 + 2 zeta t - 1 = 0 annihilates the product.
          double zeta = (b - a) / (2 * c);
          double t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
          double cos = 1 / Math.sqrt(1 + t * t);
          rotate(columns, i * m, j * m, m, cos, cos * t);
          rotate(rotations, i * n, j * n, n, cos, cos * t);
        }
      }
    }
    return largest;
  }

  /** Square of the rounding error of the largest column. */
  private double negligibleSquare() {
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, dot(i, i));
    }
    return largest * (m * 0x1p-53) * (m * 0x1p-53);
  }

  private static void rotate(double[] x, int iAt, int jAt, int length, double cos, double sin) {
    for (int k = 0; k < length; k++) {
      double xi = x[iAt + k];
      double xj = x[jAt + k];
      x[iAt + k] = cos * xi - sin * xj;
      x[jAt + k] = sin * xi + cos * xj;
    }
  }

  private double dot(int i, int j) {
    double sum = 0;
    for (int k = 0; k < m; k++) {
      sum += columns[i * m + k] * columns[j * m + k];
    }
    return sum;
  }

  private Svd result() {
    double[] s = new double[n];
    double largest = 0;
    for (int i = 0; i < n; i++) {
      s[i] = Math.sqrt(dot(i, i));
      largest = Math.max(largest, s[i]);
    }
    Tensor ut = Tensor.of(columns.clone(), n, m);
    for (int i = 0; i < n; i++) {
      if (s[i] > m * 0x1p-53 * largest) {
        Arithmetic.scale(1 / s[i], ut.row(i));
      } else {
        complete(ut, i, s, m * 0x1p-53 * largest);
      }
    }
    int[] order = Descending.order(s);
    Tensor u = Tensor.zeros(DType.F64, m, n);
    Tensor v = Tensor.zeros(DType.F64, n, n);
    Tensor values = Tensor.zeros(DType.F64, n);
    Tensor vt = Tensor.of(rotations, n, n);
    for (int j = 0; j < n; j++) {
      u.transpose().row(j).assign(ut.row(order[j]));
      v.transpose().row(j).assign(vt.row(order[j]));
      values.set(s[order[j]], j);
    }
    return new Svd(u, values, v);
  }

  /**
   * Replaces row i, whose singular value is zero to rounding, by a unit vector orthogonal to all
   * rows that are final: those before it, and those with a larger singular value.
   */
  private void complete(Tensor ut, int i, double[] s, double cutoff) {
    Tensor row = ut.row(i);
    for (int candidate = 0; candidate < m; candidate++) {
      row.fill(0);
      row.set(1, candidate);
      // Twice is enough (Parlett, "The Symmetric Eigenvalue Problem", section 6.9).
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < n; k++) {
          if (k < i || (k != i && s[k] > cutoff)) {
            Tensor other = ut.row(k);
            double length = k < i ? 1 : s[k];
            Arithmetic.axpy(-Arithmetic.dot(other, row) / (length * length), other, row);
          }
        }
      }
      double norm = Norms.frobenius(row);
      // Some unit vector keeps at least this much, because fewer than m directions are taken.
      if (norm * norm * m >= 0.5) {
        Arithmetic.scale(1 / norm, row);
        return;
      }
    }
    throw new IllegalStateException("no direction left among " + m + " for column " + i);
  }
}
