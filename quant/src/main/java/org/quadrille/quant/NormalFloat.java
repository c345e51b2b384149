package org.quadrille.quant;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Levels of the NormalFloat family, from their definitions and published tables. */
final class NormalFloat {
  /**
   * Probability of the outermost level: 1 - (1/32 + 1/30)/2 = 0.96770833..., with the digits that
   * bitsandbytes, LoftQ and LQ-LoRA wrote out, so that stored files agree.
   */
  static final double OUTERMOST = 0.9677083;

  /** The NF4 table of bitsandbytes (QLoRA, appendix E). */
  @SuppressWarnings("FloatingPointLiteralPrecision") // the digits as published
  private static final float[] PUBLISHED_4 = {
    -1.0f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0.0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1.0f
  };

  /** Yoshida 2023, block size 64, in the digits bitsandbytes gives. */
  static final double[] ABNORMAL_4 = {
    -1.0, -0.69441008, -0.51243739, -0.3736951, -0.25607552, -0.14982478, -0.04934812, 0.0,
    0.04273164, 0.12934483, 0.21961274, 0.31675666, 0.42563882, 0.55496234, 0.72424863, 1.0
  };

  private static final MathContext DIGITS = new MathContext(34);
  private static final AtomicReferenceArray<Codebook> CACHE = new AtomicReferenceArray<>(9);

  private NormalFloat() {}

  static Codebook codebook(int bits) {
    Codebook.checkBits(bits);
    Codebook known = CACHE.get(bits);
    if (known == null) {
      double[] levels = levels(bits);
      known =
          bits == 4
              ? Codebook.named("nf4", levels, PUBLISHED_4.clone())
              : Codebook.named("nf" + bits, levels);
      CACHE.set(bits, known);
    }
    return known;
  }

  /** Ascending levels in double: 2^(bits-1) - 1 negative ones, zero, 2^(bits-1) positive ones. */
  private static double[] levels(int bits) {
    int positive = 1 << (bits - 1);
    int negative = positive - 1;
    double[] levels = new double[2 * positive];
    BigDecimal outermost = NormalQuantile.of(OUTERMOST);
    for (int j = 1; j <= negative; j++) {
      levels[negative - j] = -level(j, negative, outermost);
    }
    for (int j = 1; j <= positive; j++) {
      levels[negative + j] = level(j, positive, outermost);
    }
    return levels;
  }

  /** Quantile(1/2 + (p - 1/2) j/count) / Quantile(p); the last is 1 by definition. */
  private static double level(int j, int count, BigDecimal outermost) {
    if (j == count) {
      return 1;
    }
    double probability = 0.5 + (OUTERMOST - 0.5) * j / count;
    return NormalQuantile.of(probability).divide(outermost, DIGITS).doubleValue();
  }

  /** Midpoints of 2^bits + 1 quantiles between 1 - p and p, divided by the largest. */
  static double[] symmetricLevels(int bits) {
    Codebook.checkBits(bits);
    int half = 1 << (bits - 1);
    BigDecimal[] midpoints = new BigDecimal[half];
    BigDecimal inner = BigDecimal.ZERO;
    for (int j = 1; j <= half; j++) {
      BigDecimal outer = NormalQuantile.of(0.5 + (OUTERMOST - 0.5) * j / half);
      midpoints[j - 1] = inner.add(outer).divide(BigDecimal.TWO, DIGITS);
      inner = outer;
    }
    double[] levels = new double[2 * half];
    for (int j = 0; j < half; j++) {
      double level = midpoints[j].divide(midpoints[half - 1], DIGITS).doubleValue();
      levels[half + j] = level;
      levels[half - 1 - j] = -level;
    }
    return levels;
  }
}
