package org.quadrille.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * A table of cells, darker for larger values: rows and columns in the order in which they appear.
 *
 * {@snippet :
 * String svg = new HeatMap("ranks", "layer", "rank").cell("query", "0", 167, "query 0: 167").render();
 * }
 */
public final class HeatMap {
  /** Shades in the style sheet. */
  private static final int SHADES = 10;

  private static final double LABELS = 170;
  private static final double CELL_HEIGHT = 26;

  private record Cell(double value, String tooltip) {}

  private final String name;
  private final String columnName;
  private final String valueName;
  private final Map<String, Map<String, Cell>> rows = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();

  /**
   * A map without cells.
   *
   * @param name what it shows, for screen readers
   * @param columnName name of the horizontal axis
   * @param valueName what darkness means
   */
  public HeatMap(String name, String columnName, String valueName) {
    this.name = name;
    this.columnName = columnName;
    this.valueName = valueName;
  }

  /**
   * Adds a cell, or replaces the one at its place.
   *
   * @throws IllegalArgumentException if the value is not finite
   */
  public HeatMap cell(String row, String column, double value, String tooltip) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "cell " + row + ", " + column + ": given " + value + ", expected a finite number");
    }
    rows.computeIfAbsent(row, key -> new LinkedHashMap<>()).put(column, new Cell(value, tooltip));
    columns.add(column);
    return this;
  }

  /** The map as SVG. */
  public String render() {
    List<String> across = new ArrayList<>(columns);
    double width = (Plot.RIGHT - LABELS) / Math.max(1, across.size());
    int height = (int) (Plot.TOP + rows.size() * CELL_HEIGHT + 48);
    double bottom = Plot.TOP + rows.size() * CELL_HEIGHT;
    double lowest = all().min().orElse(0);
    double highest = all().max().orElse(1);
    Svg svg = new Svg(Plot.WIDTH, height, name);
    legend(svg, lowest, highest);
    double y = Plot.TOP;
    for (Map.Entry<String, Map<String, Cell>> row : rows.entrySet()) {
      svg.text(LABELS - 8, y + CELL_HEIGHT / 2 + 4, "end", "tick", row.getKey());
      for (Map.Entry<String, Cell> entry : row.getValue().entrySet()) {
        double x = LABELS + across.indexOf(entry.getKey()) * width;
        Cell cell = entry.getValue();
        String style = "h" + shade(cell.value, lowest, highest);
        svg.rectangle(x + 1, y + 1, width - 2, CELL_HEIGHT - 2, style, cell.tooltip);
        if (width > 34) {
          double middle = y + CELL_HEIGHT / 2 + 4;
          svg.text(x + width / 2, middle, "middle", "key", Axis.label(rounded(cell.value)));
        }
      }
      y += CELL_HEIGHT;
    }
    for (int i = 0; i < across.size(); i++) {
      svg.text(LABELS + (i + 0.5) * width, bottom + 17, "middle", "tick", across.get(i));
    }
    svg.text((LABELS + Plot.RIGHT) / 2, height - 8, "middle", "axis", columnName);
    return svg.render();
  }

  private DoubleStream all() {
    return rows.values().stream().flatMap(row -> row.values().stream()).mapToDouble(Cell::value);
  }

  private void legend(Svg svg, double lowest, double highest) {
    svg.text(LABELS, 20, "start", "key", valueName + " " + Axis.label(rounded(lowest)));
    double x = LABELS + 20 + 7.2 * (valueName.length() + 8);
    for (int shade = 0; shade < SHADES; shade++) {
      svg.rectangle(x + 14 * shade, 10, 14, 12, "h" + shade, "");
    }
    svg.text(x + 14 * SHADES + 6, 20, "start", "key", Axis.label(rounded(highest)));
  }

  private static int shade(double value, double lowest, double highest) {
    double share = highest > lowest ? (value - lowest) / (highest - lowest) : 1;
    return (int) Math.min(SHADES - 1, Math.floor(share * SHADES));
  }

  /** Three digits are enough to read. */
  private static double rounded(double value) {
    if (value == 0) {
      return 0;
    }
    double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
    return Math.rint(value / unit) * unit;
  }
}
