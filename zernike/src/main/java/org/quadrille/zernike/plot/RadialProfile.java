package org.quadrille.zernike.plot;

import org.quadrille.zernike.RadialColumn;

/**
 * The first radial polynomials of an angular order over the radius.
 *
 * {@snippet :
 * Files.write(path, new RadialProfile(2, 0, 4).picture().png()); // R of degrees 2, 4, 6, 8
 * }
 */
public final class RadialProfile {
  private static final int STEPS = 500;

  private final int order;
  private final int p;
  private final int count;

  /**
   * A chart of radial polynomials.
   *
   * @param order angular order N, 0 to 1000
   * @param p dimension minus 2, 0 on the disk, to 100
   * @param count how many, 1 to 12
   */
  public RadialProfile(int order, int p, int count) {
    if (order < 0 || order > 1000 || p < 0 || p > 100 || count < 1 || count > 12) {
      throw new IllegalArgumentException(
          "order "
              + order
              + ", p "
              + p
              + ", count "
              + count
              + ": expected order 0 to 1000, p 0 to 100 and 1 to 12 polynomials");
    }
    this.order = order;
    this.p = p;
    this.count = count;
  }

  /** The finished picture. */
  public Picture picture() {
    RadialColumn column = new RadialColumn(order, p, count);
    double[] r = new double[STEPS + 1];
    double[][] curves = new double[count][STEPS + 1];
    double[] values = new double[count];
    for (int i = 0; i <= STEPS; i++) {
      r[i] = (double) i / STEPS;
      column.values(r[i], values);
      for (int n = 0; n < count; n++) {
        curves[n][i] = values[n];
      }
    }
    String where = p == 0 ? "disk" : "ball of dimension " + (p + 2);
    CurvePlot plot =
        new CurvePlot(
            "Radial polynomials of order " + order, where, "radius r", false, "R(r)", false);
    for (int n = 0; n < count; n++) {
      plot.add("degree " + (order + 2 * n), r, curves[n], false, n >= 7);
    }
    return plot.picture();
  }
}
