package org.quadrille.zernike.plot;

import org.quadrille.zernike.DiskFunction;

/**
 * A function on the unit disk in colours, with axes and a scale: by default diverging with white
 * for 0.
 *
 * {@snippet :
 * Picture map = new WavefrontMap("Telescope", field).unit("waves").caption("RMS 0.07").picture();
 * }
 *
 * <p>Outside the disk, and where the function is NaN, the map is transparent. Not thread safe.
 */
public final class WavefrontMap {
  private static final double LEFT = 72;
  private static final double BAR = 14;

  private final String title;
  private final DiskFunction field;
  private String caption = "";
  private String unit = "";
  private String across = "x / pupil radius";
  private String up = "y / pupil radius";
  private double size = 340;
  private ColourScale scale;
  private double floor = Double.NaN;

  /**
   * A map of a function.
   *
   * @param title above it; empty for none
   * @param field the function
   */
  public WavefrontMap(String title, DiskFunction field) {
    this.title = title;
    this.field = field;
  }

  /** A line of small text under the title, such as RMS and peak to valley. */
  public WavefrontMap caption(String words) {
    caption = words;
    return this;
  }

  /** The unit of the values, above the colour bar. */
  public WavefrontMap unit(String words) {
    unit = words;
    return this;
  }

  /** Names of the axes. */
  public WavefrontMap axes(String acrossName, String upName) {
    across = acrossName;
    up = upName;
    return this;
  }

  /** Diameter of the disk in units, 40 to 2000. */
  public WavefrontMap size(double units) {
    if (!(units >= 40 && units <= 2000)) {
      throw new IllegalArgumentException("size " + units + ": expected 40 to 2000");
    }
    size = units;
    return this;
  }

  /**
   * Colours over a range instead of diverging ones about 0.
   *
   * @param low value of the first colour
   * @param high value of the last, above {@code low}
   */
  public WavefrontMap colours(ColourMap map, double low, double high) {
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "range " + low + " to " + high + ": expected two finite numbers, the lower first");
    }
    scale = new ColourScale(map, low, high, false);
    return this;
  }

  /**
   * Shows sizes on a logarithmic scale, as errors want it.
   *
   * @param least size of the darkest colour, above 0; smaller values have it too
   */
  public WavefrontMap magnitudes(double least) {
    if (!(least > 0 && least < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("least size " + least + ": expected a number above 0");
    }
    floor = least;
    return this;
  }

  /** The finished picture. */
  public Picture picture() {
    DiskSamples samples = new DiskSamples(field, (int) Math.rint(size * Picture.DEFAULT_SCALE));
    boolean magnitude = floor > 0;
    ColourScale colours = scale != null ? scale : ColourScale.about0(samples.largest());
    if (magnitude) {
      Axis decades = Axis.decades(floor, Math.max(samples.largest(), 10 * floor), 0, 1);
      colours = new ColourScale(ColourMap.SEQUENTIAL, decades.low(), decades.high(), true);
    }
    Drawing drawing = new Drawing();
    double top = Captions.draw(drawing, LEFT, title, caption) + (unit.isEmpty() ? 0 : 14);
    Frame frame =
        new Frame(Axis.linear(-1, 1, LEFT, LEFT + size), Axis.linear(-1, 1, top + size, top));
    drawing.image(LEFT, top, size, size, samples.image(colours, magnitude));
    drawing.circle(LEFT + size / 2, top + size / 2, size / 2, Theme.BASE, 1);
    frame.axes(drawing, across, up);
    double right = colours.bar(drawing, LEFT + size + 18, top, BAR, size, unit);
    double words = LEFT + size + 18 + StrokeFont.width(unit, Theme.TICK);
    double wide = Math.max(right, words) + 16;
    return drawing.picture(
        Math.max(wide, Captions.right(LEFT, title, caption)), top + size + 50, name());
  }

  private String name() {
    return title.isEmpty() ? "map of the disk" : title;
  }
}
