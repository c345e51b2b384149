package org.quadrille.federated.simulation;

/**
 * A place in the tree of all random choices: which number is drawn there depends on the seed and
 * the path of keys alone, never on what was drawn before or on the thread that draws.
 *
 * <p>{@code h = mix(seed + G)}, then for each key {@code h = mix((h xor mix(key + G)) + G)}, with
 * the finalizer of SplitMix64 (Steele, Lea and Flood 2014) and G = 2^64 over the golden ratio.
 *
 * {@snippet :
 * RandomKey client = RandomKey.of(seed).child(Purpose.LOCAL_TRAINING.code(), round, clientId);
 * long first = client.stream().next();
 * }
 *
 * @param value the hash of the path; also the seed of {@link #stream}
 */
public record RandomKey(long value) {

  /** Odd increment of SplitMix64. */
  static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** The root of a seed. */
  public static RandomKey of(long seed) {
    return new RandomKey(mix(seed + GOLDEN));
  }

  /** The place reached by further keys, in order. */
  public RandomKey child(long... keys) {
    long h = value;
    for (long key : keys) {
      h = mix((h ^ mix(key + GOLDEN)) + GOLDEN);
    }
    return new RandomKey(h);
  }

  /** The numbers at this place, from the first; every call starts anew. */
  public RandomStream stream() {
    return new RandomStream(value);
  }

  /** Finalizer of SplitMix64: a bijection of 64 bits. */
  static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
