package org.quadrille.federated.metrics;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a measure is spread over clients, each counting alike.
 *
 * @param mean over clients
 * @param deviation standard deviation over clients
 * @param worst the least value
 * @param worstTenth mean of the least tenth of the values, at least one
 * @param best the largest value
 */
public record Fairness(
    double mean, double deviation, double worst, double worstTenth, double best) {

  /**
   * The spread of values.
   *
   * @param values one for each client, at least one, finite; not modified
   */
  public static Fairness of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("values: none given, expected one for each client");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (double value : sorted) {
      sum += value;
    }
    double mean = sum / sorted.length;
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    int tenth = Math.max(1, sorted.length / 10);
    double least = 0;
    for (int i = 0; i < tenth; i++) {
      least += sorted[i];
    }
    return new Fairness(
        mean,
        Math.sqrt(squares / sorted.length),
        sorted[0],
        least / tenth,
        sorted[sorted.length - 1]);
  }

  /** The numbers under names with a word before them. */
  public Map<String, Double> toMap(String prefix) {
    Map<String, Double> map = new TreeMap<>();
    map.put(prefix + "Mean", mean);
    map.put(prefix + "Deviation", deviation);
    map.put(prefix + "Worst", worst);
    map.put(prefix + "WorstTenth", worstTenth);
    map.put(prefix + "Best", best);
    return map;
  }
}
