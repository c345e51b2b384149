package org.quadrille.cli.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Digest;

/**
 * A text to train on: a UTF-8 file, plain or gzipped, or one of two public-domain texts that come
 * with the program.
 *
 * @param name what the user typed
 * @param text all of it
 * @param sha256 of its UTF-8 bytes
 */
public record TrainingText(String name, String text, String sha256) {
  /**
   * Names of the texts that come with the program: the King James Bible (Genesis to Deuteronomy,
   * Matthew to Acts) and the Jargon File, both in lower case with the same 38 characters.
   */
  public static final List<String> SHIPPED = List.of("kjv", "jargon");

  /**
   * Finds a text.
   *
   * @param name one of {@link #SHIPPED}, or a file
   * @throws CommandFailure if the file is not UTF-8 or empty
   */
  public static TrainingText find(String name) throws IOException {
    byte[] bytes = bytes(name);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CommandFailure(
          name + ": not UTF-8 text; convert it first, for example with iconv", e);
    }
    if (text.isEmpty()) {
      throw new CommandFailure(name + ": the file is empty, expected text");
    }
    return new TrainingText(name, text, new Digest().add(text).hex());
  }

  private static byte[] bytes(String name) throws IOException {
    if (SHIPPED.contains(name)) {
      try (InputStream in = TrainingText.class.getResourceAsStream(name + ".txt.gz")) {
        if (in == null) {
          throw new IllegalStateException(name + ".txt.gz is missing from the quadrille-cli jar");
        }
        return new GZIPInputStream(in).readAllBytes();
      }
    }
    Path path = Path.of(name);
    if (!name.endsWith(".gz")) {
      return Files.readAllBytes(path);
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
      return in.readAllBytes();
    }
  }
}
