package org.quadrille.zernike.wavefront;

import java.util.stream.IntStream;

/**
 * Where the pixels of an image lie on the unit disk. Pixels are square, stored row by row; x grows
 * with the column and y with the row, as in FITS files (flip images whose first row is the top).
 *
 * @param rows number of rows, at least 1
 * @param columns number of columns, at least 1
 * @param centreRow row number of the disk's centre, 0 being the centre of the first row
 * @param centreColumn column number of the disk's centre
 * @param radius of the disk, in pixels
 */
public record PixelGrid(
    int rows, int columns, double centreRow, double centreColumn, double radius) {

  /** Checks the sizes. */
  public PixelGrid {
    if (rows < 1
        || columns < 1
        || (long) rows * columns > Integer.MAX_VALUE - 8
        || !(radius > 0 && radius < 1e9)
        || !Double.isFinite(centreRow)
        || !Double.isFinite(centreColumn)) {
      throw new IllegalArgumentException(
          "pixel grid: "
              + rows
              + " x "
              + columns
              + " pixels, centre ("
              + centreRow
              + ", "
              + centreColumn
              + "), radius "
              + radius
              + "; expected at least one pixel, fewer than 2^31, and a positive radius");
    }
  }

  /**
   * The largest disk in an image: in its middle, touching the nearer borders of the outer pixels.
   */
  public static PixelGrid inscribed(int rows, int columns) {
    return new PixelGrid(
        rows, columns, 0.5 * (rows - 1), 0.5 * (columns - 1), 0.5 * Math.min(rows, columns));
  }

  /** Position of the centre of a pixel. */
  public double x(int index) {
    return (index % columns - centreColumn) / radius;
  }

  /** Position of the centre of a pixel. */
  public double y(int index) {
    int row = index / columns;
    return (row - centreRow) / radius;
  }

  /** Indices, row-major and ascending, of the pixels whose centres lie in the unit disk. */
  public int[] inside() {
    return IntStream.range(0, rows * columns).filter(i -> x(i) * x(i) + y(i) * y(i) <= 1).toArray();
  }

  /**
   * Value at a point between pixel centres by bilinear interpolation; beyond the outer centres,
   * that of the border.
   *
   * @param pixels row-major
   * @param x in pupil radii
   * @param y in pupil radii
   */
  public double bilinear(double[] pixels, double x, double y) {
    double column = Math.min(Math.max(x * radius + centreColumn, 0), columns - 1.0);
    double row = Math.min(Math.max(y * radius + centreRow, 0), rows - 1.0);
    int left = Math.min((int) column, Math.max(0, columns - 2));
    int low = Math.min((int) row, Math.max(0, rows - 2));
    int right = Math.min(left + 1, columns - 1);
    int high = Math.min(low + 1, rows - 1);
    double u = column - left;
    double v = row - low;
    double lower = (1 - u) * pixels[low * columns + left] + u * pixels[low * columns + right];
    double upper = (1 - u) * pixels[high * columns + left] + u * pixels[high * columns + right];
    return (1 - v) * lower + v * upper;
  }

  void requirePixels(String name, double[] pixels) {
    if (pixels.length != rows * columns) {
      throw new IllegalArgumentException(
          name + ": given " + pixels.length + " numbers, expected " + rows + " x " + columns);
    }
  }
}
