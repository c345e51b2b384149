package org.quadrille.zernike.plot;

import java.util.Arrays;

/** An image of 8-bit red, green, blue and opacity. Not thread safe while it is being drawn on. */
public final class PixelImage {
  /** 2^28 pixels take a gigabyte. */
  private static final long LARGEST = 1L << 28;

  private final int width;
  private final int height;
  private final int[] pixels;

  /**
   * A transparent image.
   *
   * @param width columns, from 1 on
   * @param height rows, from 1 on
   * @throws IllegalArgumentException if there are fewer or more than 2^28 pixels
   */
  public PixelImage(int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > LARGEST) {
      throw new IllegalArgumentException(
          "image of " + width + " x " + height + " pixels: expected 1 x 1 up to 2^28 pixels");
    }
    this.width = width;
    this.height = height;
    pixels = new int[width * height];
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Rows, the first at the top. */
  public int height() {
    return height;
  }

  /** A pixel as 0xAARRGGBB, colours not multiplied by opacity. */
  public int pixel(int column, int row) {
    return pixels[row * width + column];
  }

  /** Sets a pixel to 0xAARRGGBB. */
  public void set(int column, int row, int argb) {
    pixels[row * width + column] = argb;
  }

  /** Sets all pixels to 0xAARRGGBB. */
  public void fill(int argb) {
    Arrays.fill(pixels, argb);
  }

  /**
   * Lays a colour over a pixel ("over" of T. Porter and T. Duff, 1984); nothing happens outside the
   * image.
   *
   * @param rgb 0xRRGGBB
   * @param opacity 0 to 1
   */
  void blend(int column, int row, int rgb, double opacity) {
    if (column < 0 || column >= width || row < 0 || row >= height || !(opacity > 0)) {
      return;
    }
    int at = row * width + column;
    int below = pixels[at];
    double under = (below >>> 24) / 255.0 * (1 - opacity);
    double total = opacity + under;
    int result = (int) Math.rint(255 * total) << 24;
    for (int shift = 0; shift <= 16; shift += 8) {
      double mixed = opacity * (rgb >>> shift & 255) + under * (below >>> shift & 255);
      result |= (int) Math.rint(mixed / total) << shift;
    }
    pixels[at] = result;
  }

  /** The image as the bytes of a PNG file. */
  public byte[] png() {
    return PngEncoder.encode(this, 0);
  }
}
