package org.quadrille.zernike.plot;

/**
 * What a picture is made of, in the order of drawing. Coordinates in units of 1/96 inch, y
 * downwards; colours 0xRRGGBB.
 */
sealed interface Mark {

  /** The same mark elsewhere. */
  Mark moved(double dx, double dy);

  /** A line through points with round ends; {@code dash} 0 is solid, else the length of a dash. */
  record Line(double[] x, double[] y, int rgb, double width, double dash) implements Mark {
    @Override
    public Line moved(double dx, double dy) {
      return new Line(shifted(x, dx), shifted(y, dy), rgb, width, dash);
    }
  }

  /** A filled convex polygon. */
  record Polygon(double[] x, double[] y, int rgb, double opacity) implements Mark {
    @Override
    public Polygon moved(double dx, double dy) {
      return new Polygon(shifted(x, dx), shifted(y, dy), rgb, opacity);
    }
  }

  /** A filled disk with an outline of a width, which may be 0. */
  record Dot(double x, double y, double radius, int rgb, double opacity, int edge, double width)
      implements Mark {
    @Override
    public Dot moved(double dx, double dy) {
      return new Dot(x + dx, y + dy, radius, rgb, opacity, edge, width);
    }
  }

  /** An image stretched over a rectangle. */
  record Bitmap(double x, double y, double width, double height, PixelImage image) implements Mark {
    @Override
    public Bitmap moved(double dx, double dy) {
      return new Bitmap(x + dx, y + dy, width, height, image);
    }
  }

  /** A line of text on a base line; {@code upward} text is turned to read from below. */
  record Words(
      double x,
      double y,
      String text,
      double size,
      Anchor anchor,
      int rgb,
      boolean bold,
      boolean upward)
      implements Mark {
    @Override
    public Words moved(double dx, double dy) {
      return new Words(x + dx, y + dy, text, size, anchor, rgb, bold, upward);
    }
  }

  /** Which part of a text lies at its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private static double[] shifted(double[] values, double by) {
    double[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += by;
    }
    return moved;
  }
}
