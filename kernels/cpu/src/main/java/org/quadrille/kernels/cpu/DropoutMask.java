package org.quadrille.kernels.cpu;

/**
 * Which elements dropout keeps: a function of seed and index alone, so that the backward pass needs
 * no stored mask and the bits do not depend on threads. Kept elements are multiplied by {@link
 * #factorDouble()}.
 *
 * <p>The index-th output of SplitMix64 (Steele, Lea and Flood 2014) under the seed decides.
 *
 * @param rate the probability that an element is dropped, at least 0 and below 1
 * @param seed any number; another one for every place and step
 */
public record DropoutMask(double rate, long seed) {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** Checks the rate. */
  public DropoutMask {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "dropout rate: " + rate + " given, expected at least 0 and below 1");
    }
  }

  /** Whether the element of that index stays. */
  public boolean keeps(long index) {
    return (mix(seed + (index + 1) * GOLDEN) >>> 11) * 0x1p-53 >= rate;
  }

  /** {@code 1 / (1 - rate)}: keeps the expectation as it was. */
  public double factorDouble() {
    return 1 / (1 - rate);
  }

  /** {@link #factorDouble()} rounded to single precision. */
  public float factorFloat() {
    return (float) factorDouble();
  }

  /** A mask of the same rate for another place. */
  public DropoutMask at(long place) {
    return new DropoutMask(rate, mix(seed ^ (place * GOLDEN + 0x2545f4914f6cdd1dL)));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
