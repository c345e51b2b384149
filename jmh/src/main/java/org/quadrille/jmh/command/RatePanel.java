package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.Svg;

/**
 * One panel: rates from zero upwards against n by its binary logarithm, a line per library with its
 * name at its end, what the hardware allows as a dashed line.
 */
final class RatePanel {
  private static final double LEFT_MARGIN = 56;
  private static final double RIGHT_MARGIN = 84;
  private static final double TOP_MARGIN = 34;
  private static final double BOTTOM_MARGIN = 50;
  private static final double LABEL_HEIGHT = 14;
  private static final double SMALLEST_TICK_DISTANCE = 34;

  private final Svg svg;
  private final double left;
  private final double right;
  private final double top;
  private final double bottom;
  private final double lowest;
  private final double highest;
  private final double limit;

  /** The name at the end of a line. */
  private record Label(double y, String words, String style) {}

  private RatePanel(
      Svg svg,
      double x,
      double y,
      double width,
      double height,
      NavigableSet<Integer> sizes,
      double top) {
    this.svg = svg;
    this.left = x + LEFT_MARGIN;
    this.right = x + width - RIGHT_MARGIN;
    this.top = y + TOP_MARGIN;
    this.bottom = y + height - BOTTOM_MARGIN;
    this.lowest = sizes.first();
    this.highest = sizes.last();
    this.limit = top;
  }

  /** Draws a panel into a rectangle of the page. */
  static void draw(
      Svg svg,
      double x,
      double y,
      double width,
      double height,
      String name,
      List<Outcome> outcomes,
      List<String> libraries) {
    double most = 0;
    for (Outcome outcome : outcomes) {
      for (Measurement measurement : outcome.byLibrary().values()) {
        most = Math.max(most, measurement.value());
      }
      most = outcome.share().isPresent() ? Math.max(most, outcome.floor().value()) : most;
    }
    double step = step(most);
    NavigableSet<Integer> sizes = RatePicture.sizes(outcomes);
    RatePanel panel =
        new RatePanel(svg, x, y, width, height, sizes, step * Math.ceil(most / step * (1 - 1e-9)));
    svg.text(panel.left, y + 20, "start", "panel", name);
    panel.axes(sizes, step, outcomes.getFirst().ours().unit());
    List<Label> labels = new ArrayList<>();
    panel.floor(outcomes, labels);
    for (int i = libraries.size() - 1; i >= 0; i--) {
      panel.line(outcomes, libraries.get(i), labels);
    }
    panel.names(labels);
  }

  /** A step of 1, 2, 2.5 or 5 times a power of ten that cuts the range into about five. */
  static double step(double range) {
    double raw = range / 5;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 2.5 ? 2.5 : digit <= 5 ? 5 : 10);
  }

  private double across(double n) {
    return highest > lowest
        ? left + (right - left) * Math.log(n / lowest) / Math.log(highest / lowest)
        : (left + right) / 2;
  }

  private double up(double rate) {
    return bottom - (bottom - top) * rate / limit;
  }

  private void axes(NavigableSet<Integer> sizes, double step, String unit) {
    for (double tick = 0; tick <= limit * (1 + 1e-9); tick += step) {
      svg.line(left, up(tick), right, up(tick), tick == 0 ? "base" : "grid");
      svg.text(left - 8, up(tick) + 4, "end", "", number(tick, step));
    }
    svg.upwardText(left - 42, (top + bottom) / 2, "", unit);
    for (int n : byImportance(sizes)) {
      svg.line(across(n), bottom, across(n), bottom + 4, "base");
    }
    List<Double> taken = new ArrayList<>();
    for (int n : byImportance(sizes)) {
      double x = across(n);
      if (taken.stream().noneMatch(other -> Math.abs(other - x) < SMALLEST_TICK_DISTANCE)) {
        svg.text(x, bottom + 18, "middle", "", Integer.toString(n));
        taken.add(x);
      }
    }
    svg.text((left + right) / 2, bottom + 36, "middle", "", "n");
  }

  /** Powers of two first: where two names would overlap, they are shown. */
  private static List<Integer> byImportance(NavigableSet<Integer> sizes) {
    List<Integer> order = new ArrayList<>(sizes);
    order.sort(Comparator.comparingInt(n -> Integer.bitCount(n)));
    return order;
  }

  private void floor(List<Outcome> outcomes, List<Label> labels) {
    List<Outcome> limited =
        outcomes.stream().filter(outcome -> outcome.share().isPresent()).toList();
    if (limited.isEmpty()) {
      return;
    }
    double[] x =
        limited.stream().mapToDouble(o -> across(o.what().what().number("n", 0))).toArray();
    double[] y = limited.stream().mapToDouble(outcome -> up(outcome.floor().value())).toArray();
    svg.path(x, y, "peak", "what the hardware allows");
    labels.add(
        new Label(
            y[y.length - 1],
            "peak " + Units.significant(limited.getLast().floor().value()).replaceAll("\\..*", ""),
            ""));
  }

  private void line(List<Outcome> outcomes, String library, List<Label> labels) {
    List<Outcome> own =
        outcomes.stream().filter(outcome -> outcome.byLibrary().containsKey(library)).toList();
    if (own.isEmpty()) {
      return;
    }
    double[] x = own.stream().mapToDouble(o -> across(o.what().what().number("n", 0))).toArray();
    double[] y = own.stream().mapToDouble(o -> up(o.byLibrary().get(library).value())).toArray();
    int colour = PictureStyle.colour(library);
    boolean ours = library.equals(Trial.OURS);
    svg.path(x, y, "line s" + colour + (ours ? " ours" : ""), PictureStyle.name(library));
    for (int i = 0; i < x.length; i++) {
      Measurement measurement = own.get(i).byLibrary().get(library);
      svg.circle(
          x[i],
          y[i],
          ours ? 3.6 : 2.6,
          "f" + colour,
          PictureStyle.name(library)
              + ", n = "
              + own.get(i).what().what().number("n", 0)
              + ": "
              + Units.significant(measurement.value())
              + " "
              + measurement.unit());
    }
    labels.add(
        new Label(y[y.length - 1], PictureStyle.name(library), "f" + colour + (ours ? " b" : "")));
  }

  /** Names at the ends of the lines, moved apart where they would overlap. */
  private void names(List<Label> labels) {
    List<Label> order = new ArrayList<>(labels);
    order.sort(Comparator.comparingDouble(Label::y));
    double[] y = order.stream().mapToDouble(Label::y).toArray();
    for (int pass = 0; pass < 100; pass++) {
      for (int i = 1; i < y.length; i++) {
        double overlap = LABEL_HEIGHT - (y[i] - y[i - 1]);
        if (overlap > 0) {
          y[i - 1] -= overlap / 2;
          y[i] += overlap / 2;
        }
      }
      if (y.length > 0 && y[y.length - 1] > bottom) {
        y[y.length - 1] = bottom;
      }
    }
    for (int i = 0; i < y.length; i++) {
      svg.text(right + 9, y[i] + 4, "start", order.get(i).style(), order.get(i).words());
    }
  }

  private static String number(double value, double step) {
    return String.format(
        Locale.ROOT, step == Math.rint(step) ? "%.0f" : step >= 0.1 ? "%.1f" : "%.2f", value);
  }
}
