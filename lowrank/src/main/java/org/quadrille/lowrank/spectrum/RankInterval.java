package org.quadrille.lowrank.spectrum;

/**
 * A rank known to lie between two numbers.
 *
 * @param lower smallest rank possible
 * @param upper largest rank possible
 */
public record RankInterval(int lower, int upper) {
  /** Checks the order. */
  public RankInterval {
    if (lower < 0 || upper < lower) {
      throw new IllegalArgumentException(
          "interval: given " + lower + " to " + upper + ", expected 0 <= lower <= upper");
    }
  }

  /** Whether only one rank is left. */
  public boolean isExact() {
    return lower == upper;
  }

  /** Whether a rank lies in the interval, ends included. */
  public boolean contains(int rank) {
    return rank >= lower && rank <= upper;
  }
}
