package org.quadrille.transformer.text;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/**
 * How the next token is chosen from its logits.
 *
 * <p>Logits are divided by the temperature; of the tokens only the {@code topK} most probable and
 * of these only the smallest set whose probability reaches {@code topP} are kept (Holtzman et al.
 * 2020); one of them is drawn. Among equal probabilities lower ids come first. The draw is a
 * function of seed and position, computed with {@link StrictMath}: the same text on every machine.
 *
 * @param temperature 0 takes the most probable token; 1 leaves probabilities as they are
 * @param topK how many tokens may be drawn; 0 for all
 * @param topP part of the probability that may be drawn, above 0, at most 1
 * @param seed of the draws
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
  /** Always the most probable token. */
  public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

  private static final long PURPOSE = 4;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Sampling {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature: given " + temperature + ", expected a finite number, 0 or more");
    }
    if (topK < 0 || !(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "given topK "
              + topK
              + " and topP "
              + topP
              + ", expected topK 0 or more and topP above 0 and at most 1");
    }
  }

  /** All tokens at a temperature. */
  public static Sampling at(double temperature, long seed) {
    return new Sampling(temperature, 0, 1, seed);
  }

  /**
   * Chooses a token.
   *
   * @param logits one number for each token; not modified
   * @param position of the token in the text; a draw for each position
   * @throws IllegalArgumentException if there are no logits or one is NaN
   */
  public int choose(Tensor logits, long position) {
    double[] z = logits.toDoubles();
    Integer[] order = new Integer[z.length];
    for (int i = 0; i < z.length; i++) {
      if (Double.isNaN(z[i])) {
        throw new IllegalArgumentException("logit of token " + i + " is NaN; repair the weights");
      }
      order[i] = i;
    }
    if (z.length == 0) {
      throw new IllegalArgumentException("logits: empty, expected one number for each token");
    }
    if (temperature == 0) {
      int best = 0;
      for (int i = 1; i < z.length; i++) {
        best = z[i] > z[best] ? i : best;
      }
      return best;
    }
    // A stable sort: equal logits stay in the order of their ids.
    Arrays.sort(order, (a, b) -> Double.compare(z[b], z[a]));
    int count = topK == 0 ? z.length : Math.min(topK, z.length);
    double[] weights = new double[count];
    double total = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = StrictMath.exp((z[order[i]] - z[order[0]]) / temperature);
      total += weights[i];
    }
    double kept = 0;
    int last = 0;
    while (last < count && (last == 0 || kept < topP * total)) {
      kept += weights[last++];
    }
    // 53 random bits: uniform in [0, 1).
    double rest = (new Counter(seed, PURPOSE, position).next() >>> 11) * 0x1p-53 * kept;
    for (int i = 0; i < last; i++) {
      rest -= weights[i];
      if (rest < 0) {
        return order[i];
      }
    }
    return order[last - 1];
  }
}
