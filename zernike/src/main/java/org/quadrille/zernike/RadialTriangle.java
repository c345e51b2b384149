package org.quadrille.zernike;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * All radial polynomials of dimension p + 2 up to a degree, {@code N + 2n <= L}, at many radii.
 *
 * <p>By the relation of four neighbours, which holds in every dimension,
 *
 * <pre>R_{N,n} = x (R_{N-1,n} + R_{N+1,n-1}) - R_{N,n-1}        N at least 1</pre>
 *
 * and for N = 0, a = p/2, by {@code n R_{0,n} = (2n + a) x R_{1,n-1} - (n + a) R_{0,n-1}} (for p =
 * 0: Shakibaei and Paramesran 2013). No division by x, no scaling: what underflows is as small as
 * that.
 *
 * <p><b>Accuracy</b>, over {@code max(1, x^(-p/2))}: 3e-15 to degree 200 and x 0.99; everywhere the
 * larger of 1e-14 and 3e-17 d^2. <b>Cost</b>: three operations a value; threads share out the
 * radii. <b>Thread safety</b>: immutable.
 */
public final class RadialTriangle {
  private static final int BLOCK = 128;

  private final int degree;
  private final int p;

  /**
   * Prepares polynomials up to a degree.
   *
   * @param degree L, 0 to {@link DiskModes#LARGEST_DEGREE}
   * @param p dimension minus 2, 0 on the disk
   */
  public RadialTriangle(int degree, int p) {
    DiskModes.checkDegree(degree);
    if (p < 0) {
      throw new IllegalArgumentException("p " + p + ": expected 0 or more (dimension minus 2)");
    }
    this.degree = degree;
    this.p = p;
  }

  /** Highest degree. */
  public int degree() {
    return degree;
  }

  /** Dimension minus 2. */
  public int p() {
    return p;
  }

  /** Number of polynomials. */
  public int count() {
    return rowStart(degree + 1);
  }

  /** Position of {@code R_{N,n}}: by degree d = N + 2n, then by N. */
  public int index(int order, int n) {
    if (order < 0 || n < 0 || order + 2L * n > degree) {
      throw new IllegalArgumentException(
          "order " + order + ", n " + n + ": expected both from 0 on and N + 2n at most " + degree);
    }
    return rowStart(order + 2 * n) + order / 2;
  }

  /** Number of polynomials of lower degree: 0, 1, 2, 4, 6, 9, ... */
  private static int rowStart(int d) {
    return (int) ((d + 1L) * (d + 1L) / 4);
  }

  /**
   * All values.
   *
   * @param x radii, not modified; the relations hold outside [0, 1] too
   * @param out at least {@code count() * x.length} elements, overwritten; or null
   * @return matrix [polynomials, radii], row-major: polynomial k at radius i is element {@code k *
   *     x.length + i}; NaN where x is
   */
  public double[] values(double[] x, double[] out) {
    long length = (long) count() * x.length;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "out: needs " + length + " elements, more than an array holds; take fewer radii");
    }
    if (out != null && out.length < length) {
      throw new IllegalArgumentException(
          "out: given " + out.length + " elements, expected at least " + length);
    }
    double[] values = out == null ? new double[(int) length] : out;
    int blocks = (int) ((x.length + (long) BLOCK - 1) / BLOCK);
    WorkerPool.shared()
        .forEach(blocks, b -> block(x, b * BLOCK, Math.min(x.length, (b + 1) * BLOCK), values));
    return values;
  }

  private void block(double[] x, int from, int to, double[] out) {
    int points = to - from;
    double[] radius = new double[points];
    System.arraycopy(x, from, radius, 0, points);
    // element N: the newest polynomial of that order
    double[][] rows = new double[degree + 2][points];
    for (int i = 0; i < points; i++) {
      rows[0][i] = Math.fma(0, radius[i], 1); // NaN where x is
    }
    System.arraycopy(rows[0], 0, out, from, points);
    for (int d = 1; d <= degree; d++) {
      for (int order = d & 1; order <= d; order += 2) {
        if (order == 0) {
          centre(d / 2, radius, rows[1], rows[0]);
        } else {
          next(radius, rows[order - 1], rows[order + 1], rows[order]);
        }
        int at = (rowStart(d) + order / 2) * x.length + from;
        System.arraycopy(rows[order], 0, out, at, points);
      }
    }
  }

  private static void next(double[] x, double[] below, double[] above, double[] row) {
    for (int i = 0; i < x.length; i++) {
      // R_{N,n} = x (R_{N-1,n} + R_{N+1,n-1}) - R_{N,n-1}
      row[i] = Math.fma(x[i], below[i] + above[i], -row[i]);
    }
  }

  private void centre(int n, double[] x, double[] above, double[] row) {
    double a = 0.5 * p;
    double rise = (2 * n + a) / n;
    double fall = (n + a) / n;
    for (int i = 0; i < x.length; i++) {
      // R_{0,n} = ((2n + a) x R_{1,n-1} - (n + a) R_{0,n-1}) / n
      row[i] = Math.fma(rise * x[i], above[i], -fall * row[i]);
    }
  }
}
