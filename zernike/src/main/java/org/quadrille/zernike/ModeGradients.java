package org.quadrille.zernike;

/**
 * Gradients of all modes from the modes themselves, without a division.
 *
 * <p>For {@code V_d^m = R_d^|m|(r) e^(i m theta)},
 *
 * <pre>
 * dV_d^m/dx = dV_(d-2)^m/dx +   d (V_(d-1)^(m+1) + V_(d-1)^(m-1))
 * dV_d^m/dy = dV_(d-2)^m/dy - i d (V_(d-1)^(m+1) - V_(d-1)^(m-1))
 * </pre>
 *
 * the differences of {@code (R_d^N - R_(d-2)^N)' = d (R_(d-1)^|N-1| + R_(d-1)^(N+1))} and {@code (N
 * / r)(R_d^N - R_(d-2)^N) = d (R_(d-1)^(N-1) - R_(d-1)^(N+1))} in Cartesian form.
 */
final class ModeGradients {
  private final int stride;
  private final int from;
  private final int count;
  private final double[] dx;
  private final double[] dy;

  /** Modes of one degree d - 1; order m at row m + d - 1 over 2. */
  private double[] below;

  private ModeGradients(int degree, int points, int from, int to, double[] dx, double[] dy) {
    this.stride = points;
    this.from = from;
    this.count = to - from;
    this.dx = dx;
    this.dy = dy;
    this.below = new double[(degree + 1) * count];
  }

  /**
   * Gradients at points {@code from} to {@code to - 1}.
   *
   * @param points number of all points, the length of a row
   * @param dx overwritten by the derivatives by x
   * @param dy holds the modes, overwritten by the derivatives by y
   */
  static void ofModes(int degree, int points, int from, int to, double[] dx, double[] dy) {
    ModeGradients gradients = new ModeGradients(degree, points, from, to, dx, dy);
    double[] current = new double[(degree + 1) * (to - from)];
    for (int d = 0; d <= degree; d++) {
      for (int row = 0; row <= d; row++) {
        int mode = d * (d + 1) / 2 + row;
        System.arraycopy(dy, mode * points + from, current, row * gradients.count, gradients.count);
      }
      gradients.degree(d);
      double[] free = gradients.below;
      gradients.below = current;
      current = free;
    }
  }

  private void degree(int d) {
    for (int m = d & 1; m <= d; m += 2) {
      int cosineTo = at(d, m);
      int cosineFrom = m <= d - 2 ? at(d - 2, m) : -1;
      if (m == 0) {
        copyOrClear(cosineFrom, cosineTo);
        if (d > 0) {
          // V^(-1) is the conjugate of V^1
          add(dx, cosineTo, 2 * d, row(d, 1));
          add(dy, cosineTo, 2 * d, row(d, -1));
        }
        continue;
      }
      int sineTo = at(d, -m);
      copyOrClear(cosineFrom, cosineTo);
      copyOrClear(m <= d - 2 ? at(d - 2, -m) : -1, sineTo);
      add(dx, cosineTo, d, row(d, m - 1));
      add(dy, sineTo, d, row(d, m - 1));
      if (m > 1) {
        add(dx, sineTo, d, row(d, 1 - m));
        add(dy, cosineTo, -d, row(d, 1 - m));
      }
      if (m + 1 <= d - 1) {
        add(dx, cosineTo, d, row(d, m + 1));
        add(dx, sineTo, d, row(d, -m - 1));
        add(dy, cosineTo, d, row(d, -m - 1));
        add(dy, sineTo, -d, row(d, m + 1));
      }
    }
  }

  /** Where the mode of degree d and order m begins in dx and dy. */
  private int at(int d, int m) {
    return (d * (d + 2) + m) / 2 * stride + from;
  }

  /** Where the mode of degree d - 1 and order m begins in the row below. */
  private int row(int d, int m) {
    return (m + d - 1) / 2 * count;
  }

  private void copyOrClear(int source, int target) {
    for (int i = 0; i < count; i++) {
      dx[target + i] = source < 0 ? 0 : dx[source + i];
      dy[target + i] = source < 0 ? 0 : dy[source + i];
    }
  }

  private void add(double[] out, int target, int factor, int row) {
    for (int i = 0; i < count; i++) {
      out[target + i] = Math.fma(factor, below[row + i], out[target + i]);
    }
  }
}
