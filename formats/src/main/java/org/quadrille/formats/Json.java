package org.quadrille.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON text (RFC 8259), read strictly and written so that numbers survive.
 *
 * <p>A document is made of {@link JsonObject}, {@link java.util.List}, {@link String}, {@link Long}
 * (a number without fraction and exponent that fits 64 bits), {@link Double} (any other number),
 * {@link Boolean} and {@code null}.
 *
 * {@snippet :
 * JsonObject run = Json.parseObject("{\"rank\": 64, \"objective\": [1.5, 0.25]}");
 * long rank = run.integer("rank");
 * String text = Json.write(new JsonObject().put("rank", rank).put("seconds", 0.1));
 * }
 *
 * <p>Rejected beside everything the grammar excludes: duplicate keys, numbers beyond the range of
 * double, unpaired surrogates and nesting deeper than {@value #MAX_DEPTH}.
 */
public final class Json {
  /** Deepest nesting of objects and arrays that is read or written. */
  public static final int MAX_DEPTH = 200;

  /** Longest file that {@link #read} accepts, in bytes. */
  public static final long MAX_FILE_BYTES = 100_000_000;

  private Json() {}

  /**
   * Reads one document.
   *
   * @throws FormatException if the text is not exactly one JSON value; the offset counts characters
   */
  public static Object parse(String text) throws FormatException {
    return new JsonParser(text).document();
  }

  /**
   * Reads one document that must be an object.
   *
   * @throws FormatException if the text is not exactly one JSON object
   */
  public static JsonObject parseObject(String text) throws FormatException {
    if (parse(text) instanceof JsonObject object) {
      return object;
    }
    throw new FormatException("JSON: expected an object at the top");
  }

  /**
   * Reads a UTF-8 file that holds one object.
   *
   * @throws FormatException if it is longer than {@value #MAX_FILE_BYTES} bytes, not UTF-8 or not
   *     one JSON object; names the file
   */
  public static JsonObject read(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_FILE_BYTES) {
      throw new FormatException(
          path, "JSON file of " + size + " bytes; expected at most " + MAX_FILE_BYTES);
    }
    return parseObject(path, 0, Files.readAllBytes(path));
  }

  /** Reads bytes of a file as an object; errors name the file and the byte or character. */
  static JsonObject parseObject(Path path, long offset, byte[] utf8) throws FormatException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      FormatException wrapped = new FormatException(path, offset, "JSON is not valid UTF-8");
      wrapped.initCause(e);
      throw wrapped;
    }
    try {
      return parseObject(text);
    } catch (FormatException e) {
      FormatException wrapped = new FormatException(path, null, -1, e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  /**
   * The text of a value on one line.
   *
   * @param value what {@link #parse} returns, or any {@link java.util.Map} with string keys, {@link
   *     Iterable}, number, enum, or array of numbers or objects within it
   * @throws IllegalArgumentException on NaN, an infinity, another type, or nesting deeper than
   *     {@value #MAX_DEPTH}
   */
  public static String write(Object value) {
    StringBuilder text = new StringBuilder();
    new JsonWriter(text).value(value);
    return text.toString();
  }

  /**
   * The text of a value, one entry per line, indented by two blanks, with a line feed at the end;
   * arrays of plain values stay on one line.
   *
   * @param value as for {@link #write}
   */
  public static String writeIndented(Object value) {
    StringBuilder text = new StringBuilder();
    JsonWriter.indented(text).value(value);
    return text.append('\n').toString();
  }
}
