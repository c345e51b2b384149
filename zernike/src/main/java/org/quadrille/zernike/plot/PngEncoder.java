package org.quadrille.zernike.plot;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes Portable Network Graphics (W3C PNG specification, third edition): 8 bits a channel,
 * without the opacity channel where all pixels are opaque, each row filtered by whichever of the
 * five filters leaves the least sum of absolute values.
 */
final class PngEncoder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int TRUE_COLOUR = 2;
  private static final int TRUE_COLOUR_AND_OPACITY = 6;

  /** Of compression: the highest takes many times as long for a few per cent. */
  private static final int LEVEL = 7;

  private PngEncoder() {}

  /**
   * Encodes an image.
   *
   * @param pixelsPerMetre resolution for printing, 0 for none
   */
  static byte[] encode(PixelImage image, int pixelsPerMetre) {
    boolean opaque = isOpaque(image);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(file)) {
      out.write(SIGNATURE);
      chunk(out, "IHDR", header(image, opaque));
      chunk(out, "sRGB", new byte[] {0});
      if (pixelsPerMetre > 0) {
        chunk(out, "pHYs", resolution(pixelsPerMetre));
      }
      chunk(out, "IDAT", data(image, opaque ? 3 : 4));
      chunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return file.toByteArray();
  }

  private static boolean isOpaque(PixelImage image) {
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        if (image.pixel(column, row) >>> 24 != 255) {
          return false;
        }
      }
    }
    return true;
  }

  private static byte[] header(PixelImage image, boolean opaque) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(image.width());
    out.writeInt(image.height());
    out.write(new byte[] {8, (byte) (opaque ? TRUE_COLOUR : TRUE_COLOUR_AND_OPACITY), 0, 0, 0});
    return bytes.toByteArray();
  }

  private static byte[] resolution(int pixelsPerMetre) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(pixelsPerMetre);
    out.writeInt(pixelsPerMetre);
    out.write(1); // the unit is the metre
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(content);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) check.getValue());
  }

  private static byte[] data(PixelImage image, int channels) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(LEVEL);
    byte[] above = new byte[image.width() * channels];
    byte[] current = new byte[above.length];
    byte[][] filtered = new byte[5][above.length];
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
      for (int row = 0; row < image.height(); row++) {
        read(image, row, channels, current);
        int best = 0;
        for (int filter = 1; filter < 5; filter++) {
          filter(filter, current, above, channels, filtered[filter]);
        }
        System.arraycopy(current, 0, filtered[0], 0, current.length);
        for (int filter = 1; filter < 5; filter++) {
          if (size(filtered[filter]) < size(filtered[best])) {
            best = filter;
          }
        }
        out.write(best);
        out.write(filtered[best]);
        byte[] swap = above;
        above = current;
        current = swap;
      }
    } finally {
      deflater.end();
    }
    return packed.toByteArray();
  }

  private static void read(PixelImage image, int row, int channels, byte[] out) {
    int at = 0;
    for (int column = 0; column < image.width(); column++) {
      int argb = image.pixel(column, row);
      out[at++] = (byte) (argb >>> 16);
      out[at++] = (byte) (argb >>> 8);
      out[at++] = (byte) argb;
      if (channels == 4) {
        out[at++] = (byte) (argb >>> 24);
      }
    }
  }

  /** Filters 1 to 4 of section 9 of the specification: Sub, Up, Average, Paeth. */
  private static void filter(int type, byte[] row, byte[] above, int channels, byte[] out) {
    for (int i = 0; i < channels; i++) {
      int up = above[i] & 255;
      out[i] = (byte) (row[i] - (type == 1 ? 0 : type == 3 ? up / 2 : up));
    }
    switch (type) {
      case 1 -> {
        for (int i = channels; i < row.length; i++) {
          out[i] = (byte) (row[i] - row[i - channels]);
        }
      }
      case 2 -> {
        for (int i = channels; i < row.length; i++) {
          out[i] = (byte) (row[i] - above[i]);
        }
      }
      case 3 -> {
        for (int i = channels; i < row.length; i++) {
          out[i] = (byte) (row[i] - ((row[i - channels] & 255) + (above[i] & 255)) / 2);
        }
      }
      default -> {
        for (int i = channels; i < row.length; i++) {
          int left = row[i - channels] & 255;
          out[i] = (byte) (row[i] - paeth(left, above[i] & 255, above[i - channels] & 255));
        }
      }
    }
  }

  private static int paeth(int left, int up, int corner) {
    int guess = left + up - corner;
    int toLeft = Math.abs(guess - left);
    int toUp = Math.abs(guess - up);
    int toCorner = Math.abs(guess - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private static long size(byte[] row) {
    long sum = 0;
    for (byte value : row) {
      sum += Math.abs(value);
    }
    return sum;
  }
}
