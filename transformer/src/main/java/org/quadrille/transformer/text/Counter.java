package org.quadrille.transformer.text;

/**
 * Random numbers as a function of what they are for, so that the numbers of one step do not depend
 * on those of another: SplitMix64 (Steele, Lea and Flood 2014) under a key made of seed and
 * purpose.
 */
final class Counter {
  /** Odd increment of SplitMix64, 2^64 divided by the golden ratio. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long key;
  private long index;

  /** Numbers for one purpose, such as the windows of one step. */
  Counter(long seed, long purpose, long step) {
    key = mix(mix(mix(seed) + GOLDEN * (purpose + 1)) + GOLDEN * (step + 1));
  }

  /** The next 64 random bits. */
  long next() {
    return mix(key + GOLDEN * ++index);
  }

  /** Uniform from 0 to below the bound; the bias is below bound / 2^64. */
  long below(long bound) {
    return Math.unsignedMultiplyHigh(next(), bound);
  }

  /** Finalizer of SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
