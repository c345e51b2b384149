package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Eigenvalues alone of a symmetric tridiagonal matrix by QL steps without square roots (Pal, Walker
 * and Kahan; Parlett, "The Symmetric Eigenvalue Problem", section 8.15; LAPACK's sterf).
 *
 * <p>Works on the squares of the elements beside the diagonal, so the matrix must be scaled to
 * moderate size. Errors are a small multiple of the unit roundoff of double and the largest
 * eigenvalue. About 15 n^2 operations.
 */
final class TridiagonalValues {
  private static final double UNIT_ROUNDOFF = 0x1p-53;
  private static final int STEPS = 60;

  private final int n;
  private final double[] d;

  /** Squares of the elements beside the diagonal. */
  private final double[] squares;

  private TridiagonalValues(double[] d, double[] squares) {
    this.n = d.length;
    this.d = d;
    this.squares = squares;
  }

  /**
   * Overwrites {@code d} with the eigenvalues, ascending.
   *
   * @param d diagonal, length n
   * @param e elements beside the diagonal, length n (the last one is not used); destroyed
   * @throws NotConvergedException after 60 steps for one eigenvalue
   */
  static void compute(double[] d, double[] e) {
    for (int i = 0; i < e.length; i++) {
      e[i] *= e[i];
    }
    TridiagonalValues values = new TridiagonalValues(d, e);
    int blockEnd = -1;
    for (int l = 0; l < values.n; l++) {
      if (l > blockEnd) {
        blockEnd = values.blockEnd(l);
        if (Math.abs(d[blockEnd]) < Math.abs(d[l])) {
          values.turnAround(l, blockEnd);
        }
      }
      values.converge(l);
    }
    Arrays.sort(d);
  }

  private void converge(int l) {
    for (int steps = 0; ; steps++) {
      int m = blockEnd(l);
      if (m == l) {
        return;
      }
      if (steps == STEPS) {
        throw new NotConvergedException(
            "QL iteration without square roots",
            STEPS,
            Math.sqrt(squares[l]),
            UNIT_ROUNDOFF * Math.abs(d[l]),
            null);
      }
      step(l, m);
    }
  }

  private int blockEnd(int l) {
    int m = l;
    while (m < n - 1 && !isNegligible(m)) {
      m++;
    }
    return m;
  }

  private boolean isNegligible(int m) {
    return squares[m] <= UNIT_ROUNDOFF * UNIT_ROUNDOFF * Math.abs(d[m] * d[m + 1])
        || squares[m] < Double.MIN_NORMAL;
  }

  private void turnAround(int from, int to) {
    for (int i = from, j = to; i < j; i++, j--) {
      double swap = d[i];
      d[i] = d[j];
      d[j] = swap;
    }
    for (int i = from, j = to - 1; i < j; i++, j--) {
      double swap = squares[i];
      squares[i] = squares[j];
      squares[j] = swap;
    }
  }

  private void step(int l, int m) {
    // Wilkinson's shift from the leading 2 x 2 block
    double root = Math.sqrt(squares[l]);
    double half = (d[l + 1] - d[l]) / (2 * root);
    double shift = d[l] - root / (half + Math.copySign(Norms.hypot(Math.abs(half), 1), half));
    double c = 1;
    double s = 0;
    double gamma = d[m] - shift;
    double p = gamma * gamma;
    for (int i = m - 1; i >= l; i--) {
      double square = squares[i];
      double r = p + square;
      // The block's own end stays cut off: s is 0 there.
      squares[i + 1] = s * r;
      double oldC = c;
      double inverse = 1 / r;
      c = p * inverse;
      s = square * inverse;
      double oldGamma = gamma;
      double alpha = d[i];
      gamma = c * (alpha - shift) - s * oldGamma;
      d[i + 1] = oldGamma + (alpha - gamma);
      p = c != 0 ? gamma * gamma / c : oldC * square;
    }
    squares[l] = s * p;
    d[l] = shift + gamma;
  }
}
