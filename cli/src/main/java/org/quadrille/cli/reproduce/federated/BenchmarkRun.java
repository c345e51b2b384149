package org.quadrille.cli.reproduce.federated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.quadrille.cli.federate.FederatedRun;
import org.quadrille.federated.metrics.LearningCurve;
import org.quadrille.federated.simulation.RoundRecord;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * What the benchmark keeps of a run.
 *
 * @param rounds done at each evaluation, the warm start included
 * @param accuracy at each
 * @param loss at each
 * @param ece at each
 * @param bytesPerRound mean over rounds, both ways
 * @param finals last scores by name
 */
record BenchmarkRun(
    int[] rounds,
    double[] accuracy,
    double[] loss,
    double[] ece,
    double bytesPerRound,
    Map<String, Double> finals) {

  /** Evaluations that a smoothed value is the mean of. */
  static final int WINDOW = 5;

  static BenchmarkRun of(FederatedRun.Outcome outcome) {
    List<RoundRecord> evaluated =
        outcome.records().stream().filter(r -> r.metrics().containsKey("accuracy")).toList();
    return new BenchmarkRun(
        evaluated.stream().mapToInt(r -> (int) r.round() + 1 + outcome.warmRounds()).toArray(),
        column(evaluated, "accuracy"),
        column(evaluated, "loss"),
        column(evaluated, "ece"),
        outcome.records().stream().mapToLong(r -> r.bytesDown() + r.bytesUp()).average().orElse(0),
        outcome.finalScores());
  }

  private static double[] column(List<RoundRecord> records, String name) {
    return records.stream().mapToDouble(r -> r.metrics().get(name)).toArray();
  }

  private LearningCurve curve(double[] values) {
    return new LearningCurve(rounds, values);
  }

  /** Mean accuracy over all evaluations after the warm start: what settings are chosen by. */
  double meanAccuracy() {
    return curve(accuracy).meanAfter(0);
  }

  double finalAccuracy() {
    return curve(accuracy).finalMean(WINDOW);
  }

  double finalLoss() {
    return curve(loss).finalMean(WINDOW);
  }

  double finalEce() {
    return curve(ece).finalMean(WINDOW);
  }

  /** Rounds to a target of the smoothed accuracy. */
  OptionalInt roundsTo(double target) {
    return curve(accuracy).roundsTo(target, WINDOW);
  }

  /** Smoothed accuracy when so many bytes had been sent after the warm start. */
  double accuracyAt(double bytes, int warmStart) {
    double[] smooth = curve(accuracy).trailingMean(WINDOW);
    double last = Double.NaN;
    for (int i = 0; i < rounds.length; i++) {
      if ((rounds[i] - warmStart) * bytesPerRound <= bytes) {
        last = smooth[i];
      }
    }
    return last;
  }

  JsonObject toJson() {
    JsonObject last = new JsonObject();
    finals.forEach(last::put);
    return new JsonObject()
        .put("rounds", rounds)
        .put("accuracy", accuracy)
        .put("loss", loss)
        .put("ece", ece)
        .put("bytesPerRound", bytesPerRound)
        .put("finals", last);
  }

  static BenchmarkRun of(JsonObject json) throws FormatException {
    Map<String, Double> finals = new TreeMap<>();
    List<String> names = new ArrayList<>(json.object("finals").members().keySet());
    for (String name : names) {
      finals.put(name, json.object("finals").number(name));
    }
    long[] rounds = json.integers("rounds");
    int[] narrow = new int[rounds.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (int) rounds[i];
    }
    return new BenchmarkRun(
        narrow,
        json.numbers("accuracy"),
        json.numbers("loss"),
        json.numbers("ece"),
        json.number("bytesPerRound"),
        finals);
  }
}
