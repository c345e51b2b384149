package org.quadrille.zernike.plot;

/** Stretches an image over a rectangle of another, interpolating between its pixels. */
final class BitmapPainter {
  private BitmapPainter() {}

  static void paint(Mark.Bitmap bitmap, double scale, PixelImage target) {
    PixelImage source = bitmap.image();
    double left = scale * bitmap.x();
    double top = scale * bitmap.y();
    double across = source.width() / (scale * bitmap.width());
    double down = source.height() / (scale * bitmap.height());
    int firstRow = (int) Math.max(0, Math.rint(top));
    int lastRow = (int) Math.min(target.height(), Math.rint(top + scale * bitmap.height()));
    int firstColumn = (int) Math.max(0, Math.rint(left));
    int lastColumn = (int) Math.min(target.width(), Math.rint(left + scale * bitmap.width()));
    double[] colour = new double[4];
    for (int row = firstRow; row < lastRow; row++) {
      for (int column = firstColumn; column < lastColumn; column++) {
        sample(source, (column + 0.5 - left) * across, (row + 0.5 - top) * down, colour);
        if (colour[3] > 0) {
          int rgb = channel(colour, 0) << 16 | channel(colour, 1) << 8 | channel(colour, 2);
          target.blend(column, row, rgb, colour[3] / 255);
        }
      }
    }
  }

  private static int channel(double[] colour, int index) {
    return (int) Math.rint(Math.clamp(colour[index] / colour[3], 0, 255));
  }

  /** Bilinear between pixel centres; colours are weighed by their opacity. */
  private static void sample(PixelImage source, double x, double y, double[] colour) {
    int column = (int) Math.floor(x - 0.5);
    int row = (int) Math.floor(y - 0.5);
    double right = x - 0.5 - column;
    double below = y - 0.5 - row;
    java.util.Arrays.fill(colour, 0);
    add(source, column, row, (1 - right) * (1 - below), colour);
    add(source, column + 1, row, right * (1 - below), colour);
    add(source, column, row + 1, (1 - right) * below, colour);
    add(source, column + 1, row + 1, right * below, colour);
  }

  private static void add(PixelImage source, int column, int row, double share, double[] colour) {
    if (share < 1e-9) {
      return;
    }
    int argb =
        source.pixel(
            Math.clamp(column, 0, source.width() - 1), Math.clamp(row, 0, source.height() - 1));
    double weight = share * (argb >>> 24);
    colour[0] += weight * (argb >>> 16 & 255);
    colour[1] += weight * (argb >>> 8 & 255);
    colour[2] += weight * (argb & 255);
    colour[3] += weight;
  }
}
