package org.quadrille.transformer.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.quadrille.linalg.Softmax;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.WordPiece;

/**
 * What a BERT model expects at hidden places of a text (Devlin et al., "BERT", 2019, section 3.1).
 *
 * {@snippet :
 * MaskedWords words = MaskedWords.of(model, tokenizer);
 * words.predict("the capital of france is [MASK] .", 5).getFirst(); // paris 0.417, lille 0.071, ...
 * double nats = words.score(windows).loss();
 * }
 *
 * <p>Not thread safe, as its model is not.
 */
public final class MaskedWords {
  private static final String MASK = "[MASK]";

  /** Most tokens that go through the model at once. */
  private static final int MOST_TOKENS = 512;

  private final Transformer model;
  private final WordPiece tokenizer;

  /**
   * A word that fits.
   *
   * @param word a piece of the vocabulary
   * @param probability by the model
   */
  public record Prediction(String word, double probability) {}

  /**
   * How well hidden words are predicted.
   *
   * @param loss mean cross entropy in nats
   * @param first share of hidden words that the model thinks most probable
   * @param losses cross entropy of each hidden word, in order
   */
  public record Score(double loss, double first, double[] losses) {
    /** Number of hidden words. */
    public int count() {
      return losses.length;
    }
  }

  private MaskedWords(Transformer model, WordPiece tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /**
   * The words of a model.
   *
   * @throws IllegalArgumentException if the model has no head that predicts masked words, or
   *     another vocabulary
   */
  public static MaskedWords of(Transformer model, WordPiece tokenizer) {
    if (!model.architecture().head().predictsMaskedWords()) {
      throw new IllegalArgumentException(
          "the model has the head " + model.architecture().head() + ", expected MASKED_WORDS");
    }
    if (tokenizer.size() != model.architecture().vocabulary()) {
      throw new IllegalArgumentException(
          "the tokenizer has "
              + tokenizer.size()
              + " tokens, the model "
              + model.architecture().vocabulary()
              + "; use the tokenizer that the model was trained with");
    }
    return new MaskedWords(model, tokenizer);
  }

  /**
   * The most probable words for each {@code [MASK]} of a text.
   *
   * @param text with at least one {@code [MASK]}; {@code [CLS]} and {@code [SEP]} are added
   * @param count how many words for each, from 1
   * @return a list for each mask, falling probabilities
   */
  public List<List<Prediction>> predict(String text, int count) {
    if (count < 1 || count > tokenizer.size()) {
      throw new IllegalArgumentException(count + " words, expected 1 to " + tokenizer.size());
    }
    int[] tokens = tokenizer.sequence(text);
    int mask = tokenizer.id(MASK);
    if (Arrays.stream(tokens).noneMatch(t -> t == mask)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has no " + MASK + "; put one where a word is to be predicted");
    }
    int[] places = IntStream.range(0, tokens.length).filter(i -> tokens[i] == mask).toArray();
    Tensor logits = model.logits(Batch.of(tokens, 1, tokens.length), places);
    Softmax.of(logits, logits);
    List<List<Prediction>> all = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      all.add(best(logits.row(i).toDoubles(), count));
    }
    return all;
  }

  private List<Prediction> best(double[] probabilities, int count) {
    List<Prediction> best = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      int top = 0;
      for (int i = 1; i < probabilities.length; i++) {
        top = probabilities[i] > probabilities[top] ? i : top;
      }
      best.add(new Prediction(tokenizer.piece(top), probabilities[top]));
      probabilities[top] = -1;
    }
    return best;
  }

  /**
   * Hides words of a text at fixed places: consecutive windows of its tokens, {@code [CLS]} and
   * {@code [SEP]} around each, and in each window the tokens at 0-based places j with {@code j mod
   * period = offset} replaced by {@code [MASK]}.
   *
   * @param text of at least {@code windows * length} tokens
   * @param windows number of windows
   * @param length tokens of the text in each
   * @param period from 1 to length
   * @param offset from 0, below the period
   * @throws IllegalArgumentException if the text is too short
   */
  public MaskedWindows hide(String text, int windows, int length, int period, int offset) {
    return MaskedWindows.of(tokenizer, tokenizer.encode(text), windows, length, period, offset);
  }

  /** The loss over windows, each hidden word counting the same. */
  public Score score(MaskedWindows windows) {
    int atOnce = Math.max(1, MOST_TOKENS / windows.length());
    double[] losses = new double[windows.hiddenPlaces().length];
    int hits = 0;
    int count = 0;
    for (int from = 0; from < windows.count(); from += atOnce) {
      MaskedWindows part = windows.slice(from, Math.min(windows.count(), from + atOnce));
      int[] hidden = part.hiddenPlaces();
      Tensor logits = model.logits(part.batch(), hidden);
      Softmax.logarithm(logits, logits);
      for (int i = 0; i < hidden.length; i++) {
        double[] row = logits.row(i).toDoubles();
        int target = part.targets()[hidden[i]];
        losses[count++] = -row[target];
        hits += isLargest(row, target) ? 1 : 0;
      }
    }
    double loss = Arrays.stream(losses).sum() / count;
    return new Score(loss, (double) hits / count, losses);
  }

  private static boolean isLargest(double[] row, int target) {
    return Arrays.stream(row).allMatch(x -> x <= row[target]);
  }
}
