package org.quadrille.cli.reproduce.federated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.federate.FederatedRun;
import org.quadrille.cli.federate.FederatedTask;
import org.quadrille.cli.federate.MethodSettings;
import org.quadrille.federated.simulation.Availability;
import org.quadrille.federated.simulation.SimulationSettings;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;

/**
 * Runs of one setting, each kept in a file under the text of all that determines it: a benchmark
 * that was stopped goes on, and settings tried before cost nothing.
 */
final class Benchmark {
  /** Raised when the meaning of a run changes. */
  private static final String VERSION = "1";

  private static final int EVALUATE_EVERY = 2;

  private final BenchmarkSetting setting;
  private final Path cache;
  private final Progress progress;
  private final Map<Long, FederatedTask> tasks = new ConcurrentHashMap<>();
  private final Map<Long, double[]> starts = new ConcurrentHashMap<>();

  Benchmark(BenchmarkSetting setting, Path cache, Progress progress) {
    this.setting = setting;
    this.cache = cache;
    this.progress = progress;
  }

  BenchmarkSetting setting() {
    return setting;
  }

  /** On validation examples, to choose settings by. */
  BenchmarkRun validation(MethodSettings method, long seed) {
    return run(method, seed, true);
  }

  /** On test examples. */
  BenchmarkRun test(MethodSettings method, long seed) {
    return run(method, seed, false);
  }

  private BenchmarkRun run(MethodSettings method, long seed, boolean validation) {
    String key =
        String.join(
            "; ",
            VERSION,
            setting.toString(),
            method.fingerprint(),
            "seed " + seed,
            validation ? "validation" : "test");
    Path file = file(key);
    try {
      if (Files.exists(file)) {
        JsonObject json = Json.read(file);
        if (json.string("key").equals(key)) {
          progress.alreadyDone(1);
          return BenchmarkRun.of(json.object("run"));
        }
      }
      BenchmarkRun run = compute(method, seed, validation);
      AtomicFile.writeText(
          file, Json.write(new JsonObject().put("key", key).put("run", run.toJson())));
      progress.advance(1);
      progress.detail(setting.name() + " " + method.label());
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BenchmarkRun compute(MethodSettings method, long seed, boolean validation)
      throws IOException {
    FederatedTask task = tasks.computeIfAbsent(seed, this::task);
    SimulationSettings settings =
        new SimulationSettings(seed, setting.perRound(), 1, Availability.ALWAYS, DType.F32);
    FederatedRun run =
        new FederatedRun(
            task,
            method,
            settings,
            validation ? task.validation() : task.test(),
            setting.rounds(),
            EVALUATE_EVERY);
    double[] start =
        starts.computeIfAbsent(seed, _ -> run.warmStart(setting.averaging(), setting.warmStart()));
    return BenchmarkRun.of(run.run(start, setting.warmStart()));
  }

  private FederatedTask task(long seed) {
    try {
      return setting.task(seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String key) {
    CRC32C checksum = new CRC32C();
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    checksum.update(bytes);
    return cache.resolve(
        setting.name()
            + "-"
            + Integer.toHexString(key.hashCode())
            + "-"
            + Long.toHexString(checksum.getValue())
            + ".json");
  }
}
