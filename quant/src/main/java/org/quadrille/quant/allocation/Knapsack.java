package org.quadrille.quant.allocation;

import java.util.Arrays;

/**
 * A multiple-choice knapsack: choose one option of every class, least total cost, total weight at
 * most the budget.
 *
 * <p>Weights are integers (bits), so budgets are compared exactly. Arrays are copied; instances are
 * immutable.
 *
 * {@snippet :
 * var problem = Knapsack.of(new double[][] {{9, 1}, {5, 2}}, new long[][] {{1, 4}, {1, 3}}, 5);
 * KnapsackSolution best = problem.solve(); // cost 6: the second option of the first class, the first of the second
 * }
 */
public final class Knapsack {
  private final double[][] costs;
  private final long[][] weights;
  private final long budget;

  private Knapsack(double[][] costs, long[][] weights, long budget) {
    this.costs = costs;
    this.weights = weights;
    this.budget = budget;
  }

  /**
   * A problem from its tables.
   *
   * @param costs {@code costs[i][c]} of option c of class i, finite
   * @param weights {@code weights[i][c]}, 0 or more, same lengths as {@code costs}
   * @param budget largest allowed sum of the chosen weights
   * @throws IllegalArgumentException if the tables differ in shape, a class is empty, or a number
   *     is out of range
   */
  public static Knapsack of(double[][] costs, long[][] weights, long budget) {
    if (costs.length == 0 || costs.length != weights.length) {
      throw new IllegalArgumentException(
          "costs has "
              + costs.length
              + " classes and weights "
              + weights.length
              + "; expected the same number, at least 1");
    }
    long largest = 0;
    for (int i = 0; i < costs.length; i++) {
      if (costs[i].length == 0 || costs[i].length != weights[i].length) {
        throw new IllegalArgumentException(
            "class "
                + i
                + " has "
                + costs[i].length
                + " costs and "
                + weights[i].length
                + " weights; expected the same number, at least 1");
      }
      for (int c = 0; c < costs[i].length; c++) {
        if (!Double.isFinite(costs[i][c])) {
          throw new IllegalArgumentException(
              "cost of option "
                  + c
                  + " of class "
                  + i
                  + " is "
                  + costs[i][c]
                  + "; expected a finite number");
        }
        if (weights[i][c] < 0) {
          throw new IllegalArgumentException(
              "weight of option "
                  + c
                  + " of class "
                  + i
                  + " is "
                  + weights[i][c]
                  + "; expected 0 or more");
        }
      }
      largest = Math.addExact(largest, Arrays.stream(weights[i]).max().getAsLong());
    }
    return new Knapsack(
        deepCopy(costs), Arrays.stream(weights).map(long[]::clone).toArray(long[][]::new), budget);
  }

  /** Number of classes. */
  public int classes() {
    return costs.length;
  }

  /** Number of options of class {@code i}. */
  public int options(int i) {
    return costs[i].length;
  }

  /** Largest allowed total weight. */
  public long budget() {
    return budget;
  }

  /** Cost of option {@code c} of class {@code i}. */
  public double cost(int i, int c) {
    return costs[i][c];
  }

  /** Weight of option {@code c} of class {@code i}. */
  public long weight(int i, int c) {
    return weights[i][c];
  }

  /** The least budget for which a choice exists. */
  public long leastFeasibleBudget() {
    return Arrays.stream(weights).mapToLong(w -> Arrays.stream(w).min().getAsLong()).sum();
  }

  /** The same tables under another budget. */
  public Knapsack withBudget(long newBudget) {
    return new Knapsack(costs, weights, newBudget);
  }

  /** The proven optimum, or an infeasible solution. */
  public KnapsackSolution solve() {
    return solve(KnapsackLimits.NONE);
  }

  /** The best choice found within limits, with the bound that was proven by then. */
  public KnapsackSolution solve(KnapsackLimits limits) {
    return new KnapsackSolver(this, limits).solve();
  }

  private static double[][] deepCopy(double[][] table) {
    return Arrays.stream(table).map(double[]::clone).toArray(double[][]::new);
  }
}
