package org.quadrille.zernike.plot;

import org.quadrille.zernike.DiskFunction;
import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * A fit to scattered points: to the left the fitted function with the points in the same colours,
 * to the right what it misses at each point.
 *
 * {@snippet :
 * Picture picture = new PointCloudFit("Fit of degree 6", x, y, w, fitted).unit("waves").picture();
 * }
 *
 * <p>Not thread safe.
 */
public final class PointCloudFit {
  private static final double LEFT = 72;
  private static final double SIZE = 330;

  private final String title;
  private final double[] x;
  private final double[] y;
  private final double[] values;
  private final DiskFunction fit;
  private String caption = "";
  private String unit = "";

  /**
   * A picture of a fit.
   *
   * @param title above it; empty for none
   * @param x abscissas of the points within the unit disk
   * @param y ordinates, as many
   * @param values what was measured, as many; NaN for missing ones, which are not drawn
   * @param fit the fitted function
   */
  public PointCloudFit(String title, double[] x, double[] y, double[] values, DiskFunction fit) {
    if (x.length != y.length || x.length != values.length || x.length == 0) {
      throw new IllegalArgumentException(
          x.length
              + " abscissas, "
              + y.length
              + " ordinates, "
              + values.length
              + " values: expected as many of each, one or more");
    }
    this.title = title;
    this.x = x.clone();
    this.y = y.clone();
    this.values = values.clone();
    this.fit = fit;
  }

  /** A line of small text under the title, such as the RMS of the residual. */
  public PointCloudFit caption(String words) {
    caption = words;
    return this;
  }

  /** The unit of the values. */
  public PointCloudFit unit(String words) {
    unit = words;
    return this;
  }

  /** The finished picture. */
  public Picture picture() {
    double[] fitted = new double[x.length];
    fit.values(x.clone(), y.clone(), fitted);
    double[] residuals = new double[x.length];
    double largestValue = 0;
    double largestResidual = 0;
    for (int i = 0; i < x.length; i++) {
      residuals[i] = values[i] - fitted[i];
      largestValue = larger(largestValue, values[i]);
      largestResidual = larger(largestResidual, residuals[i]);
    }
    DiskSamples samples = new DiskSamples(fit, (int) Math.rint(SIZE * Picture.DEFAULT_SCALE));
    ColourScale scale = ColourScale.about0(Math.max(samples.largest(), largestValue));
    ColourScale missed = ColourScale.about0(largestResidual);
    Drawing drawing = new Drawing();
    double top = Captions.draw(drawing, LEFT, title, caption) + 30;
    drawing.image(LEFT, top, SIZE, SIZE, samples.image(scale, false));
    double middle = panel(drawing, LEFT, top, "fit and data", values, scale);
    double second = middle + 64;
    double right = panel(drawing, second, top, "data minus fit", residuals, missed);
    return drawing.picture(
        Math.max(right + 16, Captions.right(LEFT, title, caption)),
        top + SIZE + 50,
        title.isEmpty() ? "fit to points" : title);
  }

  private static double larger(double largest, double value) {
    return Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
  }

  private double panel(
      Drawing drawing, double left, double top, String heading, double[] shown, ColourScale scale) {
    Frame frame =
        new Frame(Axis.linear(-1, 1, left, left + SIZE), Axis.linear(-1, 1, top + SIZE, top));
    double radius = Math.clamp(55 / Math.sqrt(x.length), 1.2, 4);
    for (int i = 0; i < x.length; i++) {
      if (Double.isFinite(shown[i])) {
        drawing.dot(
            frame.across().at(x[i]),
            frame.up().at(y[i]),
            radius,
            scale.rgb(shown[i]),
            Theme.SOFT,
            radius > 1.5 ? 0.7 : 0.4);
      }
    }
    drawing.circle(left + SIZE / 2, top + SIZE / 2, SIZE / 2, Theme.BASE, 1);
    frame.axes(drawing, "x / pupil radius", "y / pupil radius");
    drawing.heading(left, top - 12, Anchor.START, heading);
    return Math.max(
        scale.bar(drawing, left + SIZE + 18, top, 14, SIZE, unit),
        left + SIZE + 18 + StrokeFont.width(unit, Theme.TICK));
  }
}
