package org.quadrille.quant;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A table of 2 to 256 ascending levels in [-1, 1] that stands for the values of a normalised block.
 *
 * <p>The code of x is the number of decision boundaries strictly below x, a boundary being the
 * midpoint of two neighbouring levels; a tie goes to the lower code. Immutable.
 *
 * <p>NormalFloat levels (QLoRA, section 3) are quantiles of the standard normal distribution,
 * scaled to [-1, 1], with an exact zero: {@code 2^(k-1)} positive and {@code 2^(k-1) - 1} negative
 * ones.
 */
public final class Codebook {
  /** Tables that follow from their names. */
  private static final Pattern KNOWN_NAME = Pattern.compile("(nf|snf|int|uint)[2-8]|af4|dynamic8");

  private final String name;
  private final double[] exactLevels;
  private final float[] levels;
  private final float[] boundaries;
  private final float[] levelTable;
  private final float[] boundaryTable;
  private final int zeroCode;
  private final boolean knownByName;

  private Codebook(String name, double[] exactLevels, float[] levels) {
    this.name = name;
    this.knownByName = KNOWN_NAME.matcher(name).matches();
    this.exactLevels = exactLevels;
    this.levels = levels;
    this.boundaries = new float[levels.length - 1];
    for (int i = 0; i < boundaries.length; i++) {
      // the sum of two floats is taken in double, then rounded once
      boundaries[i] = (float) (((double) levels[i] + levels[i + 1]) / 2);
    }
    this.levelTable = padded(levels, 1 << bits(), levels[levels.length - 1]);
    this.boundaryTable = padded(boundaries, (1 << bits()) - 1, Float.POSITIVE_INFINITY);
    this.zeroCode = code(0f);
  }

  /**
   * NormalFloat of {@code bits} bits. For 4 bits the single-precision levels are the published
   * bitsandbytes table, which differs from the rounded quantiles by up to 1.08e-7; the levels in
   * double are within 4e-16 of the definition.
   *
   * @param bits 2 to 8
   */
  public static Codebook normalFloat(int bits) {
    return NormalFloat.codebook(bits);
  }

  /**
   * LoftQ's symmetric variant: midpoints of 2^bits + 1 equispaced quantiles, scaled to [-1, 1]. It
   * has no zero level.
   *
   * @param bits 2 to 8
   */
  public static Codebook symmetricNormalFloat(int bits) {
    return named("snf" + bits, NormalFloat.symmetricLevels(bits));
  }

  /**
   * AF4 for blocks of 64: the levels of least expected absolute error for normal weights scaled by
   * the largest of 64 (D. Yoshida, "NF4 Isn't Information Theoretically Optimal (and that's Good)",
   * 2023).
   */
  public static Codebook abnormalFloat4() {
    return named("af4", NormalFloat.ABNORMAL_4.clone());
  }

  /**
   * {@code 2^bits - 1} equispaced levels from -1 to 1: signed integers without the lowest one, so
   * that zero is a level.
   *
   * @param bits 2 to 8
   */
  public static Codebook uniform(int bits) {
    checkBits(bits);
    int largest = (1 << (bits - 1)) - 1;
    double[] levels = new double[2 * largest + 1];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (i - largest) / (double) largest;
    }
    return named("int" + bits, levels);
  }

  /**
   * 2^bits equispaced levels from 0 to 1: unsigned integers, for quantizers with zero codes.
   *
   * @param bits 2 to 8
   */
  public static Codebook unsigned(int bits) {
    checkBits(bits);
    double[] levels = new double[1 << bits];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = i / (double) (levels.length - 1);
    }
    return named("uint" + bits, levels);
  }

  /**
   * A user's table.
   *
   * @param levels 2 to 256 finite, strictly increasing values in [-1, 1]; copied
   * @throws IllegalArgumentException naming the first level that does not fit
   */
  public static Codebook of(float... levels) {
    double[] exact = new double[levels.length];
    for (int i = 0; i < levels.length; i++) {
      exact[i] = levels[i];
    }
    return named("table" + levels.length, exact);
  }

  static Codebook named(String name, double[] exactLevels) {
    float[] levels = new float[exactLevels.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (float) exactLevels[i];
    }
    return named(name, exactLevels, levels);
  }

  static Codebook named(String name, double[] exactLevels, float[] levels) {
    if (levels.length < 2 || levels.length > 256) {
      throw new IllegalArgumentException(
          "levels: given " + levels.length + ", expected 2 to 256 of them");
    }
    for (int i = 0; i < levels.length; i++) {
      if (!(Math.abs(levels[i]) <= 1)) {
        throw new IllegalArgumentException(
            "level "
                + i
                + " is "
                + levels[i]
                + ", expected -1 to 1; divide by the largest |level|");
      }
      if (i > 0 && !(levels[i] > levels[i - 1])) {
        throw new IllegalArgumentException(
            "level " + i + " is " + levels[i] + " after " + levels[i - 1] + "; sort the levels");
      }
    }
    return new Codebook(name, exactLevels, levels);
  }

  static void checkBits(int bits) {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("bits: given " + bits + ", expected 2 to 8");
    }
  }

  /** Short name for reports: {@code nf4}, {@code af4}, {@code table16}. */
  public String name() {
    return name;
  }

  /** Number of levels. */
  public int size() {
    return levels.length;
  }

  /** Bits a code takes: the least b with {@code 2^b >= size()}. */
  public int bits() {
    return 32 - Integer.numberOfLeadingZeros(levels.length - 1);
  }

  /** Level of a code. */
  public float level(int code) {
    return levels[code];
  }

  /** A copy of the levels in single precision, as quantization uses them. */
  public float[] levels() {
    return levels.clone();
  }

  /** A copy of the levels before they were rounded to single precision. */
  public double[] exactLevels() {
    return exactLevels.clone();
  }

  /** A copy of the decision boundaries, one less than levels. */
  public float[] boundaries() {
    return boundaries.clone();
  }

  /**
   * Bits that the table takes beside a matrix: 0 for one that its name describes, 32 a level for a
   * user's or a learned one.
   */
  public long storageBits() {
    return knownByName ? 0 : 32L * levels.length;
  }

  /** Code of 0, given to every weight of a block whose scale is 0. */
  public int zeroCode() {
    return zeroCode;
  }

  /** Largest distance from any x in [-1, 1] to its level: bounds the error of a weight. */
  public double largestHalfGap() {
    double largest = Math.max(levels[0] + 1.0, 1.0 - levels[levels.length - 1]);
    for (int i = 1; i < levels.length; i++) {
      largest = Math.max(largest, ((double) levels[i] - levels[i - 1]) / 2);
    }
    return largest;
  }

  /** Code of the nearest level; NaN gets code 0. */
  public int code(float x) {
    int code = 0;
    for (int half = (boundaryTable.length + 1) / 2; half > 0; half /= 2) {
      code += x > boundaryTable[code + half - 1] ? half : 0;
    }
    return code;
  }

  /** The levels padded to 2^bits, for the kernels; not to be written. */
  float[] levelTable() {
    return levelTable;
  }

  /** The boundaries padded with infinity to 2^bits - 1, for the kernels; not to be written. */
  float[] boundaryTable() {
    return boundaryTable;
  }

  private static float[] padded(float[] values, int length, float filler) {
    float[] table = Arrays.copyOf(values, length);
    Arrays.fill(table, values.length, length, filler);
    return table;
  }

  /** Equal tables are equal codebooks, whatever their names. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Codebook codebook && Arrays.equals(levels, codebook.levels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(levels);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(levels);
  }
}
