package org.quadrille.cli.reproduce.growth;

import java.io.IOException;
import org.quadrille.cli.train.TrainingText;
import org.quadrille.transformer.text.CharacterTokenizer;
import org.quadrille.transformer.text.TokenData;
import org.quadrille.transformer.text.Tokenizer;

/**
 * The text of a study as characters, with an id more for what is masked.
 *
 * @param name of the text
 * @param sha256 of the text
 * @param tokenizer its characters
 * @param data chunks of it, every tenth held out
 */
record StudyText(String name, String sha256, Tokenizer tokenizer, TokenData data) {

  /** A text that comes with the program. */
  static StudyText shipped(String name) throws IOException {
    TrainingText text = TrainingText.find(name);
    Tokenizer tokenizer = CharacterTokenizer.of(text.text());
    return new StudyText(
        name, text.sha256(), tokenizer, TokenData.split(tokenizer.encode(text.text())));
  }

  /** Different characters. */
  int characters() {
    return tokenizer.size();
  }
}
