package org.quadrille.zernike.plot;

/**
 * Paints a picture on pixels. How much of a pixel a shape covers is taken from the distance of the
 * pixel's centre to its outline, which smooths edges.
 */
final class Painter {
  private final PixelImage image;
  private final double scale;
  private final StrokeMask mask;

  private Painter(PixelImage image, double scale) {
    this.image = image;
    this.scale = scale;
    mask = new StrokeMask(image);
  }

  static PixelImage paint(Picture picture, double scale) {
    int width = (int) Math.ceil(picture.width() * scale - 1e-9);
    int height = (int) Math.ceil(picture.height() * scale - 1e-9);
    PixelImage image = new PixelImage(Math.max(1, width), Math.max(1, height));
    image.fill(0xFF000000 | Theme.PAGE);
    Painter painter = new Painter(image, scale);
    picture.marks().forEach(painter::add);
    return image;
  }

  private void add(Mark mark) {
    switch (mark) {
      case Mark.Line line -> line(line);
      case Mark.Polygon polygon -> polygon(polygon);
      case Mark.Dot dot -> dot(dot);
      case Mark.Bitmap bitmap -> BitmapPainter.paint(bitmap, scale, image);
      case Mark.Words words -> words(words);
    }
  }

  private void line(Mark.Line line) {
    mask.pen(scale * line.width());
    double walked = 0;
    for (int i = 1; i < line.x().length; i++) {
      double x1 = line.x()[i - 1];
      double y1 = line.y()[i - 1];
      double x2 = line.x()[i];
      double y2 = line.y()[i];
      double length = Math.hypot(x2 - x1, y2 - y1);
      if (line.dash() > 0) {
        dashes(line, i, walked, length);
      } else {
        mask.segment(scale * x1, scale * y1, scale * x2, scale * y2);
      }
      walked += length;
    }
    if (line.x().length == 1) {
      double x = scale * line.x()[0];
      double y = scale * line.y()[0];
      mask.segment(x, y, x, y);
    }
    mask.blend(line.rgb());
  }

  /**
   * The drawn parts of one segment: those whose distance along the line has an even dash number.
   */
  private void dashes(Mark.Line line, int i, double walked, double length) {
    double dash = line.dash();
    double x1 = line.x()[i - 1];
    double y1 = line.y()[i - 1];
    double dx = (line.x()[i] - x1) / length;
    double dy = (line.y()[i] - y1) / length;
    long first = (long) Math.floor(walked / dash);
    for (long k = first + (first & 1); k * dash < walked + length; k += 2) {
      paintDash(x1, y1, dx, dy, Math.max(0, k * dash - walked), (k + 1) * dash - walked, length);
    }
    if ((first & 1) == 0 && first * dash < walked) {
      paintDash(x1, y1, dx, dy, 0, (first + 1) * dash - walked, length);
    }
  }

  private void paintDash(
      double x, double y, double dx, double dy, double from, double to, double length) {
    double end = Math.min(to, length);
    mask.segment(
        scale * (x + from * dx),
        scale * (y + from * dy),
        scale * (x + end * dx),
        scale * (y + end * dy));
  }

  private void polygon(Mark.Polygon polygon) {
    int n = polygon.x().length;
    double[] x = scaled(polygon.x());
    double[] y = scaled(polygon.y());
    double area = 0;
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      int next = (i + 1) % n;
      area += x[i] * y[next] - x[next] * y[i];
      left = Math.min(left, x[i]);
      right = Math.max(right, x[i]);
      top = Math.min(top, y[i]);
      bottom = Math.max(bottom, y[i]);
    }
    double turn = area < 0 ? -1 : 1;
    for (int row = first(top); row <= last(bottom, image.height()); row++) {
      for (int column = first(left); column <= last(right, image.width()); column++) {
        double outside = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          int next = (i + 1) % n;
          double ex = x[next] - x[i];
          double ey = y[next] - y[i];
          double length = Math.hypot(ex, ey);
          if (length > 0) {
            double across = (column + 0.5 - x[i]) * ey - (row + 0.5 - y[i]) * ex;
            outside = Math.max(outside, turn * across / length);
          }
        }
        double coverage = Math.clamp(0.5 - outside, 0, 1);
        image.blend(column, row, polygon.rgb(), coverage * polygon.opacity());
      }
    }
  }

  private void dot(Mark.Dot dot) {
    double x = scale * dot.x();
    double y = scale * dot.y();
    double radius = scale * dot.radius();
    double half = 0.5 * scale * dot.width();
    double reach = radius + half + 1;
    for (int row = first(y - reach); row <= last(y + reach, image.height()); row++) {
      for (int column = first(x - reach); column <= last(x + reach, image.width()); column++) {
        double distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        // a dot smaller than a pixel covers its area of it
        double inside = Math.clamp(radius + 0.5 - distance, 0, 1) * Math.min(1, 2 * radius);
        image.blend(column, row, dot.rgb(), inside * dot.opacity());
        if (half > 0) {
          double rim = Math.clamp(Math.max(half, 0.5) + 0.5 - Math.abs(distance - radius), 0, 1);
          image.blend(column, row, dot.edge(), rim * Math.min(1, 2 * half));
        }
      }
    }
  }

  private void words(Mark.Words words) {
    double unit = scale * words.size() / StrokeFont.EM;
    // strokes no thinner than a pixel stay readable
    double stroke = Math.max(1, unit * (words.bold() ? 2.6 : 1.55));
    double shift =
        switch (words.anchor()) {
          case START -> 0;
          case MIDDLE -> -0.5;
          case END -> -1;
        };
    double begin = shift * StrokeFont.width(words.text()) * unit;
    double x0 = scale * words.x();
    double y0 = scale * words.y();
    mask.pen(stroke);
    StrokeFont.strokes(
        words.text(),
        (fromX, fromY, toX, toY) -> {
          double ax = begin + unit * fromX;
          double ay = -unit * fromY;
          double bx = begin + unit * toX;
          double by = -unit * toY;
          if (words.upward()) {
            mask.segment(x0 + ay, y0 - ax, x0 + by, y0 - bx);
          } else {
            mask.segment(x0 + ax, y0 + ay, x0 + bx, y0 + by);
          }
        });
    mask.blend(words.rgb());
  }

  private double[] scaled(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = scale * values[i];
    }
    return result;
  }

  private static int first(double edge) {
    return (int) Math.max(0, Math.floor(edge - 1));
  }

  private static int last(double edge, int size) {
    return (int) Math.min(size - 1, Math.ceil(edge + 1));
  }
}
