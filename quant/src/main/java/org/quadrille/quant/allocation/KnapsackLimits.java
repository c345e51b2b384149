package org.quadrille.quant.allocation;

/**
 * When a search may end before it has proven its best choice optimal.
 *
 * @param relativeGap end once the cost is proven to exceed the optimum by at most this share of it;
 *     0 by default
 * @param seconds end at about this time and report the bound reached; infinite by default. A result
 *     that a clock has cut short may differ from run to run
 * @param maxStates partial choices that may be kept at a time, about 30 bytes each; 40 million by
 *     default
 */
public record KnapsackLimits(double relativeGap, double seconds, int maxStates) {

  /** Search to the proven optimum. */
  public static final KnapsackLimits NONE =
      new KnapsackLimits(0, Double.POSITIVE_INFINITY, 40_000_000);

  /** Checks the ranges. */
  public KnapsackLimits {
    if (!(relativeGap >= 0 && relativeGap < 1)) {
      throw new IllegalArgumentException(
          "relativeGap: given " + relativeGap + ", expected 0 to below 1 (1e-4 is usual)");
    }
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds: given " + seconds + ", expected more than 0");
    }
    if (maxStates < 1) {
      throw new IllegalArgumentException("maxStates: given " + maxStates + ", expected at least 1");
    }
  }

  /** These limits with another allowed gap. */
  public KnapsackLimits withRelativeGap(double newRelativeGap) {
    return new KnapsackLimits(newRelativeGap, seconds, maxStates);
  }

  /** These limits with another time. */
  public KnapsackLimits withSeconds(double newSeconds) {
    return new KnapsackLimits(relativeGap, newSeconds, maxStates);
  }

  /** These limits with another number of states. */
  public KnapsackLimits withMaxStates(int newMaxStates) {
    return new KnapsackLimits(relativeGap, seconds, newMaxStates);
  }
}
