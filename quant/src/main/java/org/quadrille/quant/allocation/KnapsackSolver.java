package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Solves a {@link Knapsack} to proven optimality.
 *
 * <p>With multiplier lambda, every choice x costs {@code bound + gap(x) + lambda * slack(x)}, where
 * gap is its sum of reduced costs and slack the unused budget, both 0 or more (Lagrangian duality).
 * So the optimum is among the choices with a small gap. The search lists, for a limit on the gap,
 * all undominated partial choices of two halves of the classes within that limit, joins the halves
 * in linear time, and is done once the best joined choice is within the limit; else the limit is
 * raised fourfold. Options whose own reduced cost exceeds the limit never enter. Single threaded;
 * the same answer on every machine.
 */
final class KnapsackSolver {
  private final Knapsack problem;
  private final KnapsackLimits limits;
  private final long start = System.nanoTime();
  private final List<OptionClass> classes = new ArrayList<>();
  private long states;

  /** Whether a limit of states or time has ended the last search before it was complete. */
  private boolean stopped;

  KnapsackSolver(Knapsack problem, KnapsackLimits limits) {
    this.problem = problem;
    this.limits = limits;
  }

  KnapsackSolution solve() {
    long least = problem.leastFeasibleBudget();
    if (problem.budget() < least) {
      return KnapsackSolution.infeasible(least);
    }
    for (int i = 0; i < problem.classes(); i++) {
      classes.add(OptionClass.of(problem, i));
    }
    LinearRelaxation relaxation = LinearRelaxation.solve(classes, problem.budget());
    KnapsackSolution best = solution(relaxation.position, relaxation, false, relaxation.lowerBound);
    double bestGap = best.cost() - relaxation.lowerBound;
    // Differences below the rounding of the sums themselves cannot be told apart.
    double rounding = 1e-14 * Math.max(Math.abs(relaxation.lowerBound), Math.abs(best.cost()));
    double allowed = limits.relativeGap() * Math.abs(best.cost());
    double limit = bestGap / 256;
    double excluded = 0;
    while (bestGap > rounding && bestGap > excluded) {
      if (bestGap - excluded <= allowed || stopped) {
        return withBound(best, relaxation.lowerBound + excluded);
      }
      limit = Math.min(limit, bestGap);
      int[] found = search(relaxation, limit + rounding);
      if (found != null) {
        KnapsackSolution candidate = solution(found, relaxation, false, relaxation.lowerBound);
        if (candidate.cost() < best.cost()) {
          best = candidate;
          bestGap = best.cost() - relaxation.lowerBound;
        }
      }
      if (!stopped) {
        excluded = limit;
        limit *= 4;
      }
    }
    return solution(choicePositions(best), relaxation, true, best.cost());
  }

  private KnapsackSolution withBound(KnapsackSolution best, double bound) {
    return new KnapsackSolution(
        true,
        false,
        best.cost(),
        best.weight(),
        best.choice(),
        Math.min(bound, best.cost()),
        best.multiplier(),
        best.leastFeasibleBudget(),
        states);
  }

  /**
   * The best choice joined from partial choices within the gap limit, as positions per class; null
   * if none fits the budget.
   */
  private int[] search(LinearRelaxation relaxation, double limit) {
    List<ActiveClass> active = new ArrayList<>();
    int[] position = new int[classes.size()];
    long left = problem.budget();
    for (int i = 0; i < classes.size(); i++) {
      ActiveClass candidate = ActiveClass.within(classes.get(i), i, relaxation.lambda, limit);
      left -= candidate.lightest();
      if (candidate.positions.length > 1) {
        active.add(candidate);
      } else {
        position[i] = candidate.positions[0];
      }
    }
    if (left < 0) {
      return null;
    }
    active.sort(Comparator.comparingInt(ActiveClass::size));
    Half even =
        new Half(
            IntStream.range(0, active.size())
                .filter(i -> i % 2 == 0)
                .mapToObj(active::get)
                .toList());
    Half odd =
        new Half(
            IntStream.range(0, active.size())
                .filter(i -> i % 2 == 1)
                .mapToObj(active::get)
                .toList());
    if (!even.build(relaxation.lambda, limit, left) || !odd.build(relaxation.lambda, limit, left)) {
      return null;
    }
    ParetoList a = even.last();
    ParetoList b = odd.last();
    double bestGap = Double.POSITIVE_INFINITY;
    int bestA = -1;
    int bestB = -1;
    int j = b.size - 1;
    for (int i = 0; i < a.size; i++) {
      while (j >= 0 && a.weight[i] + b.weight[j] > left) {
        j--;
      }
      if (j < 0) {
        break;
      }
      // In a Pareto list the heaviest state that fits is the cheapest.
      double gap = a.gap[i] + b.gap[j] + relaxation.lambda * (left - a.weight[i] - b.weight[j]);
      if (gap < bestGap) {
        bestGap = gap;
        bestA = i;
        bestB = j;
      }
    }
    if (bestA < 0) {
      return null;
    }
    even.trace(bestA, position);
    odd.trace(bestB, position);
    return position;
  }

  private KnapsackSolution solution(
      int[] position, LinearRelaxation relaxation, boolean optimal, double bound) {
    double cost = 0;
    long weight = 0;
    int[] choice = new int[position.length];
    for (int i = 0; i < position.length; i++) {
      choice[i] = classes.get(i).option[position[i]];
      cost += classes.get(i).cost[position[i]];
      weight += classes.get(i).weight[position[i]];
    }
    return new KnapsackSolution(
        true,
        optimal,
        cost,
        weight,
        choice,
        Math.min(bound, cost),
        relaxation.lambda,
        problem.leastFeasibleBudget(),
        states);
  }

  private int[] choicePositions(KnapsackSolution solution) {
    int[] position = new int[classes.size()];
    for (int i = 0; i < position.length; i++) {
      int[] options = classes.get(i).option;
      while (options[position[i]] != solution.choice()[i]) {
        position[i]++;
      }
    }
    return position;
  }

  /** The options of a class whose reduced cost is within the limit. */
  private record ActiveClass(
      int index, int[] positions, long[] addedWeight, double[] addedGap, long lightest) {
    static ActiveClass within(OptionClass options, int index, double lambda, double limit) {
      double least = options.leastReducedCost(lambda);
      int[] positions =
          IntStream.range(0, options.option.length)
              .filter(p -> options.cost[p] + lambda * options.weight[p] - least <= limit)
              .toArray();
      long lightest = options.weight[positions[0]];
      long[] addedWeight =
          IntStream.of(positions).mapToLong(p -> options.weight[p] - lightest).toArray();
      double[] addedGap =
          IntStream.of(positions)
              .mapToDouble(p -> Math.max(0, options.cost[p] + lambda * options.weight[p] - least))
              .toArray();
      return new ActiveClass(index, positions, addedWeight, addedGap, lightest);
    }

    int size() {
      return positions.length;
    }
  }

  /**
   * The Pareto lists of half of the classes, one after each class, kept so that a state can be
   * traced back to its options.
   */
  private final class Half {
    private final List<ActiveClass> active;
    private final List<ParetoList> lists = new ArrayList<>(List.of(ParetoList.start()));

    Half(List<ActiveClass> active) {
      this.active = active;
    }

    boolean build(double lambda, double gapLimit, long weightLimit) {
      long kept = 0;
      for (ActiveClass options : active) {
        ParetoList next =
            last().extend(options.addedWeight, options.addedGap, lambda, gapLimit, weightLimit);
        lists.add(next);
        kept += next.size;
        states += next.size;
        boolean late = (System.nanoTime() - start) * 1e-9 > limits.seconds();
        boolean tooMany =
            kept > limits.maxStates() || next.size > Integer.MAX_VALUE / Math.max(1, widest());
        if (late || tooMany) {
          stopped = true;
          return false;
        }
      }
      return true;
    }

    ParetoList last() {
      return lists.getLast();
    }

    private int widest() {
      return active.stream().mapToInt(ActiveClass::size).max().orElse(1);
    }

    void trace(int state, int[] position) {
      int at = state;
      for (int layer = active.size(); layer > 0; layer--) {
        ActiveClass options = active.get(layer - 1);
        int code = lists.get(layer).code[at];
        position[options.index] = options.positions[code % options.size()];
        at = code / options.size();
      }
    }
  }
}
