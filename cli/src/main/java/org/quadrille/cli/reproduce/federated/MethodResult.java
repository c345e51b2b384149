package org.quadrille.cli.reproduce.federated;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.quadrille.cli.federate.MethodSettings;
import org.quadrille.formats.JsonObject;

/**
 * A tuned method and its runs on test examples.
 *
 * @param contender the method
 * @param chosen settings of the best validation run
 * @param validation its mean accuracy
 * @param tried all settings of the tuning
 * @param runs one for each seed, in the order of the seeds
 */
record MethodResult(
    Contender contender,
    MethodSettings chosen,
    double validation,
    Map<String, Double> tried,
    List<BenchmarkRun> runs) {

  String label() {
    return contender.label();
  }

  double mean(ToDoubleFunction<BenchmarkRun> measure) {
    return runs.stream().mapToDouble(measure).average().orElseThrow();
  }

  /** Standard deviation over seeds. */
  double deviation(ToDoubleFunction<BenchmarkRun> measure) {
    double mean = mean(measure);
    double squares =
        runs.stream().mapToDouble(measure).map(value -> (value - mean) * (value - mean)).sum();
    return runs.size() < 2 ? 0 : Math.sqrt(squares / (runs.size() - 1));
  }

  /** In how many seeds a measure is larger here. */
  int wins(MethodResult other, ToDoubleFunction<BenchmarkRun> measure) {
    int wins = 0;
    for (int s = 0; s < runs.size(); s++) {
      if (measure.applyAsDouble(runs.get(s)) > measure.applyAsDouble(other.runs.get(s))) {
        wins++;
      }
    }
    return wins;
  }

  JsonObject toJson() {
    JsonObject all = new JsonObject();
    tried.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return new JsonObject()
        .put("method", label())
        .put("chosen", chosen.fingerprint())
        .put("validationMeanAccuracy", validation)
        .put("accuracy", mean(BenchmarkRun::finalAccuracy))
        .put("accuracyDeviation", deviation(BenchmarkRun::finalAccuracy))
        .put("meanAccuracy", mean(BenchmarkRun::meanAccuracy))
        .put("loss", mean(BenchmarkRun::finalLoss))
        .put("ece", mean(BenchmarkRun::finalEce))
        .put("bytesPerRound", mean(BenchmarkRun::bytesPerRound))
        .put("tried", all)
        .put("runs", runs.stream().map(BenchmarkRun::toJson).toList());
  }
}
