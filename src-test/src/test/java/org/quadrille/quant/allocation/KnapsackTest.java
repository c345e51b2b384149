package org.quadrille.quant.allocation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;

class KnapsackTest {

  @Test
  void agreesWithBruteForceReference() {
    for (Map<String, String> row : ReferenceData.csv("lq-lora", "ilp_small.csv")) {
      double[][] costs =
          Arrays.stream(row.get("costs").split(";"))
              .map(
                  r ->
                      Arrays.stream(r.trim().split(" ")).mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new);
      long[][] weights =
          Arrays.stream(row.get("weights").split(";"))
              .map(r -> Arrays.stream(r.trim().split(" ")).mapToLong(Long::parseLong).toArray())
              .toArray(long[][]::new);
      KnapsackSolution solution =
          Knapsack.of(costs, weights, Long.parseLong(row.get("budget"))).solve();
      String name = "instance " + row.get("instance");
      if (row.get("optimal_cost").equals("infeasible")) {
        assertFalse(solution.feasible(), name);
        continue;
      }
      double expected = Double.parseDouble(row.get("optimal_cost"));
      assertTrue(solution.feasible() && solution.optimal(), name);
      assertEquals(expected, solution.cost(), 1e-9 * expected, name);
    }
  }

  @Test
  void provesTheOptimumOfRealModelCosts() {
    List<Map<String, String>> matrices = ReferenceData.csv("lq-lora", "ilp_minilm_matrices.csv");
    List<Map<String, String>> configs = ReferenceData.csv("lq-lora", "ilp_configs.csv");
    List<Map<String, String>> rows = ReferenceData.csv("lq-lora", "ilp_minilm_costs.csv");
    double[][] costs = new double[matrices.size()][configs.size()];
    long[][] weights = new long[matrices.size()][configs.size()];
    for (int i = 0; i < matrices.size(); i++) {
      long n =
          Long.parseLong(matrices.get(i).get("rows")) * Long.parseLong(matrices.get(i).get("cols"));
      for (int c = 0; c < configs.size(); c++) {
        costs[i][c] = Double.parseDouble(rows.get(i).get("c" + c));
        weights[i][c] = LlamaInstance.exactBits(n, configs.get(c));
      }
    }
    int checked = 0;
    for (Map<String, String> row : ReferenceData.csv("lq-lora", "ilp_solutions.csv")) {
      if (!row.get("instance").equals("minilm")) {
        continue;
      }
      long budget = Long.parseLong(row.get("budget_bits"));
      KnapsackSolution solution = Knapsack.of(costs, weights, budget).solve();
      checkAgainst(row, solution, budget);
      checked++;
    }
    assertTrue(checked > 0, "no minilm instance in ilp_solutions.csv");
  }

  @Test
  void provesTheOptimumOfSevenBillionParameterShapes() {
    assertEquals(4, checkAgainstReference(LlamaInstance.sevenBillion(), "synthetic_7b"));
  }

  @Test
  void provesTheOptimumOfSeventyBillionParameterShapes() {
    assertEquals(2, checkAgainstReference(LlamaInstance.seventyBillion(), "synthetic_70b"));
  }

  private static int checkAgainstReference(Knapsack problem, String instance) {
    int checked = 0;
    for (Map<String, String> row : ReferenceData.csv("lq-lora", "ilp_solutions.csv")) {
      if (row.get("instance").equals(instance)) {
        long budget = Long.parseLong(row.get("budget_bits"));
        checkAgainst(row, problem.withBudget(budget).solve(), budget);
        checked++;
      }
    }
    return checked;
  }

  private static void checkAgainst(
      Map<String, String> row, KnapsackSolution solution, long budget) {
    String name = row.get("instance") + " at " + row.get("target_bits_per_param");
    double expected = Double.parseDouble(row.get("optimal_cost"));
    double bound =
        row.get("lagrangian_bound").isEmpty()
            ? expected
            : Double.parseDouble(row.get("lagrangian_bound"));
    assertTrue(solution.feasible() && solution.optimal(), name);
    assertTrue(solution.weight() <= budget, name);
    // The reference figures carry 12 digits.
    assertTrue(
        solution.cost() <= expected * (1 + 1e-9),
        () -> name + ": " + solution.cost() + " > " + expected);
    assertTrue(
        solution.cost() >= Math.min(bound, expected) * (1 - 1e-9),
        () -> name + ": below the bound");
  }

  @Property(tries = 300)
  void equalsExhaustiveSearch(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int classes,
      @ForAll @IntRange(min = 1, max = 5) int options) {
    var random = new java.util.SplittableRandom(seed);
    double[][] costs = new double[classes][options];
    long[][] weights = new long[classes][options];
    for (int i = 0; i < classes; i++) {
      for (int c = 0; c < options; c++) {
        // Small integers, so that ties and equal weights are common.
        costs[i][c] = random.nextInt(12);
        weights[i][c] = random.nextInt(12);
      }
    }
    long budget = random.nextInt(10 * classes + 1);
    KnapsackSolution solution = Knapsack.of(costs, weights, budget).solve();
    double best = exhaustive(costs, weights, budget, 0);
    assertEquals(Double.isFinite(best), solution.feasible());
    if (solution.feasible()) {
      assertTrue(solution.optimal());
      assertEquals(best, solution.cost(), 1e-9);
      long weight = 0;
      double cost = 0;
      for (int i = 0; i < classes; i++) {
        weight += weights[i][solution.choice()[i]];
        cost += costs[i][solution.choice()[i]];
      }
      assertEquals(solution.weight(), weight);
      assertEquals(solution.cost(), cost, 1e-12);
      assertTrue(weight <= budget);
    }
  }

  private static double exhaustive(double[][] costs, long[][] weights, long left, int i) {
    if (left < 0) {
      return Double.POSITIVE_INFINITY;
    }
    if (i == costs.length) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int c = 0; c < costs[i].length; c++) {
      best = Math.min(best, costs[i][c] + exhaustive(costs, weights, left - weights[i][c], i + 1));
    }
    return best;
  }

  @Test
  void infeasibleBudgetNamesTheLeastFeasibleOne() {
    KnapsackSolution solution =
        Knapsack.of(new double[][] {{1, 2}, {3}}, new long[][] {{5, 4}, {3}}, 6).solve();
    assertFalse(solution.feasible());
    assertEquals(7, solution.leastFeasibleBudget());
    KnapsackSolution least =
        Knapsack.of(new double[][] {{1, 2}, {3}}, new long[][] {{5, 4}, {3}}, 7).solve();
    assertArrayEquals(new int[] {1, 0}, least.choice());
    assertEquals(5.0, least.cost());
  }

  @Test
  void anInterruptedSearchKeepsItsProvenBound() {
    var random = new java.util.SplittableRandom(5);
    double[][] costs = new double[40][30];
    long[][] weights = new long[40][30];
    for (int i = 0; i < 40; i++) {
      for (int c = 0; c < 30; c++) {
        weights[i][c] = 1000L + random.nextInt(100_000);
        costs[i][c] = 1e6 / weights[i][c] * (1 + 0.3 * random.nextDouble());
      }
    }
    Knapsack problem = Knapsack.of(costs, weights, 900_000);
    KnapsackSolution exact = problem.solve();
    KnapsackSolution cut = problem.solve(KnapsackLimits.NONE.withMaxStates(10));
    assertTrue(exact.optimal());
    assertFalse(cut.optimal());
    assertTrue(cut.lowerBound() <= exact.cost() && exact.cost() <= cut.cost());
    assertTrue(cut.weight() <= problem.budget());
  }

  @Test
  void rejectsTablesThatDoNotFit() {
    assertThrows(
        IllegalArgumentException.class, () -> Knapsack.of(new double[0][], new long[0][], 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Knapsack.of(new double[][] {{1}}, new long[][] {{1, 2}}, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Knapsack.of(new double[][] {{}}, new long[][] {{}}, 1));
    var message =
        assertThrows(
            IllegalArgumentException.class,
            () -> Knapsack.of(new double[][] {{1, Double.NaN}}, new long[][] {{1, 2}}, 1));
    assertTrue(message.getMessage().contains("option 1 of class 0"), message.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Knapsack.of(new double[][] {{1}}, new long[][] {{-1}}, 1));
  }

  @Test
  void relativeGapEndsTheSearchWithinIt() {
    Knapsack problem = LlamaInstance.sevenBillion();
    KnapsackSolution exact = problem.solve();
    KnapsackSolution near = problem.solve(KnapsackLimits.NONE.withRelativeGap(1e-3));
    assertTrue(near.cost() <= exact.cost() * (1 + 1e-3));
    assertTrue(near.lowerBound() <= exact.cost() && near.cost() >= exact.cost());
    assertTrue(near.states() <= exact.states());
    assertTrue(near.weight() <= problem.budget());
  }

  @Test
  void timeThatIsUpLeavesAChoiceAndABound() {
    Knapsack problem = LlamaInstance.sevenBillion();
    KnapsackSolution hasty = problem.solve(KnapsackLimits.NONE.withSeconds(1e-9));
    KnapsackSolution exact = problem.solve();
    assertFalse(hasty.optimal());
    assertTrue(hasty.weight() <= problem.budget());
    assertTrue(hasty.lowerBound() <= exact.cost() && exact.cost() <= hasty.cost());
  }

  @Test
  void rejectsLimitsOutOfRange() {
    assertThrows(
        IllegalArgumentException.class, () -> KnapsackLimits.NONE.withRelativeGap(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> KnapsackLimits.NONE.withRelativeGap(1));
    assertThrows(IllegalArgumentException.class, () -> KnapsackLimits.NONE.withSeconds(0));
    assertThrows(IllegalArgumentException.class, () -> KnapsackLimits.NONE.withMaxStates(0));
  }
}
