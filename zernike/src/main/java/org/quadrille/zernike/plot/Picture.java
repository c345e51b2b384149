package org.quadrille.zernike.plot;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * A finished drawing, rendered as SVG or PNG.
 *
 * <p>The same drawing gives the same bytes. <b>Units</b>: 1/96 inch, that is CSS pixels. <b>Thread
 * safety</b>: immutable.
 */
public final class Picture {
  /** Pixels per unit of a PNG unless another number is asked for: sharp on dense screens. */
  public static final double DEFAULT_SCALE = 2;

  private final double width;
  private final double height;
  private final String name;
  private final List<Mark> marks;

  Picture(double width, double height, String name, List<Mark> marks) {
    this.width = width;
    this.height = height;
    this.name = name;
    this.marks = List.copyOf(marks);
  }

  /** Width in units. */
  public double width() {
    return width;
  }

  /** Height in units. */
  public double height() {
    return height;
  }

  /** What it shows, for screen readers. */
  public String name() {
    return name;
  }

  List<Mark> marks() {
    return marks;
  }

  /** The drawing as an SVG file; maps within it are embedded PNG images. */
  public String svg() {
    return SvgFile.of(this);
  }

  /** The drawing as the bytes of a PNG file with two pixels a unit. */
  public byte[] png() {
    return png(DEFAULT_SCALE);
  }

  /**
   * The drawing as the bytes of a PNG file.
   *
   * @param scale pixels per unit, 0.1 to 20
   */
  public byte[] png(double scale) {
    PixelImage image = pixels(scale);
    double unitsPerMetre = 96 / 0.0254;
    return PngEncoder.encode(image, (int) Math.rint(scale * unitsPerMetre));
  }

  /**
   * The drawing as an image.
   *
   * @param scale pixels per unit, 0.1 to 20
   */
  public PixelImage pixels(double scale) {
    if (!(scale >= 0.1 && scale <= 20)) {
      throw new IllegalArgumentException(
          "scale " + scale + ": expected 0.1 to 20 pixels per unit, for example 2");
    }
    return Painter.paint(this, scale);
  }

  /**
   * Pictures beside each other under a common title.
   *
   * @param title empty for none
   * @param pictures one or more
   */
  public static Picture row(String title, List<Picture> pictures) {
    return arranged(title, pictures, pictures.size());
  }

  /**
   * Pictures in rows of a number of columns under a common title.
   *
   * @param title empty for none
   * @param pictures one or more
   * @param columns pictures in a row, from 1 on
   */
  public static Picture arranged(String title, List<Picture> pictures, int columns) {
    if (pictures.isEmpty() || columns < 1) {
      throw new IllegalArgumentException(
          pictures.size() + " pictures in " + columns + " columns: expected one or more of both");
    }
    double cellWidth = pictures.stream().mapToDouble(Picture::width).max().orElseThrow();
    double top = title.isEmpty() ? 0 : 36;
    List<Mark> marks = new ArrayList<>();
    double y = top;
    double widest = 0;
    for (int first = 0; first < pictures.size(); first += columns) {
      List<Picture> row = pictures.subList(first, Math.min(first + columns, pictures.size()));
      double x = 0;
      double rowHeight = 0;
      for (Picture picture : row) {
        for (Mark mark : picture.marks) {
          marks.add(mark.moved(x, y));
        }
        x += pictures.size() > columns ? cellWidth : picture.width;
        rowHeight = Math.max(rowHeight, picture.height);
      }
      widest = Math.max(widest, x);
      y += rowHeight;
    }
    if (!title.isEmpty()) {
      marks.add(new Mark.Words(20, 28, title, Theme.TITLE, Anchor.START, Theme.INK, true, false));
    }
    String name = title.isEmpty() ? pictures.getFirst().name() : title;
    return new Picture(widest, y, name, marks);
  }
}
