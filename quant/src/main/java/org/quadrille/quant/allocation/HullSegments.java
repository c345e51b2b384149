package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The segments of the lower convex hulls of all classes in the order in which a growing budget
 * takes them: by falling cost saved per unit of weight.
 *
 * <p>Slopes fall along a hull and the sort is stable, so the segments of one class stay in their
 * order.
 */
final class HullSegments {
  /**
   * A step of one class to the next point of its hull.
   *
   * @param classIndex the class
   * @param to position in the class's options
   * @param weight added
   * @param saving of cost
   * @param slope saving per unit of weight
   */
  record Segment(int classIndex, int to, long weight, double saving, double slope) {}

  private HullSegments() {}

  static List<Segment> sorted(List<OptionClass> classes) {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      OptionClass options = classes.get(i);
      for (int h = 1; h < options.hull.length; h++) {
        int from = options.hull[h - 1];
        int to = options.hull[h];
        segments.add(
            new Segment(
                i,
                to,
                options.weight[to] - options.weight[from],
                options.cost[from] - options.cost[to],
                options.slope(h)));
      }
    }
    segments.sort(Comparator.comparingDouble(Segment::slope).reversed());
    return segments;
  }
}
