package org.quadrille.zernike.plot;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.zernike.plot.Mark.Anchor;

/** Collects the marks of a picture. */
final class Drawing {
  private final List<Mark> marks = new ArrayList<>();

  void line(double x1, double y1, double x2, double y2, int rgb, double width) {
    path(new double[] {x1, x2}, new double[] {y1, y2}, rgb, width, 0);
  }

  /** A line through points; {@code dash} 0 is solid. */
  void path(double[] x, double[] y, int rgb, double width, double dash) {
    marks.add(new Mark.Line(x, y, rgb, width, dash));
  }

  void circle(double x, double y, double radius, int rgb, double width) {
    marks.add(new Mark.Dot(x, y, radius, rgb, 0, rgb, width));
  }

  void dot(double x, double y, double radius, int rgb, double opacity) {
    marks.add(new Mark.Dot(x, y, radius, rgb, opacity, rgb, 0));
  }

  void dot(double x, double y, double radius, int inside, int edge, double width) {
    marks.add(new Mark.Dot(x, y, radius, inside, 1, edge, width));
  }

  void rectangle(double x, double y, double width, double height, int rgb) {
    polygon(
        new double[] {x, x + width, x + width, x},
        new double[] {y, y, y + height, y + height},
        rgb,
        1);
  }

  void polygon(double[] x, double[] y, int rgb, double opacity) {
    marks.add(new Mark.Polygon(x, y, rgb, opacity));
  }

  void image(double x, double y, double width, double height, PixelImage image) {
    marks.add(new Mark.Bitmap(x, y, width, height, image));
  }

  void title(double x, double y, String text) {
    marks.add(new Mark.Words(x, y, text, Theme.TITLE, Anchor.START, Theme.INK, true, false));
  }

  void heading(double x, double y, Anchor anchor, String text) {
    marks.add(new Mark.Words(x, y, text, Theme.NAME, anchor, Theme.INK, true, false));
  }

  void words(double x, double y, Anchor anchor, int rgb, String text) {
    marks.add(new Mark.Words(x, y, text, Theme.TICK, anchor, rgb, false, false));
  }

  void small(double x, double y, Anchor anchor, int rgb, String text) {
    marks.add(new Mark.Words(x, y, text, 10, anchor, rgb, false, false));
  }

  void upward(double x, double y, Anchor anchor, int rgb, String text) {
    marks.add(new Mark.Words(x, y, text, Theme.TICK, anchor, rgb, false, true));
  }

  Picture picture(double width, double height, String name) {
    return new Picture(width, height, name, marks);
  }
}
