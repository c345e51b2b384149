package org.quadrille.transformer.models;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.text.WordPiece;

/**
 * Windows of a text with hidden words, all of one length.
 *
 * @param tokens what the model sees, window after window
 * @param targets what was hidden, {@link Batch#IGNORE} elsewhere
 * @param count number of windows
 * @param length tokens of a window, {@code [CLS]} and {@code [SEP]} included
 */
public record MaskedWindows(int[] tokens, int[] targets, int count, int length) {

  /** Checks the sizes. */
  public MaskedWindows {
    if (count < 1
        || length < 1
        || tokens.length != count * length
        || targets.length != tokens.length) {
      throw new IllegalArgumentException(
          count
              + " windows of "
              + length
              + " tokens: given "
              + tokens.length
              + " tokens and "
              + targets.length
              + " targets");
    }
  }

  static MaskedWindows of(
      WordPiece tokenizer, int[] text, int windows, int length, int period, int offset) {
    if (windows < 1
        || length < 1
        || period < 1
        || period > length
        || offset < 0
        || offset >= period) {
      throw new IllegalArgumentException(
          windows
              + " windows of "
              + length
              + " tokens with period "
              + period
              + " and offset "
              + offset
              + ", expected positive numbers, a period up to the length and an offset below it");
    }
    if (text.length < (long) windows * length) {
      throw new IllegalArgumentException(
          "text of "
              + text.length
              + " tokens, expected at least "
              + windows
              + " windows of "
              + length
              + "; give a longer text");
    }
    int whole = length + 2;
    int[] tokens = new int[windows * whole];
    int[] targets = new int[tokens.length];
    Arrays.fill(targets, Batch.IGNORE);
    for (int w = 0; w < windows; w++) {
      int at = w * whole;
      tokens[at] = tokenizer.id("[CLS]");
      tokens[at + whole - 1] = tokenizer.id("[SEP]");
      for (int j = 0; j < length; j++) {
        int token = text[w * length + j];
        boolean hidden = j % period == offset;
        tokens[at + 1 + j] = hidden ? tokenizer.id("[MASK]") : token;
        targets[at + 1 + j] = hidden ? token : Batch.IGNORE;
      }
    }
    return new MaskedWindows(tokens, targets, windows, whole);
  }

  /** Windows {@code from} to {@code to - 1}. */
  public MaskedWindows slice(int from, int to) {
    return new MaskedWindows(
        Arrays.copyOfRange(tokens, from * length, to * length),
        Arrays.copyOfRange(targets, from * length, to * length),
        to - from,
        length);
  }

  /** Indices of the hidden tokens, counted through all windows. */
  public int[] hiddenPlaces() {
    return IntStream.range(0, targets.length).filter(i -> targets[i] != Batch.IGNORE).toArray();
  }

  /** All windows as one batch with targets. */
  public Batch batch() {
    return Batch.of(tokens, count, length).withTargets(targets);
  }
}
