package org.quadrille.cli.allocate;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.CsvTable;
import org.quadrille.quant.allocation.Knapsack;
import org.quadrille.quant.allocation.KnapsackSolution;

/**
 * Options by group, read from a CSV file with the columns {@code group, option, cost, value}: the
 * cost counts against the budget, the sum of values is the objective.
 *
 * <p>Costs and budgets are decimal numbers and compared exactly: all are multiplied by the power of
 * ten that makes them integers.
 */
public final class OptionTable {
  private static final int MOST_DIGITS = 18;

  private final Path path;
  private final Map<String, Map<String, Option>> groups;
  private final int digits;

  private record Option(BigDecimal cost, double value) {}

  private OptionTable(Path path, Map<String, Map<String, Option>> groups, int digits) {
    this.path = path;
    this.groups = groups;
    this.digits = digits;
  }

  /**
   * Reads a file.
   *
   * @throws CommandFailure naming the row, if a cost is no number or negative, a group or option
   *     has no name, or an option appears twice
   * @throws IOException if the file cannot be read, a column is missing or a value is not finite
   */
  public static OptionTable read(Path path) throws IOException {
    CsvTable table = CsvTable.read(path);
    List<String> groupNames = table.texts("group");
    List<String> optionNames = table.texts("option");
    List<String> costs = table.texts("cost");
    double[] values = table.numbers("value");
    if (values.length == 0) {
      throw new CommandFailure(path + ": no options; expected a row for each");
    }
    Map<String, Map<String, Option>> groups = new LinkedHashMap<>();
    int digits = 0;
    for (int row = 0; row < values.length; row++) {
      String group = named(path, row, "group", groupNames.get(row));
      String name = named(path, row, "option", optionNames.get(row));
      BigDecimal cost = cost(path, row, costs.get(row));
      digits = Math.max(digits, cost.stripTrailingZeros().scale());
      Map<String, Option> options = groups.computeIfAbsent(group, key -> new LinkedHashMap<>());
      if (options.putIfAbsent(name, new Option(cost, values[row])) != null) {
        throw new CommandFailure(
            where(path, row)
                + ": option \""
                + name
                + "\" of group \""
                + group
                + "\" appears twice");
      }
    }
    return new OptionTable(path, groups, digits);
  }

  private static String named(Path path, int row, String column, String text) {
    if (text.isBlank()) {
      throw new CommandFailure(where(path, row) + ": the " + column + " has no name");
    }
    return text.strip();
  }

  private static BigDecimal cost(Path path, int row, String text) {
    try {
      BigDecimal cost = new BigDecimal(text.strip());
      if (cost.signum() < 0 || cost.stripTrailingZeros().scale() > MOST_DIGITS) {
        throw new CommandFailure(
            where(path, row)
                + ": cost "
                + text.strip()
                + "; expected 0 or more, with at most "
                + MOST_DIGITS
                + " digits after the point");
      }
      return cost;
    } catch (NumberFormatException e) {
      throw new CommandFailure(
          where(path, row) + ": cost \"" + text.strip() + "\"; expected a decimal number", e);
    }
  }

  private static String where(Path path, int row) {
    return path + ": option " + (row + 1);
  }

  /** Number of groups. */
  public int groups() {
    return groups.size();
  }

  /** Number of options in all. */
  public int options() {
    return groups.values().stream().mapToInt(Map::size).sum();
  }

  /**
   * The problem with integer weights.
   *
   * @param budget largest allowed sum of costs
   * @param maximize whether values are gains instead of losses
   * @throws CommandFailure if the sums exceed 64 bits
   */
  public Knapsack problem(BigDecimal budget, boolean maximize) {
    double[][] losses = new double[groups.size()][];
    long[][] weights = new long[groups.size()][];
    int i = 0;
    try {
      for (Map<String, Option> options : groups.values()) {
        losses[i] =
            options.values().stream().mapToDouble(o -> maximize ? -o.value : o.value).toArray();
        weights[i] = options.values().stream().mapToLong(o -> integer(o.cost)).toArray();
        i++;
      }
      return Knapsack.of(losses, weights, floor(budget));
    } catch (ArithmeticException e) {
      throw new CommandFailure(
          path
              + ": costs of up to "
              + digits
              + " digits after the point do not fit 64 bits when made integers; round them",
          e);
    }
  }

  private long integer(BigDecimal cost) {
    return cost.movePointRight(digits).longValueExact();
  }

  /** Below the costs' last digit a budget makes no difference; beyond 64 bits it is no limit. */
  private long floor(BigDecimal budget) {
    BigDecimal scaled = budget.movePointRight(digits).setScale(0, RoundingMode.FLOOR);
    BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
    return scaled.min(most).max(BigDecimal.valueOf(-1)).longValueExact();
  }

  /** An integer weight as the cost it stands for. */
  public BigDecimal cost(long weight) {
    BigDecimal cost = BigDecimal.valueOf(weight).movePointLeft(digits).stripTrailingZeros();
    return cost.scale() < 0 ? cost.setScale(0) : cost;
  }

  /** Chosen option by group, in the order of the file. */
  public Map<String, String> choice(KnapsackSolution solution) {
    Map<String, String> choice = new LinkedHashMap<>();
    int i = 0;
    for (Map.Entry<String, Map<String, Option>> group : groups.entrySet()) {
      List<String> options = List.copyOf(group.getValue().keySet());
      choice.put(group.getKey(), options.get(solution.choice()[i++]));
    }
    return choice;
  }

  /** Cost of a group's option. */
  public BigDecimal cost(String group, String option) {
    return groups.get(group).get(option).cost;
  }

  /** Value of a group's option. */
  public double value(String group, String option) {
    return groups.get(group).get(option).value;
  }
}
