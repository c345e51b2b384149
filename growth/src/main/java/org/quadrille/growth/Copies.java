package org.quadrille.growth;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/**
 * Which old element each element of a grown axis copies, and the factors that split what reads
 * them: copies of one element get factors that sum to 1 (Net2Net, Chen et al., ICLR 2016).
 *
 * {@snippet :
 * Copies c = Copies.circular(4, 6);                    // 0 1 2 3 0 1
 * LinearOperator out = c.map(DType.F64);               // rows: plain copies
 * LinearOperator in = c.splitMap(DType.F64);           // columns: halves for 0 and 1
 * }
 */
public final class Copies {
  private static final double TOLERANCE = 1e-12;
  private final int small;
  private final int[] source;
  private final double[] split;

  private Copies(int small, int[] source, double[] split) {
    this.small = small;
    this.source = source;
    this.split = split;
  }

  /**
   * Copies with equal factors, 1 over the number of copies.
   *
   * @param small size of the old axis; every old element needs a copy
   */
  public static Copies of(int small, int... source) {
    double[] equal = new double[source.length];
    Arrays.fill(equal, 1);
    return proportional(small, source, equal);
  }

  /** Element j is a copy of j mod small. */
  public static Copies circular(int small, int large) {
    int[] source = new int[Math.max(large, 0)];
    for (int j = 0; j < source.length; j++) {
      source[j] = j % Math.max(small, 1);
    }
    return of(small, source);
  }

  /** Old elements first, then random ones (Net2Net). */
  public static Copies random(int small, int large, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] source = new int[Math.max(large, 0)];
    for (int j = 0; j < source.length; j++) {
      source[j] = j < small ? j : random.nextInt(Math.max(small, 1));
    }
    return of(small, source);
  }

  /** Whole heads in place of elements: each copied head brings its elements in order. */
  public Copies heads(int headSize) {
    int[] elements = new int[source.length * headSize];
    double[] factors = new double[elements.length];
    for (int j = 0; j < elements.length; j++) {
      elements[j] = source[j / headSize] * headSize + j % headSize;
      factors[j] = split[j / headSize];
    }
    return new Copies(small * headSize, elements, factors);
  }

  /**
   * The same copies with unequal factors, which lets them learn different things without a change
   * of the function: random ones within {@code spread} of equal, normalized.
   *
   * @param spread from 0 to less than 1
   */
  public Copies uneven(double spread, long seed) {
    if (!(spread >= 0 && spread < 1)) {
      throw new IllegalArgumentException("spread: given " + spread + ", expected 0 to below 1");
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] weights = new double[source.length];
    for (int j = 0; j < weights.length; j++) {
      weights[j] = 1 + spread * (2 * random.nextDouble() - 1);
    }
    return proportional(small, source, weights);
  }

  /**
   * Copies whose factors are proportional to given weights and sum to 1 for each old element.
   *
   * @param weights one positive number for each copy
   */
  public static Copies proportional(int small, int[] source, double[] weights) {
    if (small < 1 || source.length < small || weights.length != source.length) {
      throw new IllegalArgumentException(
          "copies: "
              + source.length
              + " of "
              + small
              + " elements with "
              + weights.length
              + " weights; expected at least one copy of each and a weight for every copy");
    }
    requireInRange(source, small);
    double[] sum = new double[small];
    for (int j = 0; j < source.length; j++) {
      if (!(weights[j] > 0) || !Double.isFinite(weights[j])) {
        throw new IllegalArgumentException(
            "weight " + j + ": given " + weights[j] + ", expected a positive number");
      }
      sum[source[j]] += weights[j];
    }
    double[] split = new double[source.length];
    for (int j = 0; j < split.length; j++) {
      split[j] = weights[j] / sum[source[j]];
    }
    return withFactors(small, source, split);
  }

  /**
   * Copies with given factors.
   *
   * @throws IllegalArgumentException if an element has no copy, or the factors of its copies do not
   *     sum to 1 within 1e-12
   */
  public static Copies withFactors(int small, int[] source, double[] factors) {
    if (factors.length != source.length) {
      throw new IllegalArgumentException(
          "factors: " + factors.length + " given, expected " + source.length);
    }
    requireInRange(source, small);
    double[] sum = new double[small];
    int[] count = new int[small];
    for (int j = 0; j < source.length; j++) {
      sum[source[j]] += factors[j];
      count[source[j]]++;
    }
    for (int i = 0; i < small; i++) {
      if (count[i] == 0 || !(Math.abs(sum[i] - 1) <= TOLERANCE)) {
        throw new IllegalArgumentException(
            "element "
                + i
                + " has "
                + count[i]
                + " copies with factors of sum "
                + sum[i]
                + ", expected at least one copy and sum 1");
      }
    }
    return new Copies(small, source.clone(), factors.clone());
  }

  /** Size of the old axis. */
  public int small() {
    return small;
  }

  /** The old element of each element; a copy. */
  public int[] source() {
    return source.clone();
  }

  /** The factor of each copy; a copy. */
  public double[] split() {
    return split.clone();
  }

  /** Whether every old element has the same number of copies. */
  public boolean isUniform() {
    int[] count = new int[small];
    for (int i : source) {
      count[i]++;
    }
    return Arrays.stream(count).distinct().count() == 1;
  }

  /** The map of what is written: plain copies. */
  public LinearOperator map(DType dtype) {
    return AxisMap.selection(dtype, small, source);
  }

  /** The map of what reads the copies: columns times their factors. */
  public LinearOperator splitMap(DType dtype) {
    return AxisMap.scaledSelection(small, source, Tensor.of(split.clone(), split.length).to(dtype));
  }

  static void requireInRange(int[] source, int small) {
    for (int j = 0; j < source.length; j++) {
      if (source[j] < 0 || source[j] >= small) {
        throw new IllegalArgumentException(
            "copy " + j + " of element " + source[j] + ", expected 0 to " + (small - 1));
      }
    }
  }
}
