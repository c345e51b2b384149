package org.quadrille.quant.allocation;

/**
 * A choice of one option per class, with its proof.
 *
 * @param feasible whether any choice fits the budget; if not, the other figures but {@code
 *     leastFeasibleBudget} mean nothing
 * @param optimal whether {@code cost} is proven to be the least possible
 * @param cost sum of the chosen costs
 * @param weight sum of the chosen weights
 * @param choice option index per class
 * @param lowerBound no feasible choice costs less than this (equal to {@code cost} when optimal)
 * @param multiplier Lagrange multiplier of the budget: cost saved per unit of weight at the margin
 * @param leastFeasibleBudget smallest budget for which a choice exists
 * @param states partial choices that the search kept, a measure of its work
 */
public record KnapsackSolution(
    boolean feasible,
    boolean optimal,
    double cost,
    long weight,
    int[] choice,
    double lowerBound,
    double multiplier,
    long leastFeasibleBudget,
    long states) {

  static KnapsackSolution infeasible(long leastFeasibleBudget) {
    return new KnapsackSolution(
        false,
        false,
        Double.POSITIVE_INFINITY,
        0,
        new int[0],
        Double.POSITIVE_INFINITY,
        0,
        leastFeasibleBudget,
        0);
  }
}
