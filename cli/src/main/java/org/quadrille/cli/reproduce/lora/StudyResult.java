package org.quadrille.cli.reproduce.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.quadrille.formats.JsonObject;
import org.quadrille.lowrank.spectrum.MarchenkoPastur;
import org.quadrille.lowrank.study.TradeOff;

/**
 * The runs of one scale, by method; a method counts with the repetitions that there are.
 *
 * @param scale sizes
 * @param outcomes of all runs
 */
record StudyResult(StudyScale scale, Map<TuningRunner.Run, TuningOutcome> outcomes) {
  private static final double INTRUDER = 0.5;
  private static final double ENERGY = 0.9;

  /** Those of one scale. */
  static StudyResult of(StudyScale scale, Map<TuningRunner.Run, TuningOutcome> all) {
    Map<TuningRunner.Run, TuningOutcome> own = new LinkedHashMap<>();
    all.forEach(
        (run, outcome) -> {
          if (run.scale().equals(scale)) {
            own.put(run, outcome);
          }
        });
    return new StudyResult(scale, own);
  }

  /** All methods, in the order of their first runs. */
  List<TuningMethod> methods() {
    LinkedHashSet<TuningMethod> methods = new LinkedHashSet<>();
    outcomes.keySet().forEach(run -> methods.add(run.method()));
    return List.copyOf(methods);
  }

  /** Whether there is a run of each method. */
  boolean has(TuningMethod... methods) {
    return methods().containsAll(Arrays.asList(methods));
  }

  /** Outcomes of a method by repetition. */
  List<TuningOutcome> of(TuningMethod method) {
    List<TuningOutcome> found = new ArrayList<>();
    outcomes.forEach(
        (run, outcome) -> {
          if (run.method().equals(method)) {
            found.add(outcome);
          }
        });
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no run of " + method.label() + " at " + scale.name());
    }
    return found;
  }

  /** Number of repetitions of a method. */
  int repetitions(TuningMethod method) {
    return of(method).size();
  }

  /** Mean over repetitions. */
  double mean(TuningMethod method, ToDoubleFunction<TuningOutcome> figure) {
    return of(method).stream().mapToDouble(figure).average().orElseThrow();
  }

  /** Largest minus smallest over repetitions. */
  double spread(TuningMethod method, ToDoubleFunction<TuningOutcome> figure) {
    double[] values = of(method).stream().mapToDouble(figure).sorted().toArray();
    return values[values.length - 1] - values[0];
  }

  /** Mean loss on the learned text at the end. */
  double target(TuningMethod method) {
    return mean(method, outcome -> outcome.end().target());
  }

  /** Mean loss on the known text at the end. */
  double source(TuningMethod method) {
    return mean(method, outcome -> outcome.end().source());
  }

  /** Mean over repetitions of the median 90 % rank of the change. */
  double rank90(TuningMethod method) {
    return mean(method, outcome -> outcome.end().rank90());
  }

  /** The method of that name with the lowest mean target loss over its rates. */
  TuningMethod best(String name) {
    return methods().stream()
        .filter(method -> method.name().equals(name))
        .min(java.util.Comparator.comparingDouble(this::target))
        .orElseThrow();
  }

  /** Rates of a method, ascending. */
  List<TuningMethod> rates(String name) {
    return methods().stream()
        .filter(method -> method.name().equals(name))
        .sorted(java.util.Comparator.comparingDouble(TuningMethod::rate))
        .toList();
  }

  /**
   * Ends of the runs of full finetuning at all rates up to a rate, for one repetition, by
   * descending target loss: what a smaller rate would have learned and forgotten.
   */
  List<TradeOff.Point> fullEnds(int number, double largestRate) {
    List<TradeOff.Point> ends = new ArrayList<>();
    outcomes.forEach(
        (run, outcome) -> {
          if (run.number() == number
              && run.method().isKindOf(TuningMethod.full(1))
              && run.method().rate() <= largestRate) {
            ends.add(new TradeOff.Point(outcome.end().target(), outcome.end().source()));
          }
        });
    ends.sort(java.util.Comparator.comparingDouble(TradeOff.Point::target).reversed());
    return ends;
  }

  /** Intruders among the leading vectors of all maps, mean over repetitions. */
  double intruders(TuningMethod method) {
    return mean(
        method,
        outcome ->
            outcome.matrices().values().stream()
                .mapToLong(
                    change -> Arrays.stream(change.cosines()).filter(c -> c < INTRUDER).count())
                .sum());
  }

  /** Leading vectors that are looked at in one run. */
  int lookedAt(TuningMethod method) {
    return of(method).getFirst().matrices().values().stream()
        .mapToInt(change -> change.cosines().length)
        .sum();
  }

  /** Rank of 90 % of the energy of descending singular values. */
  static int rank90(double[] values) {
    double total = Arrays.stream(values).map(v -> v * v).sum();
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      sum += values[k] * values[k];
      if (sum >= ENERGY * total) {
        return total == 0 ? 0 : k + 1;
      }
    }
    return values.length;
  }

  /** Mean 90 % rank of the changes of some maps, as it is or relative to noise of their shape. */
  double meanRank(TuningMethod method, String part, boolean relative) {
    return mean(
        method,
        outcome ->
            outcome.matrices().entrySet().stream()
                .filter(entry -> entry.getKey().contains(part))
                .mapToDouble(
                    entry -> {
                      TuningOutcome.MatrixChange change = entry.getValue();
                      double rank = rank90(change.singularValues());
                      return relative
                          ? rank
                              / MarchenkoPastur.rankForEnergy(change.rows(), change.cols(), ENERGY)
                          : rank;
                    })
                .average()
                .orElseThrow());
  }

  /** Mean over repetitions and maps of the change of the weights' own 90 % rank. */
  double rankShift(TuningMethod method) {
    return mean(
        method,
        outcome ->
            outcome.matrices().values().stream()
                .mapToDouble(change -> Math.abs(change.rank90After() - change.rank90Before()))
                .average()
                .orElseThrow());
  }

  /** Mean 90 % rank at each checkpoint. */
  double[] rankCurve(TuningMethod method) {
    int points = of(method).getFirst().curve().size();
    return IntStream.range(1, points)
        .mapToDouble(i -> mean(method, outcome -> outcome.curve().get(i).rank90()))
        .toArray();
  }

  /** One row for each method. */
  List<JsonObject> toJson() {
    List<JsonObject> rows = new ArrayList<>();
    for (TuningMethod method : methods()) {
      rows.add(
          new JsonObject()
              .put("scale", scale.name())
              .put("method", method.name())
              .put("rate", method.rate())
              .put("repetitions", repetitions(method))
              .put("trained", of(method).getFirst().trained())
              .put("sourceBefore", mean(method, outcome -> outcome.start().source()))
              .put("targetBefore", mean(method, outcome -> outcome.start().target()))
              .put("source", source(method))
              .put("target", target(method))
              .put("sourceSpread", spread(method, outcome -> outcome.end().source()))
              .put("targetSpread", spread(method, outcome -> outcome.end().target()))
              .put("divergence", mean(method, outcome -> outcome.end().divergence()))
              .put("rank90", rank90(method))
              .put("rank90Attention", meanRank(method, "attention", false))
              .put("rank90Feedforward", meanRank(method, "feedforward", false))
              .put("relativeRankAttention", meanRank(method, "attention", true))
              .put("relativeRankFeedforward", meanRank(method, "feedforward", true))
              .put("intruders", intruders(method))
              .put("uniqueTexts", mean(method, TuningOutcome::uniqueTexts))
              .put("curve", curve(method)));
    }
    return rows;
  }

  private List<JsonObject> curve(TuningMethod method) {
    List<JsonObject> curve = new ArrayList<>();
    for (int i = 0; i < of(method).getFirst().curve().size(); i++) {
      int at = i;
      curve.add(
          new JsonObject()
              .put("step", of(method).getFirst().curve().get(at).step())
              .put("source", mean(method, outcome -> outcome.curve().get(at).source()))
              .put("target", mean(method, outcome -> outcome.curve().get(at).target()))
              .put("rank90", mean(method, outcome -> outcome.curve().get(at).rank90())));
    }
    return curve;
  }
}
