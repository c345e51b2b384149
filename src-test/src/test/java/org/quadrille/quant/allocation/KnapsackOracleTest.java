package org.quadrille.quant.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.ortools.Loader;
import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * Our optima against those of two independent solvers: OR-Tools (CP-SAT, native) and ojAlgo (branch
 * and cut, pure Java).
 */
class KnapsackOracleTest {

  /** CP-SAT takes integers: costs are given in these units. */
  private static final double UNIT = 1e-4;

  @Test
  void constraintSolverFindsTheSameOptima() {
    loadNative();
    for (int seed = 0; seed < 5; seed++) {
      Knapsack problem = random(seed, 12, 10);
      assertEquals(problem.solve().cost(), constraintSolver(problem, 1), 1e-6, "seed " + seed);
    }
  }

  @Test
  void integerProgramFindsTheSameOptima() {
    for (int seed = 0; seed < 5; seed++) {
      Knapsack problem = random(seed, 6, 5);
      assertEquals(problem.solve().cost(), integerProgram(problem), 1e-6, "seed " + seed);
    }
  }

  @Test
  @Tag("study")
  void constraintSolverFindsTheSameOptimumForSevenBillionParameters() {
    loadNative();
    Knapsack problem = LlamaInstance.sevenBillion();
    double ours = problem.solve().cost();
    // 224 costs are rounded to the unit
    assertEquals(ours, constraintSolver(problem, UNIT), 224 * UNIT);
  }

  /** Without the native library there is nothing to compare with: that is said, not passed over. */
  private static void loadNative() {
    try {
      Loader.loadNativeLibraries();
    } catch (Throwable e) {
      abort("OR-Tools has no native library that loads on this machine: " + e);
    }
  }

  private static double constraintSolver(Knapsack problem, double unit) {
    CpModel model = new CpModel();
    LinearExprBuilder cost = LinearExpr.newBuilder();
    LinearExprBuilder weight = LinearExpr.newBuilder();
    for (int i = 0; i < problem.classes(); i++) {
      OptionClass options = OptionClass.of(problem, i); // dominated options only slow it down
      BoolVar[] chosen = new BoolVar[options.option.length];
      for (int p = 0; p < chosen.length; p++) {
        chosen[p] = model.newBoolVar(i + "/" + p);
        cost.addTerm(chosen[p], Math.round(options.cost[p] / unit));
        weight.addTerm(chosen[p], options.weight[p]);
      }
      model.addExactlyOne(chosen);
    }
    model.addLessOrEqual(weight, problem.budget());
    model.minimize(cost);
    CpSolver solver = new CpSolver();
    solver.getParameters().setNumWorkers(2);
    assertEquals(CpSolverStatus.OPTIMAL, solver.solve(model));
    return solver.objectiveValue() * unit;
  }

  private static double integerProgram(Knapsack problem) {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Expression weight = model.newExpression("weight").upper(problem.budget());
    for (int i = 0; i < problem.classes(); i++) {
      Expression one = model.newExpression("one of " + i).level(1);
      for (int c = 0; c < problem.options(i); c++) {
        Variable chosen = model.newVariable(i + "/" + c).binary().weight(problem.cost(i, c));
        one.set(chosen, 1);
        weight.set(chosen, problem.weight(i, c));
      }
    }
    Optimisation.Result result = model.minimise();
    assertTrue(result.getState().isOptimal(), result.toString());
    return result.getValue();
  }

  /** Falling cost against rising weight with noise, as quantization gives it; integers. */
  private static Knapsack random(int seed, int classes, int options) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] costs = new double[classes][options];
    long[][] weights = new long[classes][options];
    long budget = 0;
    for (int i = 0; i < classes; i++) {
      for (int c = 0; c < options; c++) {
        weights[i][c] = 100 * (c + 2) + random.nextInt(60);
        costs[i][c] = Math.rint(1e6 / weights[i][c] * (0.8 + 0.4 * random.nextDouble()));
      }
      budget += 100L * options / 2;
    }
    return Knapsack.of(costs, weights, budget + 200L * classes);
  }
}
