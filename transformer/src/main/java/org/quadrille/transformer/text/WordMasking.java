package org.quadrille.transformer.text;

import java.util.function.IntPredicate;
import org.quadrille.transformer.Batch;

/**
 * Hides some tokens of windows, which are then to be predicted (Devlin et al. 2019, section 3.1):
 * of the chosen ones 80 % become the mask token, 10 % a random token and 10 % stay. What is chosen
 * is a function of seed and step.
 *
 * @param mask id of the mask token
 * @param vocabulary random tokens come from 0 to vocabulary - 1
 * @param fraction part of the tokens that is chosen, above 0, at most 1; 0.15 is usual
 * @param untouched tokens that are never chosen and never drawn, such as [CLS]; the mask itself is
 *     always among them
 */
public record WordMasking(int mask, int vocabulary, double fraction, IntPredicate untouched) {
  private static final int IGNORE = Batch.IGNORE;
  private static final long PURPOSE = 3;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the fraction is out of range or the mask is no token
   */
  public WordMasking {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "fraction of masked tokens: given " + fraction + ", expected above 0 and at most 1");
    }
    Tokenizer.requireToken(mask, vocabulary);
  }

  /**
   * Windows with hidden tokens; targets are the tokens that were there, -100 elsewhere. At least
   * one token of each window is chosen if it has any that may be.
   *
   * @param windows not modified; its targets are not used
   */
  public TokenWindows apply(TokenWindows windows, long seed, long step) {
    Counter random = new Counter(seed, PURPOSE, step);
    int[] tokens = windows.tokens().clone();
    int[] targets = new int[tokens.length];
    long limit = (long) (fraction * 0x1p62);
    for (int w = 0; w < windows.count(); w++) {
      int from = w * windows.length();
      int chosen = 0;
      for (int i = from; i < from + windows.length(); i++) {
        Tokenizer.requireToken(tokens[i], vocabulary);
        boolean choose = isMaskable(tokens[i]) && random.below(1L << 62) < limit;
        targets[i] = choose ? tokens[i] : IGNORE;
        chosen += choose ? 1 : 0;
      }
      if (chosen == 0) {
        chooseOne(tokens, targets, from, windows.length(), random);
      }
    }
    for (int i = 0; i < tokens.length; i++) {
      if (targets[i] != IGNORE) {
        tokens[i] = replacement(tokens[i], random);
      }
    }
    return new TokenWindows(tokens, targets, windows.count(), windows.length());
  }

  private boolean isMaskable(int token) {
    return token != mask && !untouched.test(token);
  }

  private void chooseOne(int[] tokens, int[] targets, int from, int length, Counter random) {
    int start = (int) random.below(length);
    for (int i = 0; i < length; i++) {
      int at = from + (start + i) % length;
      if (isMaskable(tokens[at])) {
        targets[at] = tokens[at];
        return;
      }
    }
  }

  private int replacement(int token, Counter random) {
    long lot = random.below(10);
    if (lot < 8) {
      return mask;
    }
    if (lot == 8) {
      return token;
    }
    int drawn = (int) random.below(vocabulary);
    // The token itself may be maskable only; other special tokens are drawn again.
    while (!isMaskable(drawn)) {
      drawn = (int) random.below(vocabulary);
    }
    return drawn;
  }
}
