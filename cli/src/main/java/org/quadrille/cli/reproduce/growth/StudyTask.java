package org.quadrille.cli.reproduce.growth;

import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.WordMasking;
import org.quadrille.transformer.train.TextTask;

/** What the models of a study learn. */
enum StudyTask {
  /** A GPT, normalization first, predicts the next character. */
  NEXT_CHARACTER("GPT"),
  /** A BERT, normalization after the sums, predicts hidden characters. */
  MASKED_CHARACTERS("BERT");

  private static final double MASKED = 0.15;

  private final String model;

  StudyTask(String model) {
    this.model = model;
  }

  /** Kind of model. */
  String model() {
    return model;
  }

  /** A model of a size. */
  Architecture architecture(StudyText text, StudyRecipe recipe, int layers, int width) {
    int heads = width / recipe.headSize();
    return switch (this) {
      case NEXT_CHARACTER ->
          Architecture.gpt(text.characters(), recipe.length(), width, heads, layers);
      case MASKED_CHARACTERS ->
          // One id more: the mask.
          Architecture.bert(text.characters() + 1, recipe.length(), width, heads, layers);
    };
  }

  /** Its batches; a function of seed and step alone. */
  TextTask batches(Transformer model, StudyText text, StudyRecipe recipe, long seed) {
    int mask = text.characters();
    return switch (this) {
      case NEXT_CHARACTER ->
          TextTask.nextToken(model, text.data(), recipe.batch(), recipe.length(), seed);
      case MASKED_CHARACTERS ->
          TextTask.maskedWords(
              model,
              text.data(),
              new WordMasking(mask, mask + 1, MASKED, token -> false),
              recipe.batch(),
              recipe.length(),
              seed);
    };
  }
}
