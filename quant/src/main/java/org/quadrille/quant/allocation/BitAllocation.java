package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.QuantizationConfig;

/**
 * The configuration of each matrix that gives the least total squared error within an average of so
 * many bits per weight, scales included; proven optimal for its cost table.
 *
 * {@snippet :
 * BitAllocation plan = BitAllocation.search(3.0, matrices, CostTable.economicalGrid(), 8, 1, name -> {});
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

  /** Options of up to so many bits are measured before any dearer one. */
  private static final int FIRST_BITS = 4;

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
    long[][] bits = new long[classes][];
    for (int i = 0; i < classes; i++) {
      bits[i] = new long[table.options().get(i).size()];
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
      configs.put(table.names().get(i), table.options().get(i).get(solution.choice()[i]));
    }
    return new BitAllocation(configs, solution.weight(), budget, solution.cost(), solution);
  }

  /**
   * Measures costs and allocates a budget, without measuring options that cannot be part of the
   * optimum.
   *
   * <p>Options of up to 4 bits are measured first. With the multiplier lambda of that solution, an
   * option of b bits has a reduced cost of at least {@code lambda * b - min_c (cost + lambda *
   * bits)}, since errors are not negative; where this exceeds the gap between the solution and its
   * Lagrangian bound, the option is in no better solution (the fixing argument of {@link
   * KnapsackSolver}). The others are measured, and the problem is solved again. The result is
   * optimal for the whole grid.
   *
   * @param bitsPerWeight average over all weights, more than 0
   * @param matrices by name, each of shape [rows, cols], not modified
   * @param grid the options of every matrix
   * @param rank of the low-rank part that each matrix will have, 0 or more
   * @param seed of the randomized SVD
   * @param finished called with the name of each matrix as its first options are measured, from any
   *     thread
   * @throws IllegalArgumentException if even the cheapest configurations exceed the budget
   */
  public static BitAllocation search(
      double bitsPerWeight,
      Map<String, Tensor> matrices,
      List<QuantizationConfig> grid,
      int rank,
      long seed,
      Consumer<String> finished) {
    Predicate<QuantizationConfig> isCheap = config -> config.bits() <= FIRST_BITS;
    boolean someCheap = grid.stream().anyMatch(isCheap);
    List<QuantizationConfig> first = someCheap ? grid.stream().filter(isCheap).toList() : grid;
    List<QuantizationConfig> later =
        someCheap ? grid.stream().filter(isCheap.negate()).toList() : List.of();
    CostTable table = CostTable.measure(matrices, first, rank, seed, finished);
    while (true) {
      BitAllocation plan = within(bitsPerWeight, table);
      List<List<QuantizationConfig>> undecided = plan.undecided(table, later);
      if (undecided.stream().allMatch(List::isEmpty)) {
        return plan;
      }
      table = table.extended(matrices, undecided, rank, seed, name -> {});
    }
  }

  /**
   * Options that are not measured yet and might be in a better solution than this one, per matrix.
   */
  private List<List<QuantizationConfig>> undecided(
      CostTable table, List<QuantizationConfig> later) {
    double lambda = proof.multiplier();
    int classes = table.names().size();
    double[] least = new double[classes];
    double bound = -lambda * budgetBits;
    for (int i = 0; i < classes; i++) {
      least[i] = Double.POSITIVE_INFINITY;
      for (int c = 0; c < table.options().get(i).size(); c++) {
        least[i] = Math.min(least[i], table.squaredErrors()[i][c] + lambda * table.bits(i, c));
      }
      bound += least[i];
    }
    double gap = squaredError - bound;
    List<List<QuantizationConfig>> undecided = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      int matrix = i;
      undecided.add(
          later.stream()
              .filter(config -> !table.options().get(matrix).contains(config))
              .filter(config -> lambda * table.bits(matrix, config) - least[matrix] <= gap)
              .toList());
    }
    return undecided;
  }

  /** Average bits per weight, scales included. */
  public double averageBits(CostTable table) {
    return (double) bits / table.totalWeights();
  }
}
