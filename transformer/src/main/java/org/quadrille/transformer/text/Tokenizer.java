package org.quadrille.transformer.text;

import java.io.IOException;
import java.nio.file.Path;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Text to token ids and back. Immutable and safe for use by several threads.
 *
 * <p>Saved as one JSON object whose member {@code type} names the kind, so that a checkpoint can
 * carry its tokenizer as text.
 */
public sealed interface Tokenizer
    permits CharacterTokenizer, ByteTokenizer, BytePairEncoding, WordPiece {

  /** Number of token ids; ids run from 0 to one less. */
  int size();

  /**
   * The tokens of a text.
   *
   * @throws IllegalArgumentException if the text has something that no token stands for
   */
  int[] encode(String text);

  /**
   * The text of tokens.
   *
   * @throws IllegalArgumentException if an id is out of range
   */
  String decode(int[] tokens);

  /** What {@link #of} reads. */
  JsonObject toJson();

  /** Writes the tokenizer as JSON. */
  default void save(Path file) throws IOException {
    AtomicFile.writeText(file, Json.write(toJson()));
  }

  /**
   * Reads what {@link #save} wrote, a {@code tokenizer.json} of BERT's kind, or a {@code vocab.txt}
   * of word pieces (lower-cased).
   *
   * @throws FormatException if the file is none of these
   */
  static Tokenizer load(Path file) throws IOException {
    if (file.toString().endsWith(".txt")) {
      return WordPiece.fromVocabulary(file, true);
    }
    JsonObject json = Json.read(file);
    return json.has("model") ? WordPiece.fromTokenizerJson(file) : of(json);
  }

  /**
   * The tokenizer of a JSON object.
   *
   * @throws FormatException if it does not describe one
   */
  static Tokenizer of(JsonObject json) throws FormatException {
    return switch (json.string("type")) {
      case "characters" -> CharacterTokenizer.fromJson(json);
      case "bytes" -> ByteTokenizer.INSTANCE;
      case "byte-pairs" -> BytePairEncoding.fromJson(json);
      case "word-pieces" -> WordPiece.fromJson(json);
      default ->
          throw new FormatException(
              "tokenizer of type \""
                  + json.string("type")
                  + "\", expected characters, bytes, byte-pairs or word-pieces");
    };
  }

  /** Checks an id before a table is asked. */
  static int requireToken(int token, int size) {
    if (token < 0 || token >= size) {
      throw new IllegalArgumentException(
          "token " + token + ", expected 0 to " + (size - 1) + " of this tokenizer");
    }
    return token;
  }
}
