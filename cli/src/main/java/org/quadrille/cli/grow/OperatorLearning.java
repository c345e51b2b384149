package org.quadrille.cli.grow;

import java.io.IOException;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Units;
import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.GrowthLearning;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.LearnedGrowth;
import org.quadrille.growth.LearningSettings;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.TokenData;
import org.quadrille.transformer.text.Tokenizer;
import org.quadrille.transformer.text.WordMasking;
import org.quadrille.transformer.text.WordPiece;
import org.quadrille.transformer.train.TextTask;

/**
 * Learns a growth operator on a text: by the next token with a causal model, by masked words with a
 * head for them, and for a model without a head by the last hidden states of the small model, which
 * the large one is to have in its first elements.
 */
final class OperatorLearning {
  private static final int USUAL_LENGTH = 128;

  private final OpenedModel source;
  private final LearningRequest request;
  private final long seed;

  OperatorLearning(OpenedModel source, LearningRequest request, long seed) {
    this.source = source;
    this.request = request;
    this.seed = seed;
  }

  /** What is learned by, in words. */
  String goal() {
    Architecture small = source.model().architecture();
    return small.causal()
        ? "next token"
        : small.head() == Head.MASKED_WORDS ? "masked words" : "hidden states of the small model";
  }

  LearnedGrowth run(FixedGrowth start, GrowthOperator learnable, Console console)
      throws IOException {
    Tokenizer tokenizer = source.tokenizer();
    if (tokenizer == null) {
      throw new CommandFailure(
          "--data: the model has no tokenizer to read the text with; put its tokenizer.json or"
              + " vocab.txt beside it");
    }
    Tensors small = source.model().read(learnable.dtype());
    StepObjective objective = objective(start, small, tokenizer);
    LearningSettings settings =
        (start.exact() ? LearningSettings.FROM_EXACT : LearningSettings.OURS)
            .withSteps(request.steps());
    settings = request.rate() > 0 ? settings.withRate(request.rate()) : settings;
    try (Progress progress = console.progress("learning by " + goal(), request.steps(), "steps")) {
      LearnedGrowth learned =
          GrowthLearning.of(learnable, small, objective, settings)
              .telling(
                  (step, loss) -> {
                    progress.advance(1);
                    progress.detail("loss " + Units.fixed(loss, 4));
                  })
              .run();
      if (learned.end() == LearnedGrowth.End.DIVERGED) {
        console.warn(learned.reason());
      }
      return learned;
    }
  }

  private StepObjective objective(FixedGrowth start, Tensors small, Tokenizer tokenizer) {
    Architecture a = source.model().architecture();
    int[] tokens = tokenizer.encode(request.text().text());
    TokenData data =
        TokenData.split(tokens, Math.clamp(tokens.length / 10, 1, TokenData.CHUNK), 10);
    int length = request.length() > 0 ? request.length() : Math.min(USUAL_LENGTH, a.positions());
    Transformer large = Transformer.of(start.large(), start.apply(small));
    if (a.causal()) {
      return TextTask.nextToken(large, data, request.batch(), length, seed);
    }
    if (a.head() == Head.MASKED_WORDS) {
      int mask = tokenizer instanceof WordPiece pieces ? pieces.id("[MASK]") : tokenizer.size();
      WordMasking masking =
          new WordMasking(
              mask,
              a.vocabulary(),
              0.15,
              token -> tokenizer instanceof WordPiece pieces && pieces.isSpecial(token));
      return TextTask.maskedWords(large, data, masking, request.batch(), length, seed);
    }
    return new HiddenStates(Transformer.of(a, small), large, data, request.batch(), length, seed);
  }
}
