package org.quadrille.quant.allocation;

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

  private LinearRelaxation(double lambda, double lowerBound, int[] position) {
    this.lambda = lambda;
    this.lowerBound = lowerBound;
    this.position = position;
  }

  static LinearRelaxation solve(List<OptionClass> classes, long budget) {
    int[] position = new int[classes.size()];
    long left = budget;
    for (int i = 0; i < classes.size(); i++) {
      OptionClass options = classes.get(i);
      position[i] = options.hull[0];
      left -= options.weight[position[i]];
    }
    double lambda = 0;
    for (HullSegments.Segment segment : HullSegments.sorted(classes)) {
      if (segment.weight() > left) {
        lambda = segment.slope();
        break;
      }
      left -= segment.weight();
      position[segment.classIndex()] = segment.to();
    }
    double bound = -lambda * budget;
    for (OptionClass options : classes) {
      bound += options.leastReducedCost(lambda);
    }
    return new LinearRelaxation(lambda, bound, position);
  }
}
