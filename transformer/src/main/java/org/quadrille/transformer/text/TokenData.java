package org.quadrille.transformer.text;

import java.util.Arrays;

/**
 * Tokens of a text in a part for training and a part for validation that share no token, and the
 * windows that are cut from them.
 *
 * <p>Every batch is a function of seed and step: a run that goes on at step s sees what an unbroken
 * run sees. In windows for prediction the target is the next token, so a window of length T takes T
 * + 1 tokens. Immutable.
 */
public final class TokenData {
  /** Tokens of a chunk of {@link #split(int[])}. */
  public static final int CHUNK = 2048;

  private static final long WINDOWS = 1;
  private static final long EPOCHS = 2;

  private final int[] training;
  private final int[] validation;

  private TokenData(int[] training, int[] validation) {
    this.training = training;
    this.validation = validation;
  }

  /** {@link #split(int[], int, int)} with chunks of 2048, every tenth for validation. */
  public static TokenData split(int[] tokens) {
    return split(tokens, CHUNK, 10);
  }

  /**
   * Cuts tokens into chunks; every n-th is for validation, the others, put together, for training.
   * A last chunk that is not whole is left out.
   *
   * @param tokens copied
   * @param chunk tokens of a chunk
   * @param every n, at least 2
   * @throws IllegalArgumentException if there are fewer than n whole chunks
   */
  public static TokenData split(int[] tokens, int chunk, int every) {
    if (chunk < 1 || every < 2) {
      throw new IllegalArgumentException(
          "chunk "
              + chunk
              + ", every "
              + every
              + ": expected chunks of at least 1 token and every second or rarer to be held out");
    }
    int chunks = tokens.length / chunk;
    if (chunks < every) {
      throw new IllegalArgumentException(
          tokens.length
              + " tokens are "
              + chunks
              + " chunks of "
              + chunk
              + ", expected at least "
              + every
              + "; give more text or smaller chunks");
    }
    int held = chunks / every;
    int[] validation = new int[held * chunk];
    int[] training = new int[(chunks - held) * chunk];
    int v = 0;
    int t = 0;
    for (int i = 0; i < chunks; i++) {
      if (i % every == every - 1) {
        System.arraycopy(tokens, i * chunk, validation, v, chunk);
        v += chunk;
      } else {
        System.arraycopy(tokens, i * chunk, training, t, chunk);
        t += chunk;
      }
    }
    return new TokenData(training, validation);
  }

  /**
   * The first part for training, the rest for validation.
   *
   * @param fraction part for training, above 0 and below 1
   */
  public static TokenData headAndTail(int[] tokens, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "fraction for training: given " + fraction + ", expected a number between 0 and 1");
    }
    int border = (int) (tokens.length * fraction);
    return ranges(tokens, 0, border, border, tokens.length);
  }

  /**
   * Two ranges of the tokens.
   *
   * @throws IllegalArgumentException if they overlap or leave the array
   */
  public static TokenData ranges(
      int[] tokens, int trainingFrom, int trainingTo, int validationFrom, int validationTo) {
    requireRange("training", trainingFrom, trainingTo, tokens.length);
    requireRange("validation", validationFrom, validationTo, tokens.length);
    if (trainingFrom < validationTo && validationFrom < trainingTo) {
      throw new IllegalArgumentException(
          "training tokens "
              + trainingFrom
              + " to "
              + trainingTo
              + " and validation tokens "
              + validationFrom
              + " to "
              + validationTo
              + " overlap; expected disjoint ranges");
    }
    return new TokenData(
        Arrays.copyOfRange(tokens, trainingFrom, trainingTo),
        Arrays.copyOfRange(tokens, validationFrom, validationTo));
  }

  private static void requireRange(String name, int from, int to, int length) {
    if (from < 0 || to <= from || to > length) {
      throw new IllegalArgumentException(
          name + " tokens " + from + " to " + to + ", expected a range within 0 to " + length);
    }
  }

  /** Number of tokens for training. */
  public int trainingTokens() {
    return training.length;
  }

  /** Number of tokens for validation. */
  public int validationTokens() {
    return validation.length;
  }

  /** A copy of the tokens for training. */
  public int[] training() {
    return training.clone();
  }

  /** A copy of the tokens for validation. */
  public int[] validation() {
    return validation.clone();
  }

  /**
   * Windows of the training part at random positions, with replacement.
   *
   * @param count windows
   * @param length tokens of a window
   * @param seed of the run
   * @param step of the run
   */
  public TokenWindows windows(int count, int length, long seed, long step) {
    requireWindow(count, length, training.length);
    Counter random = new Counter(seed, WINDOWS, step);
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = (int) random.below(training.length - length);
    }
    return cut(training, starts, length);
  }

  /** Batches of {@code count} windows of the training part in one epoch of {@link #shuffled}. */
  public int batchesPerEpoch(int count, int length) {
    requireWindow(count, length, training.length);
    int batches = training.length / (length + 1) / count;
    if (batches == 0) {
      throw new IllegalArgumentException(
          training.length
              + " training tokens are fewer than one batch of "
              + count
              + " windows of "
              + (length + 1));
    }
    return batches;
  }

  /**
   * Neighbouring windows of the training part in an order shuffled anew for each epoch: within an
   * epoch none comes twice; windows that do not fill a batch are left out, others in each epoch.
   *
   * <p>Cost: the order of an epoch is drawn anew at each call, O(windows).
   *
   * @param step counts on through the epochs
   */
  public TokenWindows shuffled(int count, int length, long seed, long step) {
    int batches = batchesPerEpoch(count, length);
    int[] order = order(training.length / (length + 1), seed, step / batches);
    int first = (int) (step % batches) * count;
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = order[first + i] * (length + 1);
    }
    return cut(training, starts, length);
  }

  /** The permutation of an epoch (Durstenfeld 1964). */
  private static int[] order(int n, long seed, long epoch) {
    Counter random = new Counter(seed, EPOCHS, epoch);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = (int) random.below(i + 1L);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return order;
  }

  /**
   * Windows of the validation part, the same at every call: of the K windows of length + 1 tokens
   * that lie side by side, those numbered {@code floor(i (K - 1) / (count - 1))}.
   *
   * @param count windows, at most K
   */
  public TokenWindows evaluation(int count, int length) {
    requireWindow(count, length, validation.length);
    int whole = validation.length / (length + 1);
    if (count > whole) {
      throw new IllegalArgumentException(
          count
              + " evaluation windows of "
              + (length + 1)
              + " tokens, the validation part has "
              + whole
              + "; ask for fewer");
    }
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      long number = count == 1 ? 0 : (long) i * (whole - 1) / (count - 1);
      starts[i] = (int) number * (length + 1);
    }
    return cut(validation, starts, length);
  }

  /** Largest number of windows that {@link #evaluation} can give. */
  public int evaluationWindows(int length) {
    return validation.length / (length + 1);
  }

  private static void requireWindow(int count, int length, int tokens) {
    if (count < 1 || length < 1 || length >= tokens) {
      throw new IllegalArgumentException(
          count
              + " windows of length "
              + length
              + " from "
              + tokens
              + " tokens; expected at least 1 window, and a length from 1 to below the tokens");
    }
  }

  private static TokenWindows cut(int[] from, int[] starts, int length) {
    int[] tokens = new int[starts.length * length];
    int[] targets = new int[tokens.length];
    for (int i = 0; i < starts.length; i++) {
      System.arraycopy(from, starts[i], tokens, i * length, length);
      System.arraycopy(from, starts[i] + 1, targets, i * length, length);
    }
    return new TokenWindows(tokens, targets, starts.length, length);
  }
}
