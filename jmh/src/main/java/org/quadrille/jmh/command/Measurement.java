package org.quadrille.jmh.command;

import java.util.Arrays;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What a trial took.
 *
 * @param value the figure that counts, in {@code unit}
 * @param unit {@code GFLOP/s}, {@code GB/s} or a time
 * @param samples the figures it was chosen from, one per iteration or turn
 */
public record Measurement(double value, String unit, double[] samples) {

  /** The middle of the samples: iterations disturbed by other work do not move it. */
  static Measurement middleOf(double[] samples, String unit) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Measurement(middle, unit, samples);
  }

  /** The best of the samples: what the code can do when nothing disturbs it. */
  static Measurement bestOf(double[] samples, String unit) {
    var best = isRate(unit) ? Arrays.stream(samples).max() : Arrays.stream(samples).min();
    return new Measurement(best.orElseThrow(), unit, samples);
  }

  /** Whether more is better. */
  boolean isRate() {
    return isRate(unit);
  }

  private static boolean isRate(String unit) {
    return unit.endsWith("/s");
  }

  /** How many times as fast as another measurement in the same unit this one is. */
  double speedOver(Measurement other) {
    if (!unit.equals(other.unit)) {
      throw new IllegalArgumentException("cannot compare " + unit + " with " + other.unit);
    }
    return isRate() ? value / other.value : other.value / value;
  }

  JsonObject toJson() {
    return new JsonObject().put("value", value).put("unit", unit).put("samples", samples);
  }

  static Measurement fromJson(JsonObject json) throws FormatException {
    return new Measurement(json.number("value"), json.string("unit"), json.numbers("samples"));
  }
}
