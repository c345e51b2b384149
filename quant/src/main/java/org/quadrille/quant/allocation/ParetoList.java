package org.quadrille.quant.allocation;

import java.util.Arrays;

/**
 * Partial choices over some classes, none dominated by another: by rising weight, strictly falling
 * cost.
 *
 * <p>A state holds its weight above the lightest choice and its gap, the sum of reduced costs
 * {@code cost + lambda * weight - min}; its cost, up to a constant, is {@code gap - lambda *
 * weight}. The code says which state and option it came from.
 */
final class ParetoList {
  long[] weight;
  double[] gap;
  int[] code;
  int size;

  ParetoList(int capacity) {
    weight = new long[capacity];
    gap = new double[capacity];
    code = new int[capacity];
  }

  /** The empty choice: weight 0, gap 0. */
  static ParetoList start() {
    ParetoList list = new ParetoList(1);
    list.size = 1;
    return list;
  }

  /**
   * All states of this list extended by one option of a class, without dominated ones and without
   * those over the limits.
   *
   * @param addedWeight weights of the class's options above its lightest, rising
   * @param addedGap reduced costs of these options
   */
  ParetoList extend(
      long[] addedWeight, double[] addedGap, double lambda, double gapLimit, long weightLimit) {
    ParetoList result = new ParetoList(0);
    for (int c = 0; c < addedWeight.length; c++) {
      result =
          merge(
              result,
              c,
              addedWeight[c],
              addedGap[c],
              addedWeight.length,
              lambda,
              gapLimit,
              weightLimit);
    }
    return result;
  }

  /** Merges {@code other}, already extended, with this list extended by option {@code c}. */
  private ParetoList merge(
      ParetoList other,
      int c,
      long w,
      double g,
      int options,
      double lambda,
      double gapLimit,
      long weightLimit) {
    ParetoList merged = new ParetoList(other.size + size);
    double least = Double.POSITIVE_INFINITY;
    int o = 0;
    int s = 0;
    while (o < other.size || s < size) {
      if (s < size && (gap[s] + g > gapLimit || weight[s] + w > weightLimit)) {
        s++;
        continue;
      }
      boolean takeOther =
          o < other.size && (s == size || comesFirst(other, o, weight[s] + w, gap[s] + g));
      long nextWeight = takeOther ? other.weight[o] : weight[s] + w;
      double nextGap = takeOther ? other.gap[o] : gap[s] + g;
      int nextCode = takeOther ? other.code[o] : s * options + c;
      if (takeOther) {
        o++;
      } else {
        s++;
      }
      double cost = nextGap - lambda * nextWeight;
      if (cost < least) {
        least = cost;
        merged.weight[merged.size] = nextWeight;
        merged.gap[merged.size] = nextGap;
        merged.code[merged.size++] = nextCode;
      }
    }
    return merged.trimmed();
  }

  private static boolean comesFirst(ParetoList other, int o, long w, double g) {
    return other.weight[o] != w ? other.weight[o] < w : other.gap[o] <= g;
  }

  private ParetoList trimmed() {
    if (size < weight.length / 2) {
      weight = Arrays.copyOf(weight, size);
      gap = Arrays.copyOf(gap, size);
      code = Arrays.copyOf(code, size);
    }
    return this;
  }
}
