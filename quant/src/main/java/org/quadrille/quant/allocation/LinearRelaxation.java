package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The linear relaxation of the problem, solved greedily over hull segments in order of falling
 * slope: it gives the Lagrange multiplier, a lower bound, and a first feasible choice.
 */
final class LinearRelaxation {
  /** Cost saved per unit of weight by the first segment that did not fit; 0 if all fit. */
  final double lambda;

  /**
   * {@code sum_i min_c (cost + lambda * weight) - lambda * budget}: no feasible choice costs less.
   */
  final double lowerBound;

  /** Position in the option class of the greedy choice, per class. */
  final int[] position;

  private record Segment(int classIndex, int hullPoint, double slope) {}

  private LinearRelaxation(double lambda, double lowerBound, int[] position) {
    this.lambda = lambda;
    this.lowerBound = lowerBound;
    this.position = position;
  }

  static LinearRelaxation solve(List<OptionClass> classes, long budget) {
    List<Segment> segments = new ArrayList<>();
    int[] position = new int[classes.size()];
    long left = budget;
    for (int i = 0; i < classes.size(); i++) {
      OptionClass options = classes.get(i);
      position[i] = options.hull[0];
      left -= options.weight[position[i]];
      for (int h = 1; h < options.hull.length; h++) {
        segments.add(new Segment(i, h, options.slope(h)));
      }
    }
    // Slopes fall along a hull, and the sort is stable, so the segments of one class stay in their
    // order.
    segments.sort(Comparator.comparingDouble(Segment::slope).reversed());
    double lambda = 0;
    for (Segment segment : segments) {
      OptionClass options = classes.get(segment.classIndex);
      int to = options.hull[segment.hullPoint];
      long step = options.weight[to] - options.weight[position[segment.classIndex]];
      if (step > left) {
        lambda = segment.slope;
        break;
      }
      left -= step;
      position[segment.classIndex] = to;
    }
    double bound = -lambda * budget;
    for (OptionClass options : classes) {
      bound += options.leastReducedCost(lambda);
    }
    return new LinearRelaxation(lambda, bound, position);
  }
}
