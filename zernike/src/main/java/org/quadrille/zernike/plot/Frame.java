package org.quadrille.zernike.plot;

import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * The axes around a plot.
 *
 * @param across horizontal axis
 * @param up vertical axis, {@code from} below {@code to}
 */
record Frame(Axis across, Axis up) {
  private static final int TICKS = 6;

  double left() {
    return across.from();
  }

  double right() {
    return across.to();
  }

  double top() {
    return up.to();
  }

  double bottom() {
    return up.from();
  }

  /** Draws the grid, to lie under the curves. */
  void grid(Drawing drawing) {
    for (double tick : up.ticks(TICKS)) {
      drawing.line(left(), up.at(tick), right(), up.at(tick), Theme.GRID, 1);
    }
    for (double tick : across.ticks(TICKS)) {
      drawing.line(across.at(tick), top(), across.at(tick), bottom(), Theme.GRID, 1);
    }
  }

  /** Draws border, tick marks, their labels and the names of both axes. */
  void axes(Drawing drawing, String acrossName, String upName) {
    double[] x = {left(), right(), right(), left(), left()};
    double[] y = {bottom(), bottom(), top(), top(), bottom()};
    drawing.path(x, y, Theme.BASE, 1, 0);
    double widest = 0;
    for (double tick : up.ticks(TICKS)) {
      String label = up.label(tick);
      drawing.line(left() - 4, up.at(tick), left(), up.at(tick), Theme.BASE, 1);
      drawing.words(left() - 8, up.at(tick) + 4, Anchor.END, Theme.SOFT, label);
      widest = Math.max(widest, StrokeFont.width(label, Theme.TICK));
    }
    for (double tick : across.ticks(TICKS)) {
      drawing.line(across.at(tick), bottom(), across.at(tick), bottom() + 4, Theme.BASE, 1);
      drawing.words(across.at(tick), bottom() + 18, Anchor.MIDDLE, Theme.SOFT, across.label(tick));
    }
    drawing.words((left() + right()) / 2, bottom() + 37, Anchor.MIDDLE, Theme.INK, acrossName);
    drawing.upward(left() - widest - 18, (top() + bottom()) / 2, Anchor.MIDDLE, Theme.INK, upName);
  }
}
