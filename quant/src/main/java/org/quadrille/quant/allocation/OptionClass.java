package org.quadrille.quant.allocation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The options of one class that can be part of an optimum, by rising weight and strictly falling
 * cost, and their lower convex hull.
 */
final class OptionClass {
  /** Original option index, weight and cost of each undominated option, lightest first. */
  final int[] option;

  final long[] weight;
  final double[] cost;

  /**
   * Positions in the arrays above of the lower convex hull of cost against weight, lightest first.
   */
  final int[] hull;

  private OptionClass(int[] option, long[] weight, double[] cost) {
    this.option = option;
    this.weight = weight;
    this.cost = cost;
    this.hull = lowerHull(weight, cost);
  }

  static OptionClass of(Knapsack problem, int i) {
    int[] order =
        IntStream.range(0, problem.options(i))
            .boxed()
            .sorted(
                Comparator.comparingLong((Integer c) -> problem.weight(i, c))
                    .thenComparingDouble(c -> problem.cost(i, c)))
            .mapToInt(Integer::intValue)
            .toArray();
    int kept = 0;
    for (int c : order) {
      if (kept == 0 || problem.cost(i, c) < problem.cost(i, order[kept - 1])) {
        order[kept++] = c;
      }
    }
    int[] option = Arrays.copyOf(order, kept);
    return new OptionClass(
        option,
        Arrays.stream(option).mapToLong(c -> problem.weight(i, c)).toArray(),
        Arrays.stream(option).mapToDouble(c -> problem.cost(i, c)).toArray());
  }

  /** Cost saved per unit of weight on the hull segment that ends at hull point {@code h}. */
  double slope(int h) {
    int from = hull[h - 1];
    int to = hull[h];
    return (cost[from] - cost[to]) / (weight[to] - weight[from]);
  }

  /** Smallest {@code cost + lambda * weight} over the options. */
  double leastReducedCost(double lambda) {
    double least = Double.POSITIVE_INFINITY;
    for (int h : hull) {
      least = Math.min(least, cost[h] + lambda * weight[h]);
    }
    return least;
  }

  private static int[] lowerHull(long[] weight, double[] cost) {
    int[] stack = new int[weight.length];
    int size = 0;
    for (int p = 0; p < weight.length; p++) {
      while (size >= 2 && liesAbove(weight, cost, stack[size - 2], stack[size - 1], p)) {
        size--;
      }
      stack[size++] = p;
    }
    return Arrays.copyOf(stack, size);
  }

  /** Whether point b is on or above the line from a to c. */
  private static boolean liesAbove(long[] weight, double[] cost, int a, int b, int c) {
    return (cost[a] - cost[b]) * (weight[c] - weight[b])
        <= (cost[b] - cost[c]) * (weight[b] - weight[a]);
  }
}
