package org.quadrille.cli.reproduce.federated;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.quadrille.cli.federate.MethodSettings;

/**
 * Pattern search over the numbers of a method: one after the other is multiplied and divided by a
 * factor, a better value is kept, and after a turn without one the factor becomes its root. It has
 * no edges, and every method gets the same number of runs.
 */
final class Tuning {
  private static final double FIRST_FACTOR = 3;

  private final Benchmark benchmark;
  private final Contender contender;
  private final int budget;
  private final long seed;
  private final Map<String, Double> tried = new LinkedHashMap<>();
  private MethodSettings best;
  private double bestValue;

  /**
   * A search.
   *
   * @param budget runs, 1 or more
   * @param seed of all of them
   */
  Tuning(Benchmark benchmark, Contender contender, int budget, long seed) {
    this.benchmark = benchmark;
    this.contender = contender;
    this.budget = budget;
    this.seed = seed;
  }

  /** The best settings found. */
  MethodSettings run() {
    best = contender.settings(benchmark.setting());
    bestValue = value(best);
    double factor = FIRST_FACTOR;
    while (tried.size() < budget) {
      boolean improved = false;
      for (String axis : contender.axes()) {
        improved |= tryAxis(axis, factor);
      }
      if (!improved) {
        factor = Math.sqrt(factor);
      }
    }
    return best;
  }

  private boolean tryAxis(String axis, double factor) {
    double value = best.number(axis);
    for (double other : new double[] {value * factor, value / factor}) {
      MethodSettings candidate = best.with(axis, rounded(other));
      if (tried.size() < budget && !tried.containsKey(candidate.fingerprint())) {
        double accuracy = value(candidate);
        if (accuracy > bestValue) {
          best = candidate;
          bestValue = accuracy;
          return true;
        }
      }
    }
    return false;
  }

  private double value(MethodSettings candidate) {
    double accuracy = benchmark.validation(candidate, seed).meanAccuracy();
    tried.put(candidate.fingerprint(), accuracy);
    return accuracy;
  }

  /** Three digits: grids that can be read. */
  private static double rounded(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(value)) - 2);
    return Double.parseDouble(String.format(Locale.ROOT, "%.3g", Math.rint(value / unit) * unit));
  }

  /** All settings that were tried, with their mean accuracy on validation examples. */
  Map<String, Double> tried() {
    return Map.copyOf(tried);
  }

  double bestValue() {
    return bestValue;
  }
}
