package org.quadrille.quant.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BudgetCurveTest {

  @Property(tries = 100)
  void pointsAreOptimalForWhatTheyWeigh(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 6) int options) {
    Knapsack problem = random(seed, classes, options);
    BudgetCurve curve = BudgetCurve.of(problem);
    List<BudgetCurve.Point> points = curve.points();
    assertEquals(problem.leastFeasibleBudget(), points.getFirst().weight());
    for (int p = 0; p < points.size(); p++) {
      BudgetCurve.Point point = points.get(p);
      int[] choice = curve.choice(p);
      long weight = 0;
      double cost = 0;
      for (int i = 0; i < classes; i++) {
        weight += problem.weight(i, choice[i]);
        cost += problem.cost(i, choice[i]);
      }
      assertEquals(weight, point.weight());
      assertEquals(cost, point.cost(), 1e-9);
      KnapsackSolution solution = problem.withBudget(weight).solve();
      assertEquals(solution.cost(), point.cost(), 1e-9, "optimal at " + weight);
    }
  }

  @Property(tries = 100)
  void everyOptimumLiesBetweenBoundAndCurve(
      @ForAll long seed, @ForAll @IntRange(max = 99) int over) {
    Knapsack problem = random(seed, 5, 6);
    BudgetCurve curve = BudgetCurve.of(problem);
    long budget = problem.leastFeasibleBudget() + over;
    double optimum = problem.withBudget(budget).solve().cost();
    assertTrue(curve.lowerBound(budget) <= optimum + 1e-9);
    assertTrue(optimum <= curve.cost(budget) + 1e-9);
  }

  @Test
  void budgetsOutsideTheCurve() {
    Knapsack problem = random(3, 4, 5);
    BudgetCurve curve = BudgetCurve.of(problem);
    long least = problem.leastFeasibleBudget();
    assertEquals(Double.POSITIVE_INFINITY, curve.cost(least - 1));
    assertEquals(Double.POSITIVE_INFINITY, curve.lowerBound(least - 1));
    assertEquals(-1, curve.last(least - 1));
    double best = curve.points().getLast().cost();
    assertEquals(best, curve.cost(Long.MAX_VALUE));
    assertEquals(best, curve.lowerBound(Long.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> curve.choice(-1));
    assertThrows(IllegalArgumentException.class, () -> curve.choice(curve.points().size()));
  }

  @Test
  void wholeCurveOfSevenBillionParameterShapesIsTight() {
    Knapsack problem = LlamaInstance.sevenBillion();
    BudgetCurve curve = BudgetCurve.of(problem);
    double above = curve.cost(problem.budget()) / curve.lowerBound(problem.budget());
    assertTrue(above < 1.01, "gap " + (above - 1));
    assertTrue(curve.points().size() > 2000);
  }

  private static Knapsack random(long seed, int classes, int options) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] costs = new double[classes][options];
    long[][] weights = new long[classes][options];
    for (int i = 0; i < classes; i++) {
      for (int c = 0; c < options; c++) {
        costs[i][c] = random.nextInt(30);
        weights[i][c] = random.nextInt(30);
      }
    }
    return Knapsack.of(costs, weights, Long.MAX_VALUE / 2);
  }
}
