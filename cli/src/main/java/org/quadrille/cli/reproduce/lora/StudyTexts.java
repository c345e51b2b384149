package org.quadrille.cli.reproduce.lora;

import java.io.IOException;
import org.quadrille.cli.train.TrainingText;
import org.quadrille.transformer.text.CharacterTokenizer;
import org.quadrille.transformer.text.TokenData;

/**
 * The text that a model knows and the one it is to learn; both have the same characters, so that no
 * method is hindered by embeddings that were never trained.
 *
 * @param tokenizer of both
 * @param source known
 * @param target to be learned
 * @param digest of both texts
 */
record StudyTexts(CharacterTokenizer tokenizer, TokenData source, TokenData target, String digest) {

  /** The King James Bible and the Jargon File. */
  static StudyTexts shipped() throws IOException {
    TrainingText kjv = TrainingText.find("kjv");
    TrainingText jargon = TrainingText.find("jargon");
    CharacterTokenizer tokenizer = CharacterTokenizer.of(kjv.text());
    return new StudyTexts(
        tokenizer,
        TokenData.split(tokenizer.encode(kjv.text())),
        TokenData.split(tokenizer.encode(jargon.text())),
        kjv.sha256().substring(0, 16) + "+" + jargon.sha256().substring(0, 16));
  }

  /** Number of characters. */
  int vocabulary() {
    return tokenizer.size();
  }
}
