package org.quadrille.cli.zernike;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import org.quadrille.formats.AtomicFile;
import org.quadrille.zernike.plot.Picture;

/** Writes pictures as SVG or PNG, as the name of the file ends. */
public final class PictureFile {
  private PictureFile() {}

  /** Whether a name ends in {@code .svg} or {@code .png}. */
  public static boolean isNamed(Path path) {
    String name = name(path);
    return name.endsWith(".svg") || name.endsWith(".png");
  }

  /**
   * Writes a picture.
   *
   * @param path ends in {@code .svg} or {@code .png}
   * @param scale pixels per unit of a PNG
   * @return bytes written
   */
  public static long write(Path path, Picture picture, double scale) throws IOException {
    if (!isNamed(path)) {
      throw new IllegalArgumentException(path + ": expected a name that ends in .svg or .png");
    }
    if (name(path).endsWith(".svg")) {
      String svg = picture.svg();
      AtomicFile.writeText(path, svg);
      return svg.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
    byte[] png = picture.png(scale);
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(png);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
    return png.length;
  }

  private static String name(Path path) {
    return path.getFileName().toString().toLowerCase(Locale.ROOT);
  }
}
