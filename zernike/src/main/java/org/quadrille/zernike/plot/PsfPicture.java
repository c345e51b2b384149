package org.quadrille.zernike.plot;

import java.util.Arrays;

/**
 * An intensity over the image plane, such as a point spread function, in logarithmic or linear
 * colours with axes in units of the caller's choice.
 *
 * {@snippet :
 * Picture picture = new PsfPicture("Point spread function", intensity, 8).decades(5).picture();
 * }
 *
 * <p>Not thread safe.
 */
public final class PsfPicture {
  private static final double LEFT = 72;

  private final String title;
  private final double[] intensity;
  private final int size;
  private final double halfWidth;
  private String caption = "";
  private String unit = "λ/D";
  private int decades = 4;

  /**
   * A picture of an intensity.
   *
   * @param title above it; empty for none
   * @param intensity square, row-major, the first row the lowest y; finite, none below 0, not all 0
   * @param halfWidth coordinate of the right edge, in {@link #unit}; the left is its negative
   * @throws IllegalArgumentException if the array is not square or holds other numbers
   */
  public PsfPicture(String title, double[] intensity, double halfWidth) {
    size = (int) Math.rint(Math.sqrt(intensity.length));
    if (size < 1 || size * size != intensity.length) {
      throw new IllegalArgumentException(
          "intensity: given " + intensity.length + " values, expected a square number, row-major");
    }
    if (!(halfWidth > 0) || Double.isInfinite(halfWidth)) {
      throw new IllegalArgumentException("half width " + halfWidth + ": expected above 0");
    }
    for (int i = 0; i < intensity.length; i++) {
      if (!(intensity[i] >= 0) || Double.isInfinite(intensity[i])) {
        throw new IllegalArgumentException(
            "intensity[" + i + "] is " + intensity[i] + "; expected finite values from 0 on");
      }
    }
    this.title = title;
    this.intensity = intensity.clone();
    this.halfWidth = halfWidth;
  }

  /** A line of small text under the title, such as the Strehl ratio. */
  public PsfPicture caption(String words) {
    caption = words;
    return this;
  }

  /** The unit of both axes; wavelengths over the diameter of the pupil unless set. */
  public PsfPicture unit(String words) {
    unit = words;
    return this;
  }

  /**
   * How many powers of ten below the peak are told apart, 1 to 20; 0 for linear colours. 4 unless
   * set.
   */
  public PsfPicture decades(int count) {
    if (count < 0 || count > 20) {
      throw new IllegalArgumentException("decades " + count + ": expected 0 to 20");
    }
    decades = count;
    return this;
  }

  /** The finished picture. */
  public Picture picture() {
    double plot = 340;
    double peak = Arrays.stream(intensity).max().orElseThrow();
    if (!(peak > 0)) {
      throw new IllegalArgumentException("the intensity is 0 everywhere; there is nothing to show");
    }
    double low = decades == 0 ? 0 : peak * Math.pow(10, -decades);
    ColourScale scale = new ColourScale(ColourMap.INTENSITY, low, peak, decades > 0);
    PixelImage image = new PixelImage(size, size);
    for (int i = 0; i < intensity.length; i++) {
      image.set(i % size, size - 1 - i / size, 0xFF000000 | scale.rgb(intensity[i]));
    }
    Drawing drawing = new Drawing();
    double top = Captions.draw(drawing, LEFT, title, caption) + 14;
    Frame frame =
        new Frame(
            Axis.linear(-halfWidth, halfWidth, LEFT, LEFT + plot),
            Axis.linear(-halfWidth, halfWidth, top + plot, top));
    drawing.image(LEFT, top, plot, plot, image);
    frame.axes(drawing, "x in " + unit, "y in " + unit);
    double right = scale.bar(drawing, LEFT + plot + 18, top, 14, plot, "intensity");
    double wide = Math.max(right + 16, LEFT + plot + 90);
    return drawing.picture(
        Math.max(wide, Captions.right(LEFT, title, caption)),
        top + plot + 50,
        title.isEmpty() ? "point spread function" : title);
  }
}
