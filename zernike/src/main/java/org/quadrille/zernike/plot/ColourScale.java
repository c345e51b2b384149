package org.quadrille.zernike.plot;

import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * Which colour stands for which value.
 *
 * @param map the colours
 * @param low value of the first colour
 * @param high value of the last colour
 * @param logarithmic whether equal ratios are equal steps of colour
 */
record ColourScale(ColourMap map, double low, double high, boolean logarithmic) {
  private static final int STEPS = 256;

  /** Diverging, 0 in the middle. */
  static ColourScale about0(double largest) {
    double size = largest > 0 ? largest : 1;
    return new ColourScale(ColourMap.DIVERGING, -size, size, false);
  }

  int rgb(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return map.rgb(share);
  }

  /**
   * Draws an upright bar of the colours with ticks to its right and the unit above.
   *
   * @return the right end of the widest label
   */
  double bar(Drawing drawing, double x, double top, double width, double height, String unit) {
    PixelImage colours = new PixelImage(1, STEPS);
    for (int i = 0; i < STEPS; i++) {
      colours.set(0, i, 0xFF000000 | map.rgb(1 - (i + 0.5) / STEPS));
    }
    drawing.image(x, top, width, height, colours);
    double[] left = {x, x + width, x + width, x, x};
    double[] down = {top, top, top + height, top + height, top};
    drawing.path(left, down, Theme.BASE, 1, 0);
    Axis axis = new Axis(low, high, top + height, top, logarithmic);
    double widest = 0;
    for (double tick : axis.ticks(6)) {
      String label = axis.label(tick);
      drawing.line(x + width, axis.at(tick), x + width + 4, axis.at(tick), Theme.BASE, 1);
      drawing.words(x + width + 8, axis.at(tick) + 4, Anchor.START, Theme.SOFT, label);
      widest = Math.max(widest, StrokeFont.width(label, Theme.TICK));
    }
    drawing.words(x, top - 10, Anchor.START, Theme.INK, unit);
    return x + width + 8 + widest;
  }
}
