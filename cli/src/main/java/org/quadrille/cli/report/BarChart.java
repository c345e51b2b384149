package org.quadrille.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Groups of upright bars: one group per category, one bar per series, the value axis from zero. A
 * bar may have a mark, such as the value it is compared with.
 *
 * {@snippet :
 * String svg = new BarChart("error", "layer", "relative error")
 *     .bar("0", "query", 0.17, "layer 0 query: 0.17")
 *     .render();
 * }
 */
public final class BarChart {
  private record Bar(String category, String series, double value, double mark, String tooltip) {}

  private final String name;
  private final String categoryName;
  private final String valueName;
  private final List<Bar> bars = new ArrayList<>();

  /**
   * A chart without bars.
   *
   * @param name what it shows, for screen readers
   * @param categoryName name of the horizontal axis
   * @param valueName name of the vertical axis
   */
  public BarChart(String name, String categoryName, String valueName) {
    this.name = name;
    this.categoryName = categoryName;
    this.valueName = valueName;
  }

  /** Adds a bar. Categories and series keep the order in which they first appear. */
  public BarChart bar(String category, String series, double value, String tooltip) {
    return bar(category, series, value, Double.NaN, tooltip);
  }

  /** Adds a bar with a mark at another value (NaN for none). */
  public BarChart bar(String category, String series, double value, double mark, String tooltip) {
    bars.add(new Bar(category, series, value, mark, tooltip));
    return this;
  }

  /** The chart as SVG. */
  public String render() {
    Set<String> series = new LinkedHashSet<>();
    Map<String, List<Bar>> groups = new LinkedHashMap<>();
    double highest = 0;
    for (Bar bar : bars) {
      series.add(bar.series);
      groups.computeIfAbsent(bar.category, key -> new ArrayList<>()).add(bar);
      highest =
          Math.max(highest, Double.isNaN(bar.mark) ? bar.value : Math.max(bar.value, bar.mark));
    }
    List<String> names = List.copyOf(series);
    Axis values = Axis.linear(0, highest, Plot.BOTTOM, Plot.TOP);
    Svg svg = Plot.withValueAxis(name, values, valueName);
    double groupWidth = (Plot.RIGHT - Plot.LEFT) / Math.max(1, groups.size());
    int labelEvery = (int) Math.ceil(groups.size() * 34 / (Plot.RIGHT - Plot.LEFT));
    int group = 0;
    for (Map.Entry<String, List<Bar>> entry : groups.entrySet()) {
      double left = Plot.LEFT + group * groupWidth;
      drawGroup(svg, values, names, entry.getValue(), left, groupWidth);
      if (group % labelEvery == 0) {
        svg.text(left + groupWidth / 2, Plot.BOTTOM + 17, "middle", "tick", entry.getKey());
      }
      group++;
    }
    Plot.base(svg, categoryName);
    if (names.size() > 1) {
      Plot.legend(svg, names);
    }
    return svg.render();
  }

  private static void drawGroup(
      Svg svg, Axis values, List<String> names, List<Bar> bars, double left, double groupWidth) {
    double margin = Math.min(12, groupWidth * 0.12);
    double pitch = (groupWidth - 2 * margin) / Math.max(1, bars.size());
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double x = left + margin + i * pitch;
      double width = pitch > 4 ? pitch - 1.5 : pitch;
      double top = values.at(bar.value);
      String style = "bar " + Plot.fill(names.indexOf(bar.series));
      svg.rectangle(x, top, width, Plot.BOTTOM - top, style, bar.tooltip);
      if (!Double.isNaN(bar.mark)) {
        svg.line(x, values.at(bar.mark), x + width, values.at(bar.mark), "mark");
      }
    }
  }
}
