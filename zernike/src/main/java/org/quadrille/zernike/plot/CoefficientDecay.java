package org.quadrille.zernike.plot;

import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * How the coefficients of an expansion fall: to the left each size by degree and order, to the
 * right the largest of each degree.
 *
 * <p>Coefficients are in OSA order, (L + 1)(L + 2) / 2 for degree L.
 */
public final class CoefficientDecay {
  private static final double LEFT = 80;
  private static final double SIZE = 300;
  private static final double LEAST = 1e-17;

  private final String title;
  private final double[] coefficients;
  private final int degree;

  /**
   * A picture of an expansion.
   *
   * @param title above it; empty for none
   * @param coefficients in OSA order up to a degree from 1 on, finite
   */
  public CoefficientDecay(String title, double[] coefficients) {
    int rows = (int) Math.rint((Math.sqrt(8.0 * coefficients.length + 1) - 1) / 2);
    if (rows < 2 || rows * (rows + 1) / 2 != coefficients.length) {
      throw new IllegalArgumentException(
          coefficients.length
              + " coefficients: expected (L + 1)(L + 2) / 2 of them for a degree L from 1 on");
    }
    this.title = title;
    this.coefficients = coefficients.clone();
    degree = rows - 1;
  }

  /** The finished picture. */
  public Picture picture() {
    double[] largest = new double[degree + 1];
    double[] degrees = new double[degree + 1];
    double peak = 0;
    for (int d = 0; d <= degree; d++) {
      degrees[d] = d;
      for (int m = -d; m <= d; m += 2) {
        largest[d] = Math.max(largest[d], Math.abs(coefficients[(d * (d + 2) + m) / 2]));
      }
      peak = Math.max(peak, largest[d]);
    }
    Axis range = Axis.decades(Math.max(peak, 1e-290) * LEAST, Math.max(peak, 1e-290), 0, 1);
    ColourScale scale = new ColourScale(ColourMap.SEQUENTIAL, range.low(), range.high(), true);
    Picture map = map(scale);
    ConvergenceCurves curve =
        new ConvergenceCurves("", "degree", "largest |coefficient| of a degree");
    Picture decay = curve.curve("", degrees, largest).picture();
    return Picture.row(title, java.util.List.of(map, decay));
  }

  private Picture map(ColourScale scale) {
    Drawing drawing = new Drawing();
    double top = 34;
    Frame frame =
        new Frame(
            Axis.linear(-degree - 0.5, degree + 0.5, LEFT, LEFT + SIZE),
            Axis.linear(-0.5, degree + 0.5, top + SIZE, top));
    drawing.image(LEFT, top, SIZE, SIZE, cells(scale));
    frame.axes(drawing, "order m", "degree d");
    double right = scale.bar(drawing, LEFT + SIZE + 18, top, 14, SIZE, "size");
    drawing.words(LEFT, top - 10, Anchor.START, Theme.SOFT, "sines left, cosines right");
    return drawing.picture(right + 16, top + SIZE + 50, "coefficients by degree and order");
  }

  /** A cell per mode, two orders wide, as the orders of a degree are two apart. */
  private PixelImage cells(ColourScale scale) {
    int pixels = (int) (Picture.DEFAULT_SCALE * SIZE);
    PixelImage image = new PixelImage(pixels, pixels);
    for (int row = 0; row < pixels; row++) {
      int d = degree - row * (degree + 1) / pixels;
      for (int column = 0; column < pixels; column++) {
        double order = (column + 0.5) / pixels * (2 * degree + 1) - degree - 0.5;
        // the nearest order of the parity of d
        int m = 2 * (int) Math.rint((order - d) / 2) + d;
        if (Math.abs(m) <= d) {
          double size = Math.abs(coefficients[(d * (d + 2) + m) / 2]);
          image.set(column, row, 0xFF000000 | scale.rgb(size));
        }
      }
    }
    return image;
  }
}
