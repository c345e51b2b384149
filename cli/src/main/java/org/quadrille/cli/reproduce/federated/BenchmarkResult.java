package org.quadrille.cli.reproduce.federated;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * All methods on one setting, tuned with equal budgets on one seed, tested on others.
 *
 * @param setting the setting
 * @param budget runs of each tuning
 * @param methods in the order of {@link Contender#ALL}
 */
record BenchmarkResult(BenchmarkSetting setting, int budget, List<MethodResult> methods) {

  /** Seed of all tuning. */
  private static final long TUNING_SEED = 0;

  static BenchmarkResult measure(Benchmark benchmark, int budget, int seeds) {
    MethodResult[] results = new MethodResult[Contender.ALL.size()];
    WorkerPool.shared()
        .forEach(
            results.length,
            i -> {
              Contender contender = Contender.ALL.get(i);
              Tuning tuning = new Tuning(benchmark, contender, budget, TUNING_SEED);
              var chosen = tuning.run();
              results[i] =
                  new MethodResult(
                      contender,
                      chosen,
                      tuning.bestValue(),
                      tuning.tried(),
                      LongStream.rangeClosed(1, seeds)
                          .mapToObj(seed -> benchmark.test(chosen, seed))
                          .toList());
            });
    return new BenchmarkResult(benchmark.setting(), budget, Arrays.asList(results));
  }

  MethodResult method(String label) {
    return methods.stream().filter(m -> m.label().equals(label)).findFirst().orElseThrow();
  }

  /** The one of several methods with the best validation run. */
  MethodResult bestOf(String... labels) {
    return Arrays.stream(labels)
        .map(this::method)
        .reduce((a, b) -> b.validation() > a.validation() ? b : a)
        .orElseThrow();
  }

  int seeds() {
    return methods.getFirst().runs().size();
  }

  /** What FedAvg has at the end, in the mean over seeds: what others are to reach sooner. */
  double target() {
    return method("fedavg").mean(BenchmarkRun::finalAccuracy);
  }

  /** {@code 0.8123 +- 0.0021}. */
  static String plusMinus(double mean, double deviation) {
    return String.format(Locale.ROOT, "%.4f +- %.4f", mean, deviation);
  }

  /** The claims on this setting. */
  List<Claim> claims() {
    return new BenchmarkClaims(this).all();
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("setting", setting.name())
        .put("settings", setting.toString())
        .put("tuningRuns", budget)
        .put("seeds", seeds())
        .put("target", target())
        .put("methods", methods.stream().map(MethodResult::toJson).toList());
  }
}
