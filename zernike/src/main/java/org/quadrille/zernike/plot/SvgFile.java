package org.quadrille.zernike.plot;

import java.util.Base64;
import java.util.Locale;
import org.quadrille.zernike.plot.Mark.Anchor;

/** Writes a picture as Scalable Vector Graphics 1.1: no script, no network, no style sheet. */
final class SvgFile {
  private final StringBuilder svg = new StringBuilder();

  private SvgFile() {}

  static String of(Picture picture) {
    SvgFile file = new SvgFile();
    file.open(picture);
    picture.marks().forEach(file::add);
    return file.svg.append("</svg>\n").toString();
  }

  private void open(Picture picture) {
    String w = number(picture.width());
    String h = number(picture.height());
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\"")
        .append(" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"" + w + "\"")
        .append(" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\"")
        .append(" aria-label=\"" + escape(picture.name()) + "\"")
        .append(" font-family=\"system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans',")
        .append(" Arial, sans-serif\">\n<rect width=\"" + w + "\" height=\"" + h + "\" fill=\"")
        .append(colour(Theme.PAGE))
        .append("\"/>\n");
  }

  private void add(Mark mark) {
    switch (mark) {
      case Mark.Line line -> line(line);
      case Mark.Polygon polygon ->
          svg.append("<polygon points=\"" + points(polygon.x(), polygon.y()) + "\"")
              .append(fill(polygon.rgb(), polygon.opacity()))
              .append("/>\n");
      case Mark.Dot dot -> dot(dot);
      case Mark.Bitmap bitmap -> bitmap(bitmap);
      case Mark.Words words -> words(words);
    }
  }

  private void line(Mark.Line line) {
    svg.append("<polyline points=\"" + points(line.x(), line.y()) + "\" fill=\"none\"")
        .append(" stroke=\"" + colour(line.rgb()) + "\"")
        .append(" stroke-width=\"" + number(line.width()) + "\"")
        .append(" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
    if (line.dash() > 0) {
      svg.append(" stroke-dasharray=\"" + number(line.dash()) + "\"");
    }
    svg.append("/>\n");
  }

  private void dot(Mark.Dot dot) {
    svg.append("<circle cx=\"" + number(dot.x()) + "\" cy=\"" + number(dot.y()) + "\"")
        .append(" r=\"" + number(dot.radius()) + "\"")
        .append(dot.opacity() > 0 ? fill(dot.rgb(), dot.opacity()) : " fill=\"none\"");
    if (dot.width() > 0) {
      svg.append(" stroke=\"" + colour(dot.edge()) + "\"")
          .append(" stroke-width=\"" + number(dot.width()) + "\"");
    }
    svg.append("/>\n");
  }

  private void bitmap(Mark.Bitmap bitmap) {
    String data = Base64.getEncoder().encodeToString(bitmap.image().png());
    svg.append("<image x=\"" + number(bitmap.x()) + "\" y=\"" + number(bitmap.y()) + "\"")
        .append(" width=\"" + number(bitmap.width()) + "\"")
        .append(" height=\"" + number(bitmap.height()) + "\" preserveAspectRatio=\"none\"")
        .append(" xlink:href=\"data:image/png;base64," + data + "\"/>\n");
  }

  private void words(Mark.Words words) {
    String place = number(words.x()) + " " + number(words.y());
    svg.append("<text transform=\"translate(" + place + ")")
        .append(words.upward() ? " rotate(-90)\"" : "\"")
        .append(" font-size=\"" + number(words.size()) + "\"")
        .append(words.bold() ? " font-weight=\"650\"" : "")
        .append(" text-anchor=\"" + anchor(words.anchor()) + "\"")
        .append(" fill=\"" + colour(words.rgb()) + "\">" + escape(words.text()) + "</text>\n");
  }

  private static String anchor(Anchor anchor) {
    return switch (anchor) {
      case START -> "start";
      case MIDDLE -> "middle";
      case END -> "end";
    };
  }

  private static String fill(int rgb, double opacity) {
    String colour = " fill=\"" + colour(rgb) + "\"";
    return opacity < 1 ? colour + " fill-opacity=\"" + number(opacity) + "\"" : colour;
  }

  private static String points(double[] x, double[] y) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < x.length; i++) {
      points.append(i == 0 ? "" : " ").append(number(x[i])).append(',').append(number(y[i]));
    }
    return points.toString();
  }

  private static String colour(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }

  /** Two digits after the point, without trailing zeros. */
  private static String number(double value) {
    long hundredths = Math.round(value * 100);
    if (hundredths % 100 == 0) {
      return Long.toString(hundredths / 100);
    }
    String text = String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  private static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        // characters that XML forbids
        .replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "?");
  }
}
