package org.quadrille.quant;

import java.util.Arrays;

/**
 * A positive factor per column: large where an error costs much, so that quantization is finer
 * there (J. Lin et al., "AWQ: Activation-aware Weight Quantization", 2023, section 3.2).
 *
 * <p>T = diag(factors), so row T multiplies and row T^-1 divides. Restored weights that exceed the
 * largest float become it. Factors that are all bfloat16 numbers take 16 bits each, others 32.
 */
public final class DiagonalScaling implements ColumnTransform {
  /** Factors lie between this and its inverse. */
  public static final float SMALLEST_FACTOR = 0x1p-40f;

  private final float[] factors;
  private final boolean half;

  private DiagonalScaling(float[] factors) {
    this.factors = factors;
    boolean all = true;
    for (float factor : factors) {
      all &= GroupType.BF16.round(factor) == factor;
    }
    this.half = all;
  }

  /**
   * A transform of as many columns as there are factors.
   *
   * @param factors from 2^-40 to 2^40, at least one; copied
   * @throws IllegalArgumentException naming the first factor outside
   */
  public static DiagonalScaling of(float... factors) {
    if (factors.length == 0) {
      throw new IllegalArgumentException("factors: given none, expected one per column");
    }
    for (int i = 0; i < factors.length; i++) {
      if (!(factors[i] >= SMALLEST_FACTOR && factors[i] <= 1 / SMALLEST_FACTOR)) {
        throw new IllegalArgumentException(
            "factor " + i + " is " + factors[i] + ", expected 2^-40 to 2^40");
      }
    }
    return new DiagonalScaling(factors.clone());
  }

  /** A copy of the factors. */
  public float[] factors() {
    return factors.clone();
  }

  /** Whether all factors are bfloat16 numbers, and stored as such. */
  public boolean isHalfPrecision() {
    return half;
  }

  @Override
  public int cols() {
    return factors.length;
  }

  @Override
  public long storageBits() {
    return (half ? 16L : 32L) * factors.length;
  }

  @Override
  public void transform(float[] rows, int offset, int count) {
    checkRows(factors.length, rows, offset, count);
    for (int row = 0; row < count; row++) {
      int at = offset + row * factors.length;
      for (int j = 0; j < factors.length; j++) {
        rows[at + j] *= factors[j];
      }
    }
  }

  @Override
  public void restore(float[] rows, int offset, int count) {
    checkRows(factors.length, rows, offset, count);
    for (int row = 0; row < count; row++) {
      int at = offset + row * factors.length;
      for (int j = 0; j < factors.length; j++) {
        float restored = rows[at + j] / factors[j];
        rows[at + j] = Math.min(Math.max(restored, -Float.MAX_VALUE), Float.MAX_VALUE);
      }
    }
  }

  /** Division, as T is its own transpose. */
  @Override
  public void transformOperand(float[] rows, int offset, int count) {
    checkRows(factors.length, rows, offset, count);
    for (int row = 0; row < count; row++) {
      int at = offset + row * factors.length;
      for (int j = 0; j < factors.length; j++) {
        rows[at + j] /= factors[j];
      }
    }
  }

  static void checkRows(int cols, float[] rows, int offset, int count) {
    if (offset < 0 || count < 0 || (long) count * cols > (long) rows.length - offset) {
      throw new IllegalArgumentException(
          count
              + " rows of "
              + cols
              + " values from index "
              + offset
              + " on do not fit an array of "
              + rows.length);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiagonalScaling scaling && Arrays.equals(factors, scaling.factors);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(factors);
  }

  @Override
  public String toString() {
    return "DiagonalScaling(" + factors.length + " columns)";
  }
}
