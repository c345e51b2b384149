package org.quadrille.cli.report;

import java.util.List;

/** The frame that charts share: size, axes, grid, names of the axes and the legend. */
final class Plot {
  static final int WIDTH = 960;
  static final int HEIGHT = 340;
  static final double LEFT = 64;
  static final double RIGHT = WIDTH - 12;
  static final double TOP = 36;
  static final double BOTTOM = HEIGHT - 48;

  /** Number of series colours in the style sheet. */
  static final int COLOURS = 8;

  private Plot() {}

  /** Starts a drawing with the horizontal grid and the labels of the value axis. */
  static Svg withValueAxis(String name, Axis values, String valueName) {
    Svg svg = new Svg(WIDTH, HEIGHT, name);
    for (double tick : values.ticks()) {
      svg.line(LEFT, values.at(tick), RIGHT, values.at(tick), "grid");
      svg.text(LEFT - 8, values.at(tick) + 4, "end", "tick", Axis.label(tick));
    }
    svg.upwardText(14, (TOP + BOTTOM) / 2, "axis", valueName);
    return svg;
  }

  /** Draws the base line and the name of the horizontal axis. */
  static void base(Svg svg, String horizontalName) {
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "base");
    svg.text((LEFT + RIGHT) / 2, HEIGHT - 8, "middle", "axis", horizontalName);
  }

  /** Draws coloured keys above the plot, from the left, as many as fit. */
  static void legend(Svg svg, List<String> names) {
    double x = LEFT;
    for (int i = 0; i < names.size(); i++) {
      double width = 22 + 7.2 * names.get(i).length();
      if (x + width > RIGHT) {
        return;
      }
      svg.rectangle(x, 10, 12, 12, fill(i), "");
      svg.text(x + 17, 20, "start", "key", names.get(i));
      x += width + 12;
    }
  }

  /** Style class that fills with the colour of a series. */
  static String fill(int series) {
    return "f" + series % COLOURS;
  }

  /** Style class that draws lines in the colour of a series. */
  static String stroke(int series) {
    return "s" + series % COLOURS;
  }
}
