package org.quadrille.zernike.plot;

import org.quadrille.zernike.plot.Mark.Anchor;

/** The title of a picture and the line of small text under it. */
final class Captions {
  private static final double MARGIN = 16;

  private Captions() {}

  /**
   * Draws what is not empty.
   *
   * @param left where both begin
   * @return where the plot may begin
   */
  static double draw(Drawing drawing, double left, String title, String caption) {
    double y = MARGIN;
    if (!title.isEmpty()) {
      y += 14;
      drawing.title(left, y, title);
      y += 12;
    }
    if (!caption.isEmpty()) {
      y += 8;
      drawing.words(left, y, Anchor.START, Theme.SOFT, caption);
      y += 12;
    }
    return y;
  }

  /** The width that a picture needs so that neither is cut off. */
  static double right(double left, String title, String caption) {
    return left
        + MARGIN
        + Math.max(
            1.08 * StrokeFont.width(title, Theme.TITLE), StrokeFont.width(caption, Theme.TICK));
  }
}
