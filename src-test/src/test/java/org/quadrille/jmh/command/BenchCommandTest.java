package org.quadrille.jmh.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.cli.CommandRun;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

class BenchCommandTest {
  @TempDir private Path folder;

  @Test
  void withoutANameItListsTheSuites() throws Exception {
    CommandRun run = CommandRun.of("bench");
    assertEquals(0, run.status(), run.err());
    JsonObject json = CommandRun.of("bench", "--json").json();
    assertEquals(Suites.all().size(), json.array("suites").size());
    for (Suite suite : Suites.all()) {
      assertTrue(run.out().contains(suite.name() + " "), suite.name());
      assertTrue(run.out().contains(suite.question()), suite.name());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench nonsense",
        "bench gemm gemv",
        "bench gemm --sizes 0",
        "bench gemm --sizes big",
        "bench gemm --threads 0",
        "bench gemm --threads 1,-1",
        "bench gemm --forks 0",
        "bench gemm -p colour=red",
        "bench gemm --peers none -p library=openblas"
      })
  void wrongUsageIsOneLineAndStatusTwo(String line) {
    CommandRun run = CommandRun.of((Object[]) (line + " --out " + folder).split(" "));
    assertEquals(2, run.status(), line + run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("quadrille"), run.err());
  }

  @Test
  void absentMklIsOneLineThatSaysHowToGetIt() {
    CommandRun run = CommandRun.of("bench", "gemm", "--peers", "mkl", "--out", folder);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("--peers openblas,mkl"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void turnsGiveOneDocumentFilesAndARecord() throws Exception {
    CommandRun run = turns("--json");
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    assertEquals(1, json.array("rows").size());
    for (Object each : json.array("rows")) {
      JsonObject row = (JsonObject) each;
      assertTrue(row.string("name").matches("sgemm 8 1 thread"), row.string("name"));
      assertEquals("ejml", row.string("peerName"));
      assertEquals("GFLOP/s", row.string("unit"));
      assertEquals(row.number("ours") / row.number("peer"), row.number("ratio"), 1e-12);
      assertTrue(row.number("share") > 0);
    }
    assertEquals("gemm", json.string("suite"));
    assertTrue(json.object("environment").object("libraries").string("ejml").startsWith("EJML 0."));
    assertEquals(json, Json.read(folder.resolve("gemm.json")));
    assertTrue(Files.readString(folder.resolve("gemm.svg")).startsWith("<svg xmlns="));
    JsonObject record = Json.read(folder.resolve("run.json"));
    assertEquals("bench", record.string("command"));
    assertEquals(2, record.array("outputs").size());
    assertFalse(Files.exists(folder.resolve("gemm.partial")));
  }

  private CommandRun turns(String... more) {
    List<Object> arguments =
        new java.util.ArrayList<>(
            List.of("bench", "gemm", "--interleaved", "--quick", "--sizes", 8, "--threads", 1));
    arguments.addAll(List.of("-p", "precision=float"));
    arguments.addAll(List.of("--peers", "ejml", "--out", folder));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  @Test
  void finishedTrialsAreFoundByTheSameKeyOnly() throws Exception {
    Trial trial = Trial.of(CountingBenchmark.class, "spin", "n", "10");
    Stopwatch.Job job = new Stopwatch.Job(List.of(trial));
    String key = "0123456789abcdef0123456789abcdef";
    FinishedTrials finished = new FinishedTrials(folder.resolve("partial"), key);
    assertTrue(finished.load(job).isEmpty());
    Measurement measured = Measurement.bestOf(new double[] {1.5, 0.1}, "GB/s");
    finished.save(job, Map.of(trial, measured));
    Measurement loaded =
        new FinishedTrials(folder.resolve("partial"), key).load(job).orElseThrow().get(trial);
    assertEquals(measured.value(), loaded.value());
    assertEquals(measured.unit(), loaded.unit());
    assertEquals(2, loaded.samples().length);
    assertTrue(
        new FinishedTrials(folder.resolve("partial"), "f" + key).load(job).isEmpty(), "other key");
    try (var files = Files.walk(folder.resolve("partial"))) {
      Files.writeString(files.filter(Files::isRegularFile).findFirst().orElseThrow(), "{\"x\": 1}");
    }
    assertTrue(finished.load(job).isEmpty(), "a spoiled file counts as missing");
    finished.delete();
    assertFalse(Files.exists(folder.resolve("partial")));
  }

  @Test
  void aStoppedRunGoesOnWhereItWas() throws Exception {
    Suite suite = Suite.of("counting", "Counting", CountingBenchmark.class);
    BenchSettings settings =
        new BenchSettings(
            true, true, Map.of("threads", List.of("1")), new Effort(1, 0, 1, 20), "auto");
    List<Case> cases = suite.cases(true, settings.chosen());
    BenchRun run = run(suite, settings);
    TurnsStopwatch stopwatch = new TurnsStopwatch(0.02);
    Stopwatch.Job first = stopwatch.jobs(cases).getFirst();
    FinishedTrials finished = new FinishedTrials(folder.resolve("counting.partial"), run.key());
    Measurement known = Measurement.bestOf(new double[] {12345}, "GFLOP/s");
    finished.save(first, Map.of(first.trials().get(0), known, first.trials().get(1), known));
    run.measure(new org.quadrille.cli.console.RunRecord("bench", List.of(), 0));
    JsonObject json = Json.read(folder.resolve("counting.json"));
    assertEquals(1, json.integer("resumed"));
    assertEquals(12345, ((JsonObject) json.array("rows").get(0)).number("ours"));
    assertTrue(((JsonObject) json.array("rows").get(1)).number("ours") < 12345);
  }

  private BenchRun run(Suite suite, BenchSettings settings) {
    var nowhere = new java.io.PrintWriter(java.io.Writer.nullWriter());
    return new BenchRun(
        suite, settings, folder, new org.quadrille.cli.console.Console(nowhere, nowhere, true, 0));
  }

  @Test
  void jmhMeasuresInProcessesOfItsOwn() throws Exception {
    System.setProperty("jmh.ignoreLock", "true");
    Trial trial =
        Suites.find("gemm")
            .orElseThrow()
            .cases(
                true,
                Map.of(
                    "n", List.of("8"),
                    "threads", List.of("1"),
                    "precision", List.of("double"),
                    "library", List.of("quadrille")))
            .getFirst()
            .trials()
            .getFirst();
    Path log = folder.resolve("jmh.log");
    try (var out = new java.io.PrintStream(log.toFile())) {
      ForkedStopwatch stopwatch =
          new ForkedStopwatch(
              new Effort(1, 1, 2, 20),
              List.of("--add-modules", "jdk.incubator.vector"),
              out,
              log.toString());
      Measurement measured = stopwatch.time(new Stopwatch.Job(List.of(trial))).get(trial);
      assertEquals("GFLOP/s", measured.unit());
      assertEquals(2, measured.samples().length);
      assertTrue(measured.value() > 0);
    }
    assertTrue(Files.readString(log).contains("# Fork: 1 of 1"));
  }
}
