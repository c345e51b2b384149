package org.quadrille.transformer.train;

import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Dropout;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.TokenData;
import org.quadrille.transformer.text.TokenWindows;
import org.quadrille.transformer.text.WordMasking;

/**
 * Batches of text for a model: predicting the next token, or masked ones. Windows, masks and
 * dropout are functions of seed and step.
 *
 * <p>Losses are means over predicted tokens, in nats. Not thread safe, as the model is not.
 */
public final class TextTask implements StepObjective {
  /** Step whose masks evaluations use: none of a run. */
  private static final long HELD_OUT = -1;

  private final Transformer model;
  private final TokenData data;
  private final int count;
  private final int length;
  private final long seed;
  private final WordMasking masking;
  private final boolean shuffled;
  private final double residualDropout;
  private final double attentionDropout;

  private TextTask(
      Transformer model,
      TokenData data,
      int count,
      int length,
      long seed,
      WordMasking masking,
      boolean shuffled,
      double residualDropout,
      double attentionDropout) {
    this.model = model;
    this.data = data;
    this.count = count;
    this.length = length;
    this.seed = seed;
    this.masking = masking;
    this.shuffled = shuffled;
    this.residualDropout = residualDropout;
    this.attentionDropout = attentionDropout;
  }

  /**
   * Predicting the next token in windows at random positions.
   *
   * @param count windows of a batch
   * @param length tokens of a window, at most the positions of the model
   * @throws IllegalArgumentException if the model sees later tokens, or windows do not fit
   */
  public static TextTask nextToken(
      Transformer model, TokenData data, int count, int length, long seed) {
    if (!model.architecture().causal()) {
      throw new IllegalArgumentException(
          "the model sees later tokens, among them the one to predict; mask words instead");
    }
    return checked(new TextTask(model, data, count, length, seed, null, false, 0, 0));
  }

  /**
   * Predicting masked tokens in windows at random positions.
   *
   * @param masking which tokens are hidden and how
   */
  public static TextTask maskedWords(
      Transformer model, TokenData data, WordMasking masking, int count, int length, long seed) {
    return checked(new TextTask(model, data, count, length, seed, masking, false, 0, 0));
  }

  private static TextTask checked(TextTask task) {
    task.model.objective(task.windows(0).batch());
    return task;
  }

  /** The same with neighbouring windows in shuffled epochs instead of random positions. */
  public TextTask inEpochs() {
    return checked(
        new TextTask(
            model, data, count, length, seed, masking, true, residualDropout, attentionDropout));
  }

  /** The same with dropout of this rate on attention and residual branches. */
  public TextTask withDropout(double rate) {
    return withDropout(rate, rate);
  }

  /** The same with dropout of residual branches and of attention probabilities. */
  public TextTask withDropout(double residual, double attention) {
    return checked(
        new TextTask(model, data, count, length, seed, masking, shuffled, residual, attention));
  }

  /** Tokens that a step reads. */
  public int tokensPerStep() {
    return count * length;
  }

  /** What the model reads and predicts in a step. */
  public TokenWindows windows(long step) {
    TokenWindows windows =
        shuffled
            ? data.shuffled(count, length, seed, step)
            : data.windows(count, length, seed, step);
    return masking == null ? windows : masking.apply(windows, seed, step);
  }

  @Override
  public Objective at(long step) {
    Batch batch = windows(step).batch();
    // Odd multiplier: different steps have different seeds.
    Dropout rates =
        residualDropout == 0 && attentionDropout == 0
            ? Dropout.NONE
            : new Dropout(
                residualDropout, attentionDropout, seed + 0x9e3779b97f4a7c15L * (step + 1));
    return model.objective(batch, rates);
  }

  /**
   * Mean loss over fixed windows of the validation part; the same windows and masks at every call,
   * for every run.
   *
   * @param windows how many, at most what the validation part holds
   */
  public double evaluate(int windows) {
    TokenWindows held = data.evaluation(windows, length);
    TokenWindows shown = masking == null ? held : masking.apply(held, 0, HELD_OUT);
    double sum = 0;
    long predicted = 0;
    for (int from = 0; from < windows; from += count) {
      TokenWindows part = shown.part(from, Math.min(windows, from + count));
      sum += model.loss(part.batch()) * part.predicted();
      predicted += part.predicted();
    }
    return sum / predicted;
  }
}
