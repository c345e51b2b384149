package org.quadrille.zernike.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.zernike.plot.Mark.Anchor;

/** Curves with marks at their points, a legend to the right, linear or logarithmic axes. */
final class CurvePlot {
  private static final double LEFT = 92;
  private static final double WIDTH = 440;
  private static final double HEIGHT = 300;

  private record Curve(String name, double[] x, double[] y, boolean marked, double dash) {}

  private final String title;
  private final String caption;
  private final String acrossName;
  private final String upName;
  private final boolean acrossLogarithmic;
  private final boolean upLogarithmic;
  private final List<Curve> curves = new ArrayList<>();

  CurvePlot(
      String title,
      String caption,
      String acrossName,
      boolean acrossLogarithmic,
      String upName,
      boolean upLogarithmic) {
    this.title = title;
    this.caption = caption;
    this.acrossName = acrossName;
    this.acrossLogarithmic = acrossLogarithmic;
    this.upName = upName;
    this.upLogarithmic = upLogarithmic;
  }

  void add(String name, double[] x, double[] y, boolean marked, boolean dashed) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "curve \"" + name + "\": " + x.length + " abscissas, " + y.length + " ordinates");
    }
    curves.add(new Curve(name, x.clone(), y.clone(), marked, dashed ? 5 : 0));
  }

  Picture picture() {
    double[] xs = curves.stream().flatMapToDouble(c -> Arrays.stream(c.x)).toArray();
    double[] ys = curves.stream().flatMapToDouble(c -> Arrays.stream(c.y)).toArray();
    Drawing drawing = new Drawing();
    double top = Captions.draw(drawing, LEFT, title, caption) + 4;
    Frame frame =
        new Frame(
            axis(xs, acrossLogarithmic, false, LEFT, LEFT + WIDTH),
            axis(ys, upLogarithmic, true, top + HEIGHT, top));
    frame.grid(drawing);
    frame.axes(drawing, acrossName, upName);
    Map<String, Integer> colours = new LinkedHashMap<>();
    for (Curve curve : curves) {
      colours.putIfAbsent(curve.name, colours.size());
    }
    double[] lastY = {top + 8};
    double widest = 0;
    for (Curve curve : curves) {
      int series = colours.get(curve.name);
      draw(drawing, frame, curve, series);
      if (!curve.name.isEmpty()) {
        key(drawing, curve, series, LEFT + WIDTH + 16, lastY[0]);
        widest = Math.max(widest, 30 + StrokeFont.width(curve.name, Theme.TICK));
        lastY[0] += 19;
      }
    }
    double right = LEFT + WIDTH + 16 + 1.05 * widest + 14;
    return drawing.picture(
        Math.max(right, Captions.right(LEFT, title, caption)),
        Math.max(top + HEIGHT + 50, lastY[0] + 10),
        title.isEmpty() ? upName : title);
  }

  private static Axis axis(
      double[] values, boolean logarithmic, boolean rounded, double from, double to) {
    double[] shown =
        Arrays.stream(values).filter(v -> Double.isFinite(v) && (!logarithmic || v > 0)).toArray();
    double low = Arrays.stream(shown).min().orElse(logarithmic ? 0.1 : 0);
    double high = Arrays.stream(shown).max().orElse(1);
    if (logarithmic) {
      return Axis.decades(low, high, from, to);
    }
    return rounded ? Axis.rounded(low, high, from, to) : Axis.linear(low, high, from, to);
  }

  private void draw(Drawing drawing, Frame frame, Curve curve, int series) {
    double[] x = new double[curve.x.length];
    double[] y = new double[curve.x.length];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      boolean shown =
          Double.isFinite(curve.x[i])
              && Double.isFinite(curve.y[i])
              && (!upLogarithmic || curve.y[i] > 0)
              && (!acrossLogarithmic || curve.x[i] > 0);
      if (shown) {
        x[count] = frame.across().at(curve.x[i]);
        y[count++] = frame.up().at(curve.y[i]);
      }
    }
    if (count == 0) {
      return;
    }
    drawing.path(
        Arrays.copyOf(x, count), Arrays.copyOf(y, count), Theme.series(series), 1.7, curve.dash);
    for (int i = 0; i < count && curve.marked; i++) {
      mark(drawing, series, x[i], y[i]);
    }
  }

  private static void key(Drawing drawing, Curve curve, int series, double x, double y) {
    double[] xs = {x, x + 22};
    drawing.path(xs, new double[] {y, y}, Theme.series(series), 1.7, curve.dash);
    if (curve.marked) {
      mark(drawing, series, x + 11, y);
    }
    drawing.words(x + 29, y + 4, Anchor.START, Theme.INK, curve.name);
  }

  /** A mark whose shape tells series apart without colour: dot, square, diamond, ring, triangle. */
  private static void mark(Drawing drawing, int series, double x, double y) {
    int rgb = Theme.series(series);
    double r = 3.2;
    switch (series % 5) {
      case 0 -> drawing.dot(x, y, r, rgb, 1);
      case 1 -> drawing.rectangle(x - 2.9, y - 2.9, 5.8, 5.8, rgb);
      case 2 ->
          drawing.polygon(
              new double[] {x, x + 4.2, x, x - 4.2}, new double[] {y - 4.2, y, y + 4.2, y}, rgb, 1);
      case 3 -> drawing.dot(x, y, r, Theme.PAGE, rgb, 1.5);
      default ->
          drawing.polygon(
              new double[] {x, x + 4, x - 4}, new double[] {y - 4, y + 3, y + 3}, rgb, 1);
    }
  }
}
