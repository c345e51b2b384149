package org.quadrille.zernike;

import java.util.Objects;

/**
 * One Zernike mode of the disk with its gradient, at any points, at a cost that grows with its
 * degree only, where {@link DiskEvaluator} computes all modes up to it.
 *
 * {@snippet :
 * DiskMode coma = new DiskMode(ModeOrder.NOLL.mode(8));
 * double w = coma.value(0.3, 0.4);
 * }
 *
 * <p>The mode is plain, 1 at the edge where its cosine or sine is; {@link Normalization} scales it.
 * Gradients by {@code (d/dx +- i d/dy) R_d^|m| e^(i m theta) = e^(i (m +- 1) theta) sum 2 (d' + 1)
 * R_d'^|m +- 1|} over the degrees d' below d of the other parity (Greengard and Serkh, 2018, give
 * the polynomials; the identity is A. Janssen, "Zernike expansion of derivatives and Laplacians of
 * the Zernike circle polynomials", 2014), with the columns of {@link RadialColumn}.
 *
 * <p><b>Cost</b>: some 2 ns times the degree a value, three times that with the gradient.
 * <b>Special values</b>: NaN at points that are NaN. <b>Thread safety</b>: immutable.
 */
public final class DiskMode {
  private final ZernikeIndex mode;
  private final Outside outside;
  private final RadialColumn column;
  private final RadialColumn higher;
  private final RadialColumn lower;

  /** A mode that answers NaN outside the disk. */
  public DiskMode(ZernikeIndex mode) {
    this(mode, Outside.NAN);
  }

  /**
   * A mode.
   *
   * @param outside what happens with points outside the disk
   */
  public DiskMode(ZernikeIndex mode, Outside outside) {
    this.mode = mode;
    this.outside = Objects.requireNonNull(outside, "outside");
    int order = mode.angularOrder();
    int degree = mode.degree();
    column = new RadialColumn(order, 0, mode.radialIndex() + 1);
    higher = below(degree, order + 1);
    lower = below(degree, Math.abs(order - 1));
  }

  /** The radial polynomials of an order whose degrees lie below another; null if there is none. */
  private static RadialColumn below(int degree, int order) {
    int largest = degree - 1;
    return largest < order ? null : new RadialColumn(order, 0, (largest - order) / 2 + 1);
  }

  /** Which mode it is. */
  public ZernikeIndex index() {
    return mode;
  }

  /** Value at one point. */
  public double value(double x, double y) {
    double[] out = new double[1];
    values(new double[] {x}, new double[] {y}, out);
    return out[0];
  }

  /**
   * Values at points.
   *
   * @param x first coordinates, not modified
   * @param y second coordinates, as many, not modified
   * @param out at least as many elements, overwritten
   */
  public void values(double[] x, double[] y, double[] out) {
    check(x.length, y.length, out.length);
    double[] radial = new double[column.count()];
    int order = mode.angularOrder();
    for (int i = 0; i < x.length; i++) {
      if (isRefused(i, x[i], y[i])) {
        out[i] = Double.NaN;
        continue;
      }
      radial(column, x[i], y[i], radial);
      double angle = order * Math.atan2(y[i], x[i]);
      out[i] = radial[radial.length - 1] * (mode.order() < 0 ? Math.sin(angle) : Math.cos(angle));
    }
  }

  /**
   * Gradients at points.
   *
   * @param x first coordinates, not modified
   * @param y second coordinates, as many, not modified
   * @param dx derivatives by x, at least as many elements, overwritten
   * @param dy derivatives by y, likewise
   */
  public void gradients(double[] x, double[] y, double[] dx, double[] dy) {
    check(x.length, y.length, Math.min(dx.length, dy.length));
    double[] radial = new double[column.count() + 1];
    int order = mode.angularOrder();
    for (int i = 0; i < x.length; i++) {
      if (isRefused(i, x[i], y[i])) {
        dx[i] = Double.NaN;
        dy[i] = Double.NaN;
        continue;
      }
      double theta = Math.atan2(y[i], x[i]);
      double a = sum(higher, x[i], y[i], radial);
      double b = sum(lower, x[i], y[i], radial);
      double up = (order + 1) * theta;
      double down = (order - 1) * theta;
      // dV/dx = (a e^(i up) + b e^(i down)) / 2, dV/dy = (a e^(i up) - b e^(i down)) / 2i
      double cosine = 0.5 * (a * Math.cos(up) + b * Math.cos(down));
      double sine = 0.5 * (a * Math.sin(up) + b * Math.sin(down));
      double cosineDifference = 0.5 * (a * Math.cos(up) - b * Math.cos(down));
      double sineDifference = 0.5 * (a * Math.sin(up) - b * Math.sin(down));
      dx[i] = mode.order() < 0 ? sine : cosine;
      dy[i] = mode.order() < 0 ? -cosineDifference : sineDifference;
    }
  }

  /** {@code sum 2 (d' + 1) R_d'} over a column. */
  private static double sum(RadialColumn column, double x, double y, double[] radial) {
    if (column == null) {
      return Double.isNaN(x + y) ? Double.NaN : 0;
    }
    radial(column, x, y, radial);
    double sum = 0;
    for (int n = 0; n < column.count(); n++) {
      sum += 2.0 * (column.order() + 2 * n + 1) * radial[n];
    }
    return sum;
  }

  /** Radial polynomials at the radius of a point. */
  private static void radial(RadialColumn column, double x, double y, double[] out) {
    double large = Math.max(Math.abs(x), Math.abs(y));
    double small = Math.min(Math.abs(x), Math.abs(y));
    double p = large * large;
    double q = small * small;
    double t = p + q;
    if (!(t <= 1) || t < 0x1p-900) {
      column.values(Math.hypot(x, y), out);
      return;
    }
    // s = 1 - x^2 - y^2 with the rounding errors of the squares and of 1 - p
    double pLow = Math.fma(large, large, -p);
    double qLow = Math.fma(small, small, -q);
    double rest = 1 - p;
    double restLow = (1 - rest) - p;
    double s = (rest - q) + (restLow - pLow - qLow);
    column.values(t, Math.max(0, s), out);
  }

  private boolean isRefused(int point, double x, double y) {
    double radius = Math.hypot(x, y);
    if (Double.isNaN(x + y)) {
      return true;
    }
    if (outside == Outside.EXTRAPOLATE || radius <= Outside.LARGEST_RADIUS) {
      return false;
    }
    if (outside == Outside.THROW) {
      throw new IllegalArgumentException(
          "point "
              + point
              + " ("
              + x
              + ", "
              + y
              + ") has radius "
              + radius
              + ": expected at most 1; choose Outside.NAN or EXTRAPOLATE to let it pass");
    }
    return true;
  }

  private static void check(int x, int y, int out) {
    if (x != y || out < x) {
      throw new IllegalArgumentException(
          x + " x and " + y + " y coordinates, room for " + out + " results: expected as many");
    }
  }

  @Override
  public String toString() {
    return "DiskMode[" + mode + ", " + outside + "]";
  }
}
