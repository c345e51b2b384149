package org.quadrille.quant.allocation;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.quadrille.quant.QuantizationConfig;

/**
 * The configuration of each matrix that gives the least total squared error within an average of so
 * many bits per weight, scales included; proven optimal for its cost table.
 *
 * {@snippet :
 * CostTable costs = CostTable.measure(matrices, CostTable.economicalGrid(), 8, 1, name -> {});
 * BitAllocation plan = BitAllocation.within(3.0, costs);
 * QuantizationConfig config = plan.configs().get("encoder.layer.0.attention.self.query.weight");
 * }
 *
 * @param configs configuration by matrix name, in the order of the table
 * @param bits exact bits of all codes and scales
 * @param budgetBits what was allowed
 * @param squaredError sum over matrices, by the table
 * @param proof the solved knapsack
 */
public record BitAllocation(
    Map<String, QuantizationConfig> configs,
    long bits,
    long budgetBits,
    double squaredError,
    KnapsackSolution proof) {

  /**
   * Allocates a budget.
   *
   * @param bitsPerWeight average over all weights of the table, more than 0
   * @throws IllegalArgumentException if even the cheapest configurations exceed the budget; the
   *     message names the least feasible one
   */
  public static BitAllocation within(double bitsPerWeight, CostTable table) {
    if (!(bitsPerWeight > 0) || bitsPerWeight > 64) {
      throw new IllegalArgumentException(
          "bits per weight: given " + bitsPerWeight + ", expected more than 0 and at most 64");
    }
    long total = table.totalWeights();
    long budget = (long) Math.floor(bitsPerWeight * total);
    int classes = table.names().size();
    long[][] bits = new long[classes][table.configs().size()];
    for (int i = 0; i < classes; i++) {
      for (int c = 0; c < bits[i].length; c++) {
        bits[i][c] = table.bits(i, c);
      }
    }
    KnapsackSolution solution = Knapsack.of(table.squaredErrors(), bits, budget).solve();
    if (!solution.feasible()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "budget of %s bits per weight is too small: the cheapest configurations take %.4f; give at least that",
              bitsPerWeight,
              (double) solution.leastFeasibleBudget() / total));
    }
    Map<String, QuantizationConfig> configs = new LinkedHashMap<>();
    for (int i = 0; i < classes; i++) {
      configs.put(table.names().get(i), table.configs().get(solution.choice()[i]));
    }
    return new BitAllocation(configs, solution.weight(), budget, solution.cost(), solution);
  }

  /** Average bits per weight, scales included. */
  public double averageBits(CostTable table) {
    return (double) bits / table.totalWeights();
  }
}
