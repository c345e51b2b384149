package org.quadrille.federated.simulation;

import org.quadrille.linalg.InverseNormal;

/**
 * SplitMix64: {@code x += G; return mix(x)} (Steele, Lea and Flood 2014). Small state, any seed is
 * good, and the same numbers in any language. Not thread safe; make one per task from a {@link
 * RandomKey}.
 */
public final class RandomStream {
  private long state;

  /** A stream whose first output is {@code mix(seed + G)}. */
  public RandomStream(long seed) {
    this.state = seed;
  }

  /** The next 64 bits. */
  public long next() {
    state += RandomKey.GOLDEN;
    return RandomKey.mix(state);
  }

  /**
   * A whole number from 0 to {@code bound - 1}, exactly uniform: the high half of a 128-bit
   * product, drawn again where the low half would favour some numbers (Lemire 2019).
   *
   * @param bound 1 or more
   */
  public long bounded(long bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound: " + bound + " given, expected 1 or more");
    }
    // 2^64 mod bound, as unsigned numbers
    long tooLow = Long.remainderUnsigned(-bound, bound);
    while (true) {
      long bits = next();
      if (Long.compareUnsigned(bits * bound, tooLow) >= 0) {
        return Math.unsignedMultiplyHigh(bits, bound);
      }
    }
  }

  /** A number in (0, 1), the middle of one of 2^52 equal cells; never 0 or 1. */
  public double uniform() {
    return ((next() >>> 12) + 0.5) * 0x1p-52;
  }

  /** A standard normal number by the inverse distribution function: one draw of the stream. */
  public double normal() {
    return InverseNormal.value(uniform());
  }

  /**
   * A number of the gamma distribution of unit scale: Marsaglia and Tsang (2000), lifted to shapes
   * below 1 by {@code gamma(a) = gamma(a + 1) u^(1/a)}. Correctly rounded operations and {@link
   * StrictMath} only, hence the same bits everywhere.
   *
   * @param shape above 0 and finite
   */
  public double gamma(double shape) {
    if (!(shape > 0) || shape == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("shape: " + shape + " given, expected a number above 0");
    }
    if (shape < 1) {
      return gamma(shape + 1) * StrictMath.pow(uniform(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        if (StrictMath.log(uniform()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
          return d * v;
        }
      }
    }
  }

  /** Puts an array into a uniformly random order (Fisher and Yates). Modified: {@code values}. */
  public void shuffle(int[] values) {
    for (int i = 0; i < values.length - 1; i++) {
      int j = i + (int) bounded(values.length - i);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
