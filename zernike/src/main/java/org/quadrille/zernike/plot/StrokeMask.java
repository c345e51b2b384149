package org.quadrille.zernike.plot;

/**
 * The pixels that a pen covers on its way. Where strokes meet or cross, a pixel counts once, so
 * that joints are as dark as the rest.
 */
final class StrokeMask {
  private final PixelImage image;
  private final float[] coverage;
  private double half;
  private double strength;
  private int left = Integer.MAX_VALUE;
  private int right = -1;
  private int top = Integer.MAX_VALUE;
  private int bottom = -1;

  /** A mask without strokes, to be used for one drawing after the other. */
  StrokeMask(PixelImage image) {
    this.image = image;
    coverage = new float[image.width() * image.height()];
  }

  /**
   * Takes up a pen.
   *
   * @param width in pixels; a pen thinner than a pixel draws paler
   */
  void pen(double width) {
    half = Math.max(0.5, 0.5 * width);
    strength = Math.min(1, width);
  }

  /** Draws a segment with round ends, in pixels. */
  void segment(double x1, double y1, double x2, double y2) {
    double reach = half + 1;
    int fromRow = (int) Math.max(0, Math.floor(Math.min(y1, y2) - reach));
    int toRow = (int) Math.min(image.height() - 1, Math.ceil(Math.max(y1, y2) + reach));
    double dx = x2 - x1;
    double dy = y2 - y1;
    double squared = dx * dx + dy * dy;
    for (int row = fromRow; row <= toRow; row++) {
      double y = row + 0.5;
      // of a long slanting line only the part near this row
      double low = Math.min(x1, x2);
      double high = Math.max(x1, x2);
      if (Math.abs(dy) > 1e-9) {
        double a = x1 + dx * Math.clamp((y - reach - y1) / dy, 0, 1);
        double b = x1 + dx * Math.clamp((y + reach - y1) / dy, 0, 1);
        low = Math.min(a, b);
        high = Math.max(a, b);
      }
      int fromColumn = (int) Math.max(0, Math.floor(low - reach));
      int toColumn = (int) Math.min(image.width() - 1, Math.ceil(high + reach));
      for (int column = fromColumn; column <= toColumn; column++) {
        double x = column + 0.5;
        double along =
            squared > 0 ? Math.clamp(((x - x1) * dx + (y - y1) * dy) / squared, 0, 1) : 0;
        double distance = Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
        double covered = Math.clamp(half + 0.5 - distance, 0, 1);
        int at = row * image.width() + column;
        coverage[at] = Math.max(coverage[at], (float) covered);
      }
      if (toColumn >= fromColumn) {
        left = Math.min(left, fromColumn);
        right = Math.max(right, toColumn);
        top = Math.min(top, row);
        bottom = Math.max(bottom, row);
      }
    }
  }

  /** Lays a colour over what was drawn and forgets it. */
  void blend(int rgb) {
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        int at = row * image.width() + column;
        image.blend(column, row, rgb, strength * coverage[at]);
        coverage[at] = 0;
      }
    }
    left = Integer.MAX_VALUE;
    right = -1;
    top = Integer.MAX_VALUE;
    bottom = -1;
  }
}
