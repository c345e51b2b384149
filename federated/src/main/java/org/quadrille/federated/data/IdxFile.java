package org.quadrille.federated.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.quadrille.formats.FormatException;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Reads IDX files of unsigned bytes, the format of MNIST and Fashion-MNIST: two zero bytes, type 8,
 * number of axes, their lengths as big-endian 32-bit numbers, then the bytes. A file whose name
 * ends in {@code .gz} is unpacked.
 */
public final class IdxFile {
  private static final int UNSIGNED_BYTE = 8;
  private static final long MOST_BYTES = 1L << 30;

  private IdxFile() {}

  /**
   * Pictures, averaged over squares of pixels.
   *
   * @param pool side of a square, a divisor of both sides of a picture; 1: as they are
   * @return shape [n, height/pool * width/pool], F32, values from 0 to 1
   * @throws FormatException if the file is no IDX file of pictures
   */
  public static Tensor pictures(Path path, int pool) throws IOException {
    Content content = read(path, 3);
    int n = content.lengths[0];
    int height = content.lengths[1];
    int width = content.lengths[2];
    if (pool < 1 || height % pool != 0 || width % pool != 0) {
      throw new IllegalArgumentException(
          "pool: " + pool + " given, expected a divisor of " + height + " and " + width);
    }
    int rows = height / pool;
    int cols = width / pool;
    Tensor pictures = Tensor.zeros(DType.F32, n, rows * cols);
    float[] values = pictures.floats();
    float scale = 1f / (255 * pool * pool);
    for (int i = 0; i < n; i++) {
      for (int y = 0; y < height; y++) {
        int from = (i * height + y) * width;
        int to = (i * rows + y / pool) * cols;
        for (int x = 0; x < width; x++) {
          values[to + x / pool] += content.bytes[from + x] & 0xff;
        }
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return pictures;
  }

  /**
   * Labels.
   *
   * @throws FormatException if the file is no IDX file with one axis
   */
  public static int[] labels(Path path) throws IOException {
    Content content = read(path, 1);
    int[] labels = new int[content.lengths[0]];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = content.bytes[i] & 0xff;
    }
    return labels;
  }

  private record Content(int[] lengths, byte[] bytes) {}

  private static Content read(Path path, int axes) throws IOException {
    try (InputStream in = open(path)) {
      ByteBuffer header = ByteBuffer.wrap(in.readNBytes(4 * (1 + axes)));
      if (header.limit() < 4 * (1 + axes)) {
        throw new FormatException(path, "the file ends in its header; expected an IDX file");
      }
      int magic = header.getInt();
      if (magic != (UNSIGNED_BYTE << 8 | axes)) {
        throw new FormatException(
            path,
            String.format(
                "begins with %08x; expected %08x, an IDX file of bytes with %d axes",
                magic, UNSIGNED_BYTE << 8 | axes, axes));
      }
      int[] lengths = new int[axes];
      long size = 1;
      for (int a = 0; a < axes; a++) {
        lengths[a] = header.getInt();
        size = lengths[a] < 0 || size > MOST_BYTES ? Long.MAX_VALUE : size * lengths[a];
      }
      if (size > MOST_BYTES) {
        throw new FormatException(path, "more than " + MOST_BYTES + " bytes of pictures");
      }
      byte[] bytes = in.readNBytes((int) size);
      if (bytes.length < size || in.read() >= 0) {
        throw new FormatException(
            path, "expected exactly " + size + " bytes after the header, found another number");
      }
      return new Content(lengths, bytes);
    }
  }

  private static InputStream open(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    return path.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
  }
}
