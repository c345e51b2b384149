package org.quadrille.zernike.plot;

/**
 * Errors against effort, the error on a logarithmic axis: straight falling lines are geometric
 * convergence.
 *
 * {@snippet :
 * Picture picture = new ConvergenceCurves("Quadrature", "radial nodes", "relative error")
 *     .curve("exp(3x - 2y)", nodes, errors)
 *     .picture();
 * }
 *
 * <p>Not thread safe.
 */
public final class ConvergenceCurves {
  private final CurvePlot plot;

  /**
   * A chart without curves.
   *
   * @param title above it; empty for none
   * @param acrossName name of the effort
   * @param upName name of the error
   */
  public ConvergenceCurves(String title, String acrossName, String upName) {
    plot = new CurvePlot(title, "", acrossName, false, upName, true);
  }

  private ConvergenceCurves(CurvePlot plot) {
    this.plot = plot;
  }

  /** A chart with a logarithmic axis of the effort too: straight lines are powers. */
  public static ConvergenceCurves onLogarithmicAxes(
      String title, String acrossName, String upName) {
    return new ConvergenceCurves(new CurvePlot(title, "", acrossName, true, upName, true));
  }

  /**
   * Adds a curve with a mark at each point.
   *
   * @param name in the legend
   * @param effort abscissas, ascending
   * @param errors as many; those that are 0 or not finite are left out
   */
  public ConvergenceCurves curve(String name, double[] effort, double[] errors) {
    plot.add(name, effort, errors, true, false);
    return this;
  }

  /** Adds a dashed line without marks, for a bound or a slope to compare with. */
  public ConvergenceCurves reference(String name, double[] effort, double[] values) {
    plot.add(name, effort, values, false, true);
    return this;
  }

  /** The finished picture. */
  public Picture picture() {
    return plot.picture();
  }
}
