package org.quadrille.cli.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of files, folders, texts and float arrays, as lower-case hexadecimal. */
public final class Digest {
  private static final int CHUNK = 1 << 20;

  private final MessageDigest sha256;

  /** An empty digest. */
  public Digest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java machine has no SHA-256", e);
    }
  }

  /** Adds the UTF-8 bytes of a text. */
  public Digest add(String text) {
    sha256.update(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds the little-endian bits of an array, NaN bits as they are. */
  public Digest add(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - from);
      buffer.clear().asFloatBuffer().put(values, from, count);
      sha256.update(buffer.clear().limit(count * Float.BYTES));
    }
    return this;
  }

  /** The digest of all that was added, as 64 hexadecimal digits; the object is empty afterwards. */
  public String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  /**
   * The digest of a file, or of a folder: of the names and digests of its files, sorted by name.
   *
   * @throws IOException if it cannot be read
   */
  public static String of(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return ofFile(path);
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    Digest digest = new Digest();
    for (Path file : files) {
      digest.add(path.relativize(file).toString() + "\n" + ofFile(file) + "\n");
    }
    return digest.hex();
  }

  private static String ofFile(Path path) throws IOException {
    Digest digest = new Digest();
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = FileChannel.open(path)) {
      while (channel.read(buffer) >= 0) {
        digest.sha256.update(buffer.flip());
        buffer.clear();
      }
    }
    return digest.hex();
  }
}
