package org.quadrille.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.allocate.OptionTable;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.quant.allocation.BudgetCurve;
import org.quadrille.quant.allocation.Knapsack;
import org.quadrille.quant.allocation.KnapsackLimits;
import org.quadrille.quant.allocation.KnapsackSolution;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quadrille allocate}: one option of each group within a budget, proven optimal. */
@Command(
    name = "allocate",
    description =
        "Choose one option of each group so that the sum of values is least and the sum of costs"
            + " within the budget; proven optimal.",
    footer = {
      "",
      "Example: quadrille allocate --costs options.csv --budget 26542080",
      "The file has the columns group,option,cost,value: bits and squared error of each",
      "configuration of each matrix, for instance."
    })
final class AllocateCommand extends QuadrilleCommand {
  private static final int MOST_DIGITS = 100;

  @Option(
      names = "--costs",
      required = true,
      paramLabel = "FILE.csv",
      description = "Table with the columns group,option,cost,value.")
  private Path costs;

  @Option(
      names = "--budget",
      required = true,
      paramLabel = "BITS",
      description = "Largest allowed sum of costs; compared exactly.")
  private BigDecimal budget;

  @Option(names = "--maximize", description = "Values are gains: find the greatest sum.")
  private boolean maximize;

  @Option(
      names = "--gap",
      paramLabel = "G",
      defaultValue = "0",
      description =
          "Stop once the sum is proven to be within this share of the optimum (default: 0).")
  private double gap;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Stop after this time and report the bound that was proven.")
  private Double timeLimit;

  @Option(
      names = "--curve",
      paramLabel = "FILE.csv",
      description =
          "Also write the best value against budget: every choice that is optimal for exactly what"
              + " it costs and lies on the convex hull.")
  private Path curve;

  @Override
  protected void execute(Console console) throws IOException {
    KnapsackLimits limits = limits();
    OptionTable table = OptionTable.read(costs);
    Knapsack problem = table.problem(budget, maximize);
    if (curve != null) {
      write(BudgetCurve.of(problem), table);
    }
    long start = System.nanoTime();
    KnapsackSolution solution = problem.solve(limits);
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (!solution.feasible()) {
      throw new CommandFailure(
          "budget "
              + budget.toPlainString()
              + " is too small: the cheapest options of all groups cost "
              + table.cost(solution.leastFeasibleBudget()).toPlainString()
              + "; give at least that");
    }
    show(console, table, solution, seconds);
    console.document(document(table, solution, seconds));
  }

  private KnapsackLimits limits() {
    if (budget.signum() < 0 || Math.abs((long) budget.scale()) > MOST_DIGITS) {
      throw wrongUsage("--budget: expected a decimal number, 0 or more, of ordinary size");
    }
    if (!(gap >= 0 && gap < 1)) {
      throw wrongUsage("--gap " + gap + ": expected 0 to below 1, for example 1e-4");
    }
    if (timeLimit != null && !(timeLimit > 0)) {
      throw wrongUsage("--time-limit " + timeLimit + ": expected more than 0 seconds");
    }
    KnapsackLimits limits = KnapsackLimits.NONE.withRelativeGap(gap);
    return timeLimit == null ? limits : limits.withSeconds(timeLimit);
  }

  private double objective(double cost) {
    return maximize && cost != 0 ? -cost : cost;
  }

  private void show(Console console, OptionTable table, KnapsackSolution solution, double seconds) {
    Table text = new Table().text("group").text("option").number("cost").number("value");
    table
        .choice(solution)
        .forEach(
            (group, option) ->
                text.row(
                    group,
                    option,
                    table.cost(group, option).toPlainString(),
                    Units.significant(table.value(group, option))));
    console.print(
        text.rule()
            .row(
                "all " + table.groups(),
                "",
                table.cost(solution.weight()).toPlainString(),
                Units.significant(objective(solution.cost()))));
    console.print("");
    console.print(
        (maximize ? "Greatest" : "Least")
            + " sum of values among the choices of "
            + table.options()
            + " options that cost at most "
            + budget.toPlainString()
            + ": "
            + proof(solution)
            + " in "
            + Units.seconds(seconds)
            + ".");
  }

  private String proof(KnapsackSolution solution) {
    if (solution.optimal()) {
      return "proven optimal";
    }
    double gapLeft =
        (solution.cost() - solution.lowerBound())
            / Math.max(Math.abs(solution.cost()), Double.MIN_NORMAL);
    return "best found, proven within " + Units.significant(gapLeft) + " of the optimum";
  }

  private JsonObject document(OptionTable table, KnapsackSolution solution, double seconds) {
    JsonObject choice = new JsonObject();
    table.choice(solution).forEach(choice::put);
    return new JsonObject()
        .put("goal", maximize ? "maximize" : "minimize")
        .put("objective", objective(solution.cost()))
        .put("cost", number(table.cost(solution.weight())))
        .put("budget", number(budget))
        .put("choice", choice)
        .put("optimal", solution.optimal())
        .put("bound", objective(solution.lowerBound()))
        .put("marginalValue", solution.multiplier())
        .put("groups", table.groups())
        .put("options", table.options())
        .put("nodes", solution.states())
        .put("seconds", seconds);
  }

  /** Integers keep all their digits. */
  private static Number number(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() <= 0 ? stripped.toBigIntegerExact() : (Number) stripped.doubleValue();
  }

  private void write(BudgetCurve budgets, OptionTable table) throws IOException {
    List<BudgetCurve.Point> points = budgets.points();
    List<String> weights =
        points.stream().map(point -> table.cost(point.weight()).toPlainString()).toList();
    double[] values = points.stream().mapToDouble(point -> objective(point.cost())).toArray();
    double[] savings = points.stream().mapToDouble(BudgetCurve.Point::saving).toArray();
    new CsvTable()
        .add("cost", weights)
        .add("value", values)
        .add("marginal_value", savings)
        .write(curve);
  }
}
