package org.quadrille.transformer.text;

import java.util.Arrays;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * One token for each character (Unicode code point) of an alphabet, in the order of code points.
 *
 * {@snippet :
 * CharacterTokenizer tokenizer = CharacterTokenizer.of("hello"); // e h l o: 4 tokens
 * tokenizer.encode("hole"); // 1, 3, 2, 0
 * }
 */
public final class CharacterTokenizer implements Tokenizer {
  private final int[] alphabet;

  private CharacterTokenizer(int[] alphabet) {
    this.alphabet = alphabet;
  }

  /**
   * The characters that occur in a text.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static CharacterTokenizer of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("text: empty, expected at least one character");
    }
    return new CharacterTokenizer(text.codePoints().distinct().sorted().toArray());
  }

  static CharacterTokenizer fromJson(JsonObject json) throws FormatException {
    String alphabet = json.string("alphabet");
    if (alphabet.isEmpty()) {
      throw new FormatException("tokenizer of characters: the alphabet is empty");
    }
    return of(alphabet);
  }

  /** The characters in the order of their tokens. */
  public String alphabet() {
    return new String(alphabet, 0, alphabet.length);
  }

  @Override
  public int size() {
    return alphabet.length;
  }

  @Override
  public int[] encode(String text) {
    int[] tokens = text.codePoints().toArray();
    for (int i = 0; i < tokens.length; i++) {
      int token = Arrays.binarySearch(alphabet, tokens[i]);
      if (token < 0) {
        throw new IllegalArgumentException(
            String.format(
                "character U+%04X at position %d is not in the alphabet of %d characters;"
                    + " remove it from the text",
                tokens[i], i, alphabet.length));
      }
      tokens[i] = token;
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder(tokens.length);
    for (int token : tokens) {
      text.appendCodePoint(alphabet[Tokenizer.requireToken(token, alphabet.length)]);
    }
    return text.toString();
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject().put("type", "characters").put("alphabet", alphabet());
  }
}
