package org.quadrille.linalg;

/**
 * Singular values, and vectors if wanted, of an upper bidiagonal matrix by implicit QR iteration
 * (Demmel and Kahan, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat. Comput.
 * 11, 1990; LAPACK's {@code bdsqr}).
 *
 * <p>Everything is in double. The bulge is chased from the larger end of a block to the smaller
 * one, with a zero shift where a shift would be lost in rounding anyway. <b>Accuracy</b>: backward
 * stable, a few n units roundoff of the largest singular value. <b>Cost</b>: about n^2 rotations
 * without vectors; 12 n^3 flops for both sets.
 */
final class BidiagonalQr {
  private static final double UNIT_ROUNDOFF = 0x1p-53;

  /** Sweeps for each singular value before giving up; two are usual. */
  private static final int SWEEPS = 60;

  private final int n;
  private final double[] d;
  private final double[] e;

  /** Left and right singular vectors so far, one per row; null if not wanted. */
  private final double[][] left;

  private final double[][] right;

  /** Cosine, sine and length of the last rotation. */
  private double cos;

  private double sin;
  private double length;

  private BidiagonalQr(double[] d, double[] e, double[][] left, double[][] right) {
    this.n = d.length;
    this.d = d;
    this.e = e;
    this.left = left;
    this.right = right;
  }

  /**
   * Diagonalizes a square bidiagonal matrix.
   *
   * @param d diagonal; overwritten by the singular values, not negative, in no order
   * @param e superdiagonal in its first n - 1 elements; overwritten
   * @param left n rows that are rotated along, or null
   * @param right n rows that are rotated along, or null
   * @throws NotConvergedException after {@value #SWEEPS} n sweeps
   */
  static void diagonalize(double[] d, double[] e, double[][] left, double[][] right) {
    new BidiagonalQr(d, e, left, right).iterate();
  }

  /**
   * Makes a bidiagonal matrix with one column more than rows square: {@code d} has n + 1 elements,
   * the last of them 0, and {@code e[n - 1]} stands right of the last diagonal element. Afterwards
   * {@code e[n - 1]} is 0 and the last row of {@code right} is the null vector.
   */
  static void annihilateLastColumn(double[] d, double[] e, double[][] left, double[][] right) {
    new BidiagonalQr(d, e, left, right).sweepWithoutShift(0, d.length - 1, true);
  }

  private void iterate() {
    long budget = (long) SWEEPS * n;
    int end = n - 1;
    while (end > 0) {
      if (isNegligible(end - 1)) {
        e[end - 1] = 0;
        end--;
        continue;
      }
      int start = end - 1;
      while (start > 0 && !isNegligible(start - 1)) {
        start--;
      }
      if (start > 0) {
        e[start - 1] = 0;
      }
      if (budget-- == 0) {
        throw new NotConvergedException(
            "bidiagonal QR iteration", SWEEPS * n, Math.abs(e[end - 1]), 0, null);
      }
      sweep(start, end);
    }
    for (int i = 0; i < n; i++) {
      if (d[i] < 0) {
        d[i] = -d[i];
        negate(right, i);
      }
    }
  }

  private boolean isNegligible(int i) {
    return Math.abs(e[i]) <= UNIT_ROUNDOFF * (Math.abs(d[i]) + Math.abs(d[i + 1]));
  }

  /** One sweep over the unreduced block from {@code start} to {@code end}. */
  private void sweep(int start, int end) {
    // Graded matrices converge quickly only towards their smaller end.
    boolean down = Math.abs(d[start]) >= Math.abs(d[end]);
    double first = Math.abs(d[down ? start : end]);
    double shift =
        down
            ? smallerSingularValue(d[end - 1], e[end - 1], d[end])
            : smallerSingularValue(d[start + 1], e[start], d[start]);
    double ratio = first == 0 ? 0 : shift / first;
    if (first == 0 || ratio * ratio < UNIT_ROUNDOFF) {
      sweepWithoutShift(start, end, down);
    } else {
      sweepWithShift(start, end, down, shift);
    }
  }

  /**
   * Golub and Kahan's step. Upwards it is the step downwards on the matrix with both orders
   * reversed and transposed, which is upper bidiagonal as well; left and right change places.
   */
  private void sweepWithShift(int start, int end, boolean down, double shift) {
    int step = down ? 1 : -1;
    int from = down ? start : end;
    int to = down ? end : start;
    // Element (i, i + 1) of the (reversed) matrix is e[i + off].
    int off = down ? 0 : -1;
    double[][] columns = down ? right : left;
    double[][] rows = down ? left : right;
    double f = (Math.abs(d[from]) - shift) * (Math.copySign(1, d[from]) + shift / d[from]);
    double g = e[from + off];
    for (int i = from; i != to; i += step) {
      int next = i + step;
      rotation(f, g);
      if (i != from) {
        e[i - step + off] = length;
      }
      f = cos * d[i] + sin * e[i + off];
      e[i + off] = cos * e[i + off] - sin * d[i];
      g = sin * d[next];
      d[next] = cos * d[next];
      rotate(columns, i, next);
      rotation(f, g);
      d[i] = length;
      f = cos * e[i + off] + sin * d[next];
      d[next] = cos * d[next] - sin * e[i + off];
      if (next != to) {
        g = sin * e[next + off];
        e[next + off] = cos * e[next + off];
      }
      rotate(rows, i, next);
    }
    e[to - step + off] = f;
  }

  /** Demmel and Kahan's implicit step with shift zero; keeps relative accuracy. */
  private void sweepWithoutShift(int start, int end, boolean down) {
    int step = down ? 1 : -1;
    int from = down ? start : end;
    int to = down ? end : start;
    int off = down ? 0 : -1;
    double[][] columns = down ? right : left;
    double[][] rows = down ? left : right;
    double cosBefore = 1;
    double sinBefore = 0;
    double cosColumns = 1;
    for (int i = from; i != to; i += step) {
      int next = i + step;
      rotation(d[i] * cosColumns, e[i + off]);
      cosColumns = cos;
      double sinColumns = sin;
      if (i != from) {
        e[i - step + off] = sinBefore * length;
      }
      rotate(columns, i, next);
      rotation(cosBefore * length, d[next] * sinColumns);
      cosBefore = cos;
      sinBefore = sin;
      d[i] = length;
      rotate(rows, i, next);
    }
    double h = d[to] * cosColumns;
    d[to] = h * cosBefore;
    e[to - step + off] = h * sinBefore;
  }

  /** {@code [c s; -s c] (f, g)^T = (length, 0)^T}. */
  private void rotation(double f, double g) {
    if (g == 0) {
      cos = 1;
      sin = 0;
      length = f;
      return;
    }
    if (f == 0) {
      cos = 0;
      sin = 1;
      length = g;
      return;
    }
    double larger = Math.max(Math.abs(f), Math.abs(g));
    // Squares neither overflow nor vanish.
    double scale =
        larger > 0x1p-400 && larger < 0x1p400 ? 1 : Math.scalb(1.0, -Math.getExponent(larger));
    double fs = f * scale;
    double gs = g * scale;
    double r = Math.copySign(Math.sqrt(fs * fs + gs * gs), f);
    cos = fs / r;
    sin = gs / r;
    length = r / scale;
  }

  private void rotate(double[][] vectors, int i, int j) {
    if (vectors != null && sin != 0) {
      rotate(vectors[i], vectors[j], cos, sin);
    }
  }

  /** {@code (x, y) := (c x + s y, c y - s x)}. */
  static void rotate(double[] x, double[] y, double c, double s) {
    for (int k = 0; k < x.length; k++) {
      double xk = x[k];
      double yk = y[k];
      x[k] = c * xk + s * yk;
      y[k] = c * yk - s * xk;
    }
  }

  private static void negate(double[][] vectors, int i) {
    if (vectors != null) {
      double[] row = vectors[i];
      for (int k = 0; k < row.length; k++) {
        row[k] = -row[k];
      }
    }
  }

  /** Smaller singular value of {@code [f g; 0 h]} (LAPACK's {@code las2}). */
  static double smallerSingularValue(double f, double g, double h) {
    double fa = Math.abs(f);
    double ga = Math.abs(g);
    double ha = Math.abs(h);
    double smaller = Math.min(fa, ha);
    double larger = Math.max(fa, ha);
    if (smaller == 0) {
      return 0;
    }
    if (ga < larger) {
      double as = 1 + smaller / larger;
      double at = (larger - smaller) / larger;
      double au = (ga / larger) * (ga / larger);
      double c = 2 / (Math.sqrt(as * as + au) + Math.sqrt(at * at + au));
      return smaller * c;
    }
    double au = larger / ga;
    if (au == 0) {
      return smaller * larger / ga;
    }
    double as = 1 + smaller / larger;
    double at = (larger - smaller) / larger;
    double c = 1 / (Math.sqrt(1 + (as * au) * (as * au)) + Math.sqrt(1 + (at * au) * (at * au)));
    return 2 * (smaller * c * au);
  }
}
