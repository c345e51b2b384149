package org.quadrille.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.transformer.text.BytePairEncoding;
import org.quadrille.transformer.text.ByteTokenizer;
import org.quadrille.transformer.text.CharacterTokenizer;
import org.quadrille.transformer.text.Tokenizer;

/** What {@code --tokenizer} means. */
public final class TokenizerChoice {
  private static final String PAIRS = "bpe:";

  private TokenizerChoice() {}

  /**
   * The tokenizer of a choice.
   *
   * @param choice {@code characters}, {@code bytes}, {@code bpe:SIZE}, or a file that {@link
   *     Tokenizer#load} reads
   * @param text the text it is made for
   */
  public static Tokenizer of(String choice, String text) throws IOException {
    if (choice.equals("characters")) {
      return CharacterTokenizer.of(text);
    }
    if (choice.equals("bytes")) {
      return ByteTokenizer.INSTANCE;
    }
    if (choice.startsWith(PAIRS)) {
      try {
        return BytePairEncoding.train(text, Integer.parseInt(choice.substring(PAIRS.length())));
      } catch (NumberFormatException e) {
        throw new CommandFailure(
            "--tokenizer " + choice + ": expected a number of tokens, such as bpe:1000", e);
      }
    }
    return Tokenizer.load(Path.of(choice));
  }
}
