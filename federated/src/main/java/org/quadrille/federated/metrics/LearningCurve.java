package org.quadrille.federated.metrics;

import java.util.OptionalInt;

/**
 * A measure over the rounds in which it was evaluated.
 *
 * @param rounds how many rounds were done at each evaluation, ascending
 * @param values the measure
 */
public record LearningCurve(int[] rounds, double[] values) {

  /** Checks that the parts fit. */
  public LearningCurve {
    if (rounds.length != values.length || rounds.length == 0) {
      throw new IllegalArgumentException(
          rounds.length + " rounds and " + values.length + " values given, expected equally many");
    }
  }

  /** Mean of each value and up to {@code window - 1} before it; a new array. */
  public double[] trailingMean(int window) {
    requireWindow(window);
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int from = Math.max(0, i - window + 1);
      double sum = 0;
      for (int j = from; j <= i; j++) {
        sum += values[j];
      }
      means[i] = sum / (i - from + 1);
    }
    return means;
  }

  /** The first round at which the trailing mean is at least a target; empty if none is. */
  public OptionalInt roundsTo(double target, int window) {
    double[] means = trailingMean(window);
    for (int i = 0; i < means.length; i++) {
      if (means[i] >= target) {
        return OptionalInt.of(rounds[i]);
      }
    }
    return OptionalInt.empty();
  }

  /** Mean of the values of rounds after a warm start: the area under the curve. */
  public double meanAfter(int warmStart) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (rounds[i] > warmStart) {
        sum += values[i];
        count++;
      }
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "warmStart: "
              + warmStart
              + " given, the last evaluation is after round "
              + rounds[rounds.length - 1]);
    }
    return sum / count;
  }

  /** Mean of the last values. */
  public double finalMean(int window) {
    return trailingMean(window)[values.length - 1];
  }

  private static void requireWindow(int window) {
    if (window < 1) {
      throw new IllegalArgumentException("window: " + window + " given, expected 1 or more");
    }
  }
}
