package org.quadrille.transformer.text;

import java.util.Arrays;
import org.quadrille.transformer.Batch;

/**
 * Windows of equal length, one after the other in one array, with what is to be predicted at each
 * position.
 *
 * @param tokens count times length ids
 * @param targets of the same length; {@link Batch#IGNORE} where nothing is to be predicted
 * @param count number of windows
 * @param length tokens of a window
 */
public record TokenWindows(int[] tokens, int[] targets, int count, int length) {

  /** The windows as input of a transformer. */
  public Batch batch() {
    return Batch.of(tokens, count, length).withTargets(targets);
  }

  /** Windows {@code from <= index < to}, copied. */
  public TokenWindows part(int from, int to) {
    if (from < 0 || to <= from || to > count) {
      throw new IllegalArgumentException(
          "windows " + from + " to " + to + " of " + count + ", expected at least one of them");
    }
    return new TokenWindows(
        Arrays.copyOfRange(tokens, from * length, to * length),
        Arrays.copyOfRange(targets, from * length, to * length),
        to - from,
        length);
  }

  /** Positions where something is to be predicted. */
  public int predicted() {
    int predicted = 0;
    for (int target : targets) {
      predicted += target == Batch.IGNORE ? 0 : 1;
    }
    return predicted;
  }
}
