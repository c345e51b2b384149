package org.quadrille.transformer.train;

import java.io.IOException;
import org.quadrille.linalg.DType;
import org.quadrille.optim.Adam;
import org.quadrille.optim.DecayRule;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.CharacterTokenizer;
import org.quadrille.transformer.text.ShippedText;
import org.quadrille.transformer.text.TokenData;
import org.quadrille.transformer.text.WordMasking;

/** Models and runs that take a moment. */
final class TinyRun {
  static final int LENGTH = 24;
  static final int BATCH = 6;

  private TinyRun() {}

  static CharacterTokenizer tokenizer() throws IOException {
    return CharacterTokenizer.of(ShippedText.bible());
  }

  static TokenData data() throws IOException {
    return TokenData.split(tokenizer().encode(ShippedText.bible().substring(0, 100_000)), 500, 10);
  }

  static Transformer gpt(DType dtype) throws IOException {
    return Transformer.random(Architecture.gpt(tokenizer().size(), LENGTH, 16, 2, 1), dtype, 7);
  }

  /** With one more token than the text has: the mask. */
  static Transformer bert(DType dtype) throws IOException {
    return Transformer.random(
        Architecture.bert(tokenizer().size() + 1, LENGTH, 16, 2, 1), dtype, 7);
  }

  static TextTask nextToken(Transformer model) throws IOException {
    return TextTask.nextToken(model, data(), BATCH, LENGTH, 3);
  }

  static TextTask maskedWords(Transformer model) throws IOException {
    int mask = tokenizer().size();
    return TextTask.maskedWords(
        model, data(), new WordMasking(mask, mask + 1, 0.15, token -> false), BATCH, LENGTH, 3);
  }

  static Adam adam(double rate) {
    return new Adam(
        ParameterGroups.of(rate, 0.1, DecayRule.PYTORCH)
            .undecayed(name -> name.endsWith("bias") || name.contains("norm")),
        Adam.Options.DEFAULT.withBetas(0.9, 0.95));
  }

  static TrainingPlan plan(long steps) {
    return TrainingPlan.of(steps)
        .withSchedule(Schedule.cosine(steps / 10, steps, 0.01))
        .withClipping(1);
  }
}
