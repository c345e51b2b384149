package org.quadrille.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Lines over a linear horizontal axis; the vertical axis is linear or logarithmic. Lines of one
 * series share a colour and one entry of the legend.
 *
 * {@snippet :
 * String svg = new LineChart("objective", "iteration", "relative error")
 *     .line("query", "layer 0 query", new double[] {1, 2, 3}, new double[] {0.19, 0.18, 0.17})
 *     .render();
 * }
 */
public final class LineChart {
  private record Line(String series, String tooltip, double[] x, double[] y, boolean dashed) {}

  private final String name;
  private final String horizontalName;
  private final String valueName;

  private record Band(String series, double[] x, double[] low, double[] high) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private boolean logarithmic;

  /**
   * A chart without lines.
   *
   * @param name what it shows, for screen readers
   * @param horizontalName name of the horizontal axis
   * @param valueName name of the vertical axis
   */
  public LineChart(String name, String horizontalName, String valueName) {
    this.name = name;
    this.horizontalName = horizontalName;
    this.valueName = valueName;
  }

  /** Makes the vertical axis logarithmic; values that are not positive are then left out. */
  public LineChart logarithmic() {
    logarithmic = true;
    return this;
  }

  /** Adds a line through points with ascending x. */
  public LineChart line(String series, String tooltip, double[] x, double[] y) {
    lines.add(new Line(series, tooltip, x.clone(), y.clone(), false));
    return this;
  }

  /** Adds a dashed line through points with ascending x. */
  public LineChart dashedLine(String series, String tooltip, double[] x, double[] y) {
    lines.add(new Line(series, tooltip, x.clone(), y.clone(), true));
    return this;
  }

  /**
   * Adds a shaded band between two curves, behind all lines, in the colour of a series that has a
   * line.
   *
   * @param x ascending
   * @param low lower edge at each x
   * @param high upper edge at each x
   */
  public LineChart band(String series, double[] x, double[] low, double[] high) {
    bands.add(new Band(series, x.clone(), low.clone(), high.clone()));
    return this;
  }

  /** The chart as SVG. */
  public String render() {
    double[] ys =
        DoubleStream.concat(
                lines.stream().flatMapToDouble(line -> Arrays.stream(line.y)),
                bands.stream()
                    .flatMapToDouble(
                        band ->
                            DoubleStream.concat(Arrays.stream(band.low), Arrays.stream(band.high))))
            .toArray();
    double[] xs = lines.stream().flatMapToDouble(line -> Arrays.stream(line.x)).toArray();
    Axis values = valueAxis(Arrays.stream(ys).filter(y -> !logarithmic || y > 0).toArray());
    double first = Arrays.stream(xs).min().orElse(0);
    double last = Arrays.stream(xs).max().orElse(1);
    Axis across =
        new Axis(first, last > first ? last : first + 1, Plot.LEFT + 6, Plot.RIGHT - 6, false);
    boolean whole = Arrays.stream(xs).allMatch(x -> x == Math.rint(x));
    Svg svg = Plot.withValueAxis(name, values, valueName);
    for (double tick : Axis.linear(first, last, Plot.LEFT, Plot.RIGHT).ticks()) {
      boolean between = whole && tick != Math.rint(tick);
      if (tick >= first && tick <= last && !between) {
        svg.text(across.at(tick), Plot.BOTTOM + 17, "middle", "tick", Axis.label(tick));
      }
    }
    Set<String> series = new LinkedHashSet<>();
    lines.forEach(line -> series.add(line.series));
    List<String> names = List.copyOf(series);
    for (Band band : bands) {
      draw(svg, band, across, values, names.indexOf(band.series));
    }
    for (Line line : lines) {
      draw(svg, line, across, values, names.indexOf(line.series));
    }
    Plot.base(svg, horizontalName);
    Plot.legend(svg, names);
    return svg.render();
  }

  /** The chart as an SVG file of its own, with its style sheet. */
  public String renderFile() {
    String size =
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ",
            Plot.WIDTH,
            Plot.HEIGHT);
    String chart = render();
    int end = chart.indexOf('\n') + 1;
    return size
        + chart.substring("<svg ".length(), end)
        + "<style>\n"
        + ReportPage.styleSheet()
        + "svg { background: var(--page); font-family: sans-serif; }\n</style>\n"
        + chart.substring(end);
  }

  private Axis valueAxis(double[] shown) {
    double low = Arrays.stream(shown).min().orElse(logarithmic ? 0.1 : 0);
    double high = Arrays.stream(shown).max().orElse(1);
    return logarithmic
        ? Axis.logarithmic(low, high, Plot.BOTTOM, Plot.TOP)
        : Axis.linear(low, high, Plot.BOTTOM, Plot.TOP);
  }

  private static void draw(Svg svg, Band band, Axis across, Axis values, int colour) {
    int n = band.x.length;
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      x[i] = across.at(band.x[i]);
      y[i] = values.at(band.high[i]);
      // Back along the lower edge.
      x[2 * n - 1 - i] = x[i];
      y[2 * n - 1 - i] = values.at(band.low[i]);
    }
    svg.polygon(x, y, "band " + Plot.fill(Math.max(colour, 0)));
  }

  private void draw(Svg svg, Line line, Axis across, Axis values, int colour) {
    int[] shown = new int[line.x.length];
    int count = 0;
    for (int i = 0; i < line.x.length; i++) {
      if (!logarithmic || line.y[i] > 0) {
        shown[count++] = i;
      }
    }
    double[] x = Arrays.stream(shown, 0, count).mapToDouble(i -> across.at(line.x[i])).toArray();
    double[] y = Arrays.stream(shown, 0, count).mapToDouble(i -> values.at(line.y[i])).toArray();
    if (count == 1) {
      // A line through one point would not be seen.
      svg.circle(x[0], y[0], 4, Plot.fill(colour), line.tooltip);
      return;
    }
    svg.path(x, y, "line " + Plot.stroke(colour) + (line.dashed ? " dashed" : ""), line.tooltip);
  }
}
