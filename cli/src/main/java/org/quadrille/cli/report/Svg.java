package org.quadrille.cli.report;

import java.util.Formatter;
import java.util.Locale;

/**
 * Builds SVG text element by element; coordinates are pixels of the view box.
 *
 * <p>What an element looks like is a class of the style sheet: that of the report around it, or the
 * drawing's own.
 */
public final class Svg {
  private final Formatter svg = new Formatter(Locale.ROOT);

  /** Opens a drawing within a page, of that size, with a name for screen readers. */
  Svg(int width, int height, String name) {
    svg.format(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
        width, height, escape(name));
  }

  private Svg(int width, int height, String name, String styleSheet) {
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d"
            + " %2$d\" role=\"img\" aria-label=\"%3$s\">\n<style>\n%4$s</style>\n",
        width, height, escape(name), styleSheet);
  }

  /**
   * Opens a drawing that is a file of its own.
   *
   * @param name what it shows, for screen readers
   * @param styleSheet style of all classes used
   */
  public static Svg standalone(int width, int height, String name, String styleSheet) {
    return new Svg(width, height, name, styleSheet);
  }

  /** A filled circle of a style class, with a tooltip unless that is empty. */
  public Svg circle(double x, double y, double radius, String style, String tooltip) {
    svg.format(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"%s\">%s</circle>\n",
        x, y, radius, style, title(tooltip));
    return this;
  }

  /** A rectangle of a style class, with a tooltip unless that is empty. */
  public Svg rectangle(
      double x, double y, double width, double height, String style, String tooltip) {
    svg.format(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\">%s</rect>\n",
        x, y, Math.max(0, width), Math.max(0, height), style, title(tooltip));
    return this;
  }

  /** A straight line of a style class. */
  public Svg line(double x1, double y1, double x2, double y2, String style) {
    svg.format(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n",
        x1, y1, x2, y2, style);
    return this;
  }

  /** A line through points, of a style class, with a tooltip unless that is empty. */
  public Svg path(double[] x, double[] y, String style, String tooltip) {
    svg.format(
        "<polyline points=\"%s\" class=\"%s\">%s</polyline>\n",
        points(x, y), style, title(tooltip));
    return this;
  }

  /** A filled shape with straight edges. */
  public Svg polygon(double[] x, double[] y, String style) {
    svg.format("<polygon points=\"%s\" class=\"%s\"/>\n", points(x, y), style);
    return this;
  }

  /** Text whose {@code anchor} (start, middle or end) lies at x. */
  public Svg text(double x, double y, String anchor, String style, String words) {
    svg.format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n",
        x, y, anchor, style, escape(words));
    return this;
  }

  /** Text that reads upwards, centred at a point. */
  public Svg upwardText(double x, double y, String style, String words) {
    svg.format(
        "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\""
            + " class=\"%s\">%s</text>\n",
        x, y, style, escape(words));
    return this;
  }

  /** The finished drawing. */
  public String render() {
    return svg + "</svg>\n";
  }

  private static String points(double[] x, double[] y) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < x.length; i++) {
      points.append(String.format(Locale.ROOT, i == 0 ? "%.1f,%.1f" : " %.1f,%.1f", x[i], y[i]));
    }
    return points.toString();
  }

  private static String title(String tooltip) {
    return tooltip.isEmpty() ? "" : "<title>" + escape(tooltip) + "</title>";
  }

  /** Text with the characters that mean something in HTML replaced. */
  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
