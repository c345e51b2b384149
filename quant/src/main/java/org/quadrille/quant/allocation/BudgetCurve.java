package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Least cost against budget, for every budget at once.
 *
 * <p>One sweep over the hull segments of all classes by falling slope passes through choices that
 * are the optimum for exactly the weight they take (there the linear relaxation is integral);
 * between two of them the straight line is a lower bound, and the earlier one a choice that fits.
 * So the curve shows what a budget is worth before any is chosen; {@link Knapsack#solve()} finds
 * the optimum between two points.
 *
 * {@snippet :
 * BudgetCurve curve = BudgetCurve.of(problem);
 * double atMost = curve.cost(budget), atLeast = curve.lowerBound(budget);
 * }
 *
 * <p><b>Cost</b>: O(s log s) for s options in all; a choice O(s). Immutable.
 */
public final class BudgetCurve {
  /**
   * A choice that is optimal for its own weight.
   *
   * @param weight sum of the chosen weights
   * @param cost sum of the chosen costs
   * @param saving of cost per unit of weight on the way to the next point; 0 for the last
   */
  public record Point(long weight, double cost, double saving) {}

  private final List<OptionClass> classes;
  private final List<HullSegments.Segment> segments;
  private final List<Point> points;

  private BudgetCurve(
      List<OptionClass> classes, List<HullSegments.Segment> segments, List<Point> points) {
    this.classes = classes;
    this.segments = segments;
    this.points = points;
  }

  /** The curve of a problem, whatever its own budget. */
  public static BudgetCurve of(Knapsack problem) {
    List<OptionClass> classes =
        IntStream.range(0, problem.classes()).mapToObj(i -> OptionClass.of(problem, i)).toList();
    List<HullSegments.Segment> segments = HullSegments.sorted(classes);
    long weight = 0;
    double cost = 0;
    for (OptionClass options : classes) {
      weight += options.weight[options.hull[0]];
      cost += options.cost[options.hull[0]];
    }
    List<Point> points = new ArrayList<>(segments.size() + 1);
    for (HullSegments.Segment segment : segments) {
      points.add(new Point(weight, cost, segment.slope()));
      weight += segment.weight();
      cost -= segment.saving();
    }
    points.add(new Point(weight, cost, 0));
    return new BudgetCurve(classes, segments, Collections.unmodifiableList(points));
  }

  /** The points by rising weight and falling cost. */
  public List<Point> points() {
    return points;
  }

  /**
   * Option index per class at a point.
   *
   * @param point index in {@link #points()}
   */
  public int[] choice(int point) {
    if (point < 0 || point >= points.size()) {
      throw new IllegalArgumentException(
          "point: given " + point + ", expected 0 to " + (points.size() - 1));
    }
    int[] choice = classes.stream().mapToInt(options -> options.option[options.hull[0]]).toArray();
    for (HullSegments.Segment segment : segments.subList(0, point)) {
      choice[segment.classIndex()] = classes.get(segment.classIndex()).option[segment.to()];
    }
    return choice;
  }

  /** Index of the last point whose weight is within the budget, or -1. */
  public int last(long budget) {
    int low = 0;
    int high = points.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).weight() <= budget) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Cost of the last point within the budget: some choice costs no more; infinite if none fits. */
  public double cost(long budget) {
    int last = last(budget);
    return last < 0 ? Double.POSITIVE_INFINITY : points.get(last).cost();
  }

  /** No choice within the budget costs less; infinite if none fits. */
  public double lowerBound(long budget) {
    int last = last(budget);
    if (last < 0) {
      return Double.POSITIVE_INFINITY;
    }
    Point point = points.get(last);
    // point.saving is 0 on the last point: more budget buys nothing
    return point.cost() - point.saving() * (budget - point.weight());
  }
}
