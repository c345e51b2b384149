package org.quadrille.zernike.plot;

import java.util.List;
import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * Expansion coefficients as bars, red above and blue below 0, with the name of each mode if there
 * is room.
 *
 * {@snippet :
 * Picture picture = new CoefficientBars("Fit", names, values).unit("waves").picture();
 * }
 *
 * <p>Not thread safe.
 */
public final class CoefficientBars {
  private static final double LEFT = 84;
  private static final int MOST_NAMES = 60;

  private final String title;
  private final List<String> names;
  private final double[] values;
  private double[] errors;
  private String caption = "";
  private String unit = "coefficient";
  private String across = "mode";

  /**
   * A chart of coefficients.
   *
   * @param title above it; empty for none
   * @param names of the modes, in the order of the values
   * @param values finite, as many as names, one or more
   */
  public CoefficientBars(String title, List<String> names, double[] values) {
    if (names.size() != values.length || values.length == 0) {
      throw new IllegalArgumentException(
          names.size() + " names, " + values.length + " values: expected as many, one or more");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "value " + i + " is " + values[i] + "; expected finite values");
      }
    }
    this.title = title;
    this.names = List.copyOf(names);
    this.values = values.clone();
  }

  /** A line of small text under the title. */
  public CoefficientBars caption(String words) {
    caption = words;
    return this;
  }

  /** Name or unit of the values. */
  public CoefficientBars unit(String words) {
    unit = words;
    return this;
  }

  /** Name of the horizontal axis, such as {@code Noll index}. */
  public CoefficientBars axis(String words) {
    across = words;
    return this;
  }

  /**
   * Draws standard deviations as whiskers.
   *
   * @param deviations as many as values, from 0 on
   */
  public CoefficientBars deviations(double[] deviations) {
    if (deviations.length != values.length) {
      throw new IllegalArgumentException(
          deviations.length + " deviations, expected one per value, " + values.length);
    }
    errors = deviations.clone();
    return this;
  }

  /** The finished picture. */
  public Picture picture() {
    int n = values.length;
    double low = 0;
    double high = 0;
    for (int i = 0; i < n; i++) {
      double error = errors == null || !Double.isFinite(errors[i]) ? 0 : errors[i];
      low = Math.min(low, values[i] - error);
      high = Math.max(high, values[i] + error);
    }
    double pitch = Math.clamp(900.0 / n, 1.5, 34);
    double width = Math.max(n * pitch, 220);
    boolean named = n <= MOST_NAMES;
    Drawing drawing = new Drawing();
    double top = Captions.draw(drawing, LEFT, title, caption) + 6;
    double bottom = top + 260;
    Axis up = Axis.rounded(low, high, bottom, top);
    for (double tick : up.ticks(6)) {
      drawing.line(LEFT, up.at(tick), LEFT + width, up.at(tick), Theme.GRID, 1);
      drawing.words(LEFT - 8, up.at(tick) + 4, Anchor.END, Theme.SOFT, up.label(tick));
    }
    drawing.upward(18, (top + bottom) / 2, Anchor.MIDDLE, Theme.INK, unit);
    double longest = 0;
    int every = (int) Math.ceil(n / 30.0);
    for (int i = 0; i < n; i++) {
      double x = LEFT + (i + 0.5) * pitch;
      bar(drawing, up, x, 0.76 * pitch, i);
      if (named) {
        drawing.upward(x + 4, bottom + 8, Anchor.END, Theme.SOFT, names.get(i));
        longest = Math.max(longest, StrokeFont.width(names.get(i), Theme.TICK));
      } else if (i % every == 0) {
        drawing.words(x, bottom + 18, Anchor.MIDDLE, Theme.SOFT, names.get(i).split(" ", 2)[0]);
        longest = 18;
      }
    }
    drawing.line(LEFT, up.at(0), LEFT + width, up.at(0), Theme.BASE, 1);
    double below = bottom + 1.1 * longest + 28;
    drawing.words(LEFT + width / 2, below, Anchor.MIDDLE, Theme.INK, across);
    return drawing.picture(
        Math.max(LEFT + width + 20, Captions.right(LEFT, title, caption)),
        below + 16,
        title.isEmpty() ? "coefficients" : title);
  }

  private void bar(Drawing drawing, Axis up, double x, double width, int i) {
    double end = up.at(values[i]);
    double zero = up.at(0);
    int rgb = ColourMap.DIVERGING.rgb(values[i] < 0 ? 0.12 : 0.88);
    drawing.rectangle(
        x - width / 2, Math.min(end, zero), width, Math.max(0.6, Math.abs(end - zero)), rgb);
    if (errors != null && errors[i] > 0 && Double.isFinite(errors[i])) {
      double above = up.at(values[i] + errors[i]);
      double below = up.at(values[i] - errors[i]);
      drawing.line(x, above, x, below, Theme.INK, 1);
      drawing.line(x - width / 5, above, x + width / 5, above, Theme.INK, 1);
      drawing.line(x - width / 5, below, x + width / 5, below, Theme.INK, 1);
    }
  }
}
