package org.quadrille.zernike.plot;

import java.util.Arrays;
import org.quadrille.zernike.DiskFunction;

/**
 * Values of a field at the pixels of a square that holds the unit disk, with the share of each
 * pixel that lies in the disk.
 */
final class DiskSamples {
  private final int size;
  private final double[] values;
  private final double[] coverage;

  /**
   * Samples a field.
   *
   * @param size pixels across the disk
   */
  DiskSamples(DiskFunction field, int size) {
    this.size = size;
    values = new double[size * size];
    coverage = new double[size * size];
    Arrays.fill(values, Double.NaN);
    double[] x = new double[size];
    double[] y = new double[size];
    int[] place = new int[size];
    for (int row = 0; row < size; row++) {
      int count = points(row, x, y, place);
      double[] out = new double[count];
      field.values(Arrays.copyOf(x, count), Arrays.copyOf(y, count), out);
      for (int i = 0; i < count; i++) {
        values[place[i]] = out[i];
      }
    }
  }

  /** The points of a row of pixels, those next to the edge moved onto it; their number. */
  private int points(int row, double[] x, double[] y, int[] place) {
    double pixel = 2.0 / size;
    int count = 0;
    for (int column = 0; column < size; column++) {
      double px = (column + 0.5) * pixel - 1;
      double py = 1 - (row + 0.5) * pixel;
      double radius = Math.hypot(px, py);
      double inside = Math.clamp(0.5 + (1 - radius) / pixel, 0, 1);
      if (inside > 0) {
        int at = row * size + column;
        coverage[at] = inside;
        double shrink = radius > 1 ? (1 - 0x1p-50) / radius : 1;
        x[count] = px * shrink;
        y[count] = py * shrink;
        place[count++] = at;
      }
    }
    return count;
  }

  double min() {
    return Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
  }

  double max() {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(0);
  }

  double largest() {
    return Math.max(Math.abs(min()), Math.abs(max()));
  }

  /** The values in colours, transparent outside the disk and where there is no value. */
  PixelImage image(ColourScale scale, boolean magnitude) {
    PixelImage image = new PixelImage(size, size);
    for (int i = 0; i < values.length; i++) {
      double value = magnitude ? Math.abs(values[i]) : values[i];
      if (!Double.isNaN(value)) {
        int opacity = (int) Math.rint(255 * coverage[i]);
        image.set(i % size, i / size, opacity << 24 | scale.rgb(value));
      }
    }
    return image;
  }
}
