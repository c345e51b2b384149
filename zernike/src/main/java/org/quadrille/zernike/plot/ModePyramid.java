package org.quadrille.zernike.plot;

import org.quadrille.zernike.DiskFunction;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.RadialColumn;
import org.quadrille.zernike.ZernikeIndex;
import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * All modes up to a degree, one row per degree, sines to the left and cosines to the right, each in
 * diverging colours from -1 to 1 with its index below.
 *
 * {@snippet :
 * Files.writeString(path, new ModePyramid(6, ModeOrder.NOLL).picture().svg());
 * }
 */
public final class ModePyramid {
  /** Larger pyramids have more modes than a page has room for. */
  public static final int LARGEST_DEGREE = 30;

  private static final double WIDE = 1000;
  private static final double LEFT = 56;

  private final int degree;
  private final ModeOrder order;

  /**
   * A pyramid.
   *
   * @param degree of the last row, 0 to 30
   * @param order numbers the modes; FRINGE_37 has no number for most
   */
  public ModePyramid(int degree, ModeOrder order) {
    if (degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException("degree " + degree + ": expected 0 to " + LARGEST_DEGREE);
    }
    this.degree = degree;
    this.order = order;
  }

  /** A mode that is 1 at the edge, where its cosine or sine is. */
  public static DiskFunction field(ZernikeIndex mode) {
    int n = mode.radialIndex();
    int order = mode.angularOrder();
    RadialColumn column = new RadialColumn(order, 0, n + 1);
    return (x, y, out) -> {
      double[] radial = new double[n + 1];
      for (int i = 0; i < x.length; i++) {
        column.values(Math.min(1, Math.hypot(x[i], y[i])), radial);
        double angle = order * Math.atan2(y[i], x[i]);
        out[i] = radial[n] * (mode.order() < 0 ? Math.sin(angle) : Math.cos(angle));
      }
    };
  }

  /** The finished picture. */
  public Picture picture() {
    double pitch = Math.clamp(WIDE / (degree + 1), 34, 120);
    double disk = 0.86 * pitch - (pitch > 48 ? 6 : 0);
    double label = pitch > 48 ? 14 : 0;
    ColourScale scale = ColourScale.about0(1);
    Drawing drawing = new Drawing();
    String title = "Zernike modes to degree " + degree;
    String caption = label > 0 ? "rows: degree d; columns: order m; below: " + orderName() : "";
    double top = Captions.draw(drawing, 16, title, caption) + 6;
    double width = Math.max((degree + 1) * pitch, 240);
    for (int d = 0; d <= degree; d++) {
      double y = top + d * (pitch + label) + disk / 2;
      drawing.words(LEFT - 16, y + 4, Anchor.END, Theme.SOFT, "d = " + d);
      for (int m = -d; m <= d; m += 2) {
        ZernikeIndex mode = new ZernikeIndex(d, m);
        double x = LEFT + width / 2 + m * pitch / 2;
        int pixels = (int) Math.rint(disk * Picture.DEFAULT_SCALE);
        DiskSamples samples = new DiskSamples(field(mode), pixels);
        drawing.image(x - disk / 2, y - disk / 2, disk, disk, samples.image(scale, false));
        drawing.circle(x, y, disk / 2, Theme.BASE, 0.8);
        if (label > 0) {
          drawing.small(x, y + disk / 2 + 13, Anchor.MIDDLE, Theme.SOFT, label(mode));
        }
      }
    }
    double plotBottom = top + (degree + 1) * (pitch + label);
    double plotHeight = plotBottom - top - 20;
    double barHeight = Math.clamp(plotHeight, 40, 240);
    double bar = LEFT + width + 24;
    double end = scale.bar(drawing, bar, top + 8, 14, barHeight, "");
    return drawing.picture(
        Math.max(end + 16, Captions.right(16, title, caption)), plotBottom + 8, title);
  }

  private String orderName() {
    return switch (order) {
      case OSA -> "OSA/ANSI index";
      case NOLL -> "Noll index";
      case FRINGE -> "Fringe index";
      case FRINGE_37 -> "index in the set of 37 Fringe terms";
    };
  }

  private String label(ZernikeIndex mode) {
    if (order == ModeOrder.FRINGE_37
        && ModeOrder.FRINGE.indexOf(mode) > 36
        && !(mode.degree() == 12 && mode.order() == 0)) {
      return "–";
    }
    return Long.toString(order.indexOf(mode));
  }
}
