package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.quadrille.quant.QuantizationConfig;

/**
 * The configuration, and where ranks compete with bits also the rank, of each matrix that gives the
 * least total squared error within an average of so many bits per weight, scales included; proven
 * optimal for its cost table.
 *
 * {@snippet :
 * var measurement = CostMeasurement.firstIteration(MatrixSource.of(matrices), 8, 1);
 * var options = AllocationOption.ofRank(8, CostTable.economicalGrid());
 * BitAllocation plan = BitAllocation.search(3.0, measurement, options, name -> {});
 * QuantizationConfig config = plan.configs().get("encoder.layer.0.attention.self.query.weight");
 * }
 *
 * @param options configuration and rank by matrix name, in the order of the table
 * @param bits exact bits of all codes and scales, and of factors that the budget pays for
 * @param budgetBits what was allowed
 * @param squaredError sum over matrices, by the table
 * @param proof the solved knapsack
 */
public record BitAllocation(
    Map<String, AllocationOption> options,
    long bits,
    long budgetBits,
    double squaredError,
    KnapsackSolution proof) {

  /** Configurations of up to so many bits are measured before any dearer one. */
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
    KnapsackSolution solution = table.problem(budget).solve();
    if (!solution.feasible()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "budget of %s bits per weight is too small: the cheapest configurations take %.4f; give at least that",
              bitsPerWeight,
              (double) solution.leastFeasibleBudget() / total));
    }
    Map<String, AllocationOption> options = new LinkedHashMap<>();
    for (int i = 0; i < solution.choice().length; i++) {
      options.put(table.names().get(i), table.options().get(i).get(solution.choice()[i]));
    }
    return new BitAllocation(options, solution.weight(), budget, solution.cost(), solution);
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
   * @param measurement the matrices and how to measure them
   * @param options of every matrix
   * @param finished called with the name of each matrix as its first options are measured, from any
   *     thread
   * @throws IllegalArgumentException if even the cheapest options exceed the budget
   */
  public static BitAllocation search(
      double bitsPerWeight,
      CostMeasurement measurement,
      List<AllocationOption> options,
      Consumer<String> finished) {
    Predicate<AllocationOption> isCheap = option -> option.config().bits() <= FIRST_BITS;
    boolean someCheap = options.stream().anyMatch(isCheap);
    List<AllocationOption> first = someCheap ? options.stream().filter(isCheap).toList() : options;
    List<AllocationOption> later =
        someCheap ? options.stream().filter(isCheap.negate()).toList() : List.of();
    CostTable table = CostTable.measure(measurement, first, finished);
    while (true) {
      BitAllocation plan = within(bitsPerWeight, table);
      List<List<AllocationOption>> undecided = plan.undecided(table, later);
      if (undecided.stream().allMatch(List::isEmpty)) {
        return plan;
      }
      table = table.extended(measurement, undecided, name -> {});
    }
  }

  /**
   * Options that are not measured yet and might be in a better solution than this one, per matrix.
   */
  private List<List<AllocationOption>> undecided(CostTable table, List<AllocationOption> later) {
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
    List<List<AllocationOption>> undecided = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      int matrix = i;
      undecided.add(
          later.stream()
              .filter(option -> option.fits(table.rows()[matrix], table.cols()[matrix]))
              .filter(option -> !table.options().get(matrix).contains(option))
              .filter(option -> lambda * table.bits(matrix, option) - least[matrix] <= gap)
              .toList());
    }
    return undecided;
  }

  /** Configuration by matrix name. */
  public Map<String, QuantizationConfig> configs() {
    Map<String, QuantizationConfig> configs = new LinkedHashMap<>();
    options.forEach((name, option) -> configs.put(name, option.config()));
    return configs;
  }

  /** Average bits per weight, scales included. */
  public double averageBits(CostTable table) {
    return (double) bits / table.totalWeights();
  }
}
