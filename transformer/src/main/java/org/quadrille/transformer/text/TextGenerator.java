package org.quadrille.transformer.text;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.KeyValueCache;
import org.quadrille.transformer.Transformer;

/**
 * Continues a text, token by token, with a cache of keys and values.
 *
 * <p>A text that outgrows the positions of the model goes on with its last half read anew, so that
 * it can be of any length.
 */
public final class TextGenerator {
  private TextGenerator() {}

  /**
   * Tokens that follow a prompt.
   *
   * @param model causal, with a head
   * @param prompt at least one token; of one that is longer than the positions only the end is read
   * @param count tokens to make
   * @param listener told of each as soon as it is chosen; may be null
   * @return the new tokens, without the prompt
   */
  public static int[] generate(
      Transformer model, int[] prompt, int count, Sampling sampling, IntConsumer listener) {
    if (prompt.length == 0 || count < 0) {
      throw new IllegalArgumentException(
          "given a prompt of "
              + prompt.length
              + " tokens and "
              + count
              + " to make, expected at least one token and none to be negative");
    }
    int positions = model.architecture().positions();
    int[] text = Arrays.copyOf(prompt, prompt.length + count);
    KeyValueCache cache = model.cache(positions);
    int read = Math.max(0, prompt.length - positions);
    for (int at = prompt.length; at < text.length; at++) {
      if (at - read + cache.length() > positions) {
        cache.truncate(0);
        read = at - Math.max(1, positions / 2);
      }
      Tensor logits = model.next(Arrays.copyOfRange(text, read, at), cache);
      read = at;
      text[at] = sampling.choose(logits, at);
      if (listener != null) {
        listener.accept(text[at]);
      }
    }
    return Arrays.copyOfRange(text, prompt.length, text.length);
  }
}
