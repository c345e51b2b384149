package org.quadrille.jmh.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** One run of a suite, from the list of cases to the files. */
final class BenchRun {
  private final Suite suite;
  private final BenchSettings settings;
  private final Path folder;
  private final Console console;

  /** The choices of the user leave no case. */
  static final class NothingToMeasure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NothingToMeasure(String message) {
      super(message);
    }
  }

  BenchRun(Suite suite, BenchSettings settings, Path folder, Console console) {
    this.suite = suite;
    this.settings = settings;
    this.folder = folder;
    this.console = console;
  }

  /**
   * Measures what is not finished, prints the table or the document and writes the files.
   *
   * @throws NothingToMeasure if the choices of the user leave no case
   */
  void measure(RunRecord record) throws IOException {
    List<Case> cases = cases();
    List<String> libraries =
        cases.stream()
            .flatMap(each -> each.trials().stream())
            .map(Trial::library)
            .distinct()
            .toList();
    Libraries.require(libraries);
    Files.createDirectories(folder);
    Effort effort =
        suite.measuresFirstCalls() ? settings.effort().ofFirstCalls() : settings.effort();
    Path log = folder.resolve("jmh.log");
    Map<Stopwatch.Job, Map<Trial, Measurement>> results = new LinkedHashMap<>();
    int resumed;
    Stopwatch stopwatch;
    FinishedTrials finished = new FinishedTrials(folder.resolve(suite.name() + ".partial"), key());
    try (PrintStream jmh =
        new PrintStream(
            Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            true,
            StandardCharsets.UTF_8)) {
      stopwatch =
          settings.interleaved()
              ? new TurnsStopwatch(effort.seconds())
              : new ForkedStopwatch(effort, settings.javaOptions(), jmh, log.toString());
      resumed = run(stopwatch, cases, finished, results);
    }
    List<Outcome> outcomes = outcomes(stopwatch, cases, results);
    JsonObject document = document(stopwatch, libraries, outcomes, resumed);
    Path json = folder.resolve(suite.name() + ".json");
    Path svg = folder.resolve(suite.name() + ".svg");
    AtomicFile.writeText(json, Json.writeIndented(document));
    AtomicFile.writeText(svg, RatePicture.of(suite, outcomes));
    finished.delete();
    record.output(json, Digest.of(json));
    record.output(svg, Digest.of(svg));
    record.timing("total", record.seconds());
    record.result("cases", cases.size());
    record.result("resumed", resumed);
    record.write(folder.resolve("run.json"));
    print(stopwatch, outcomes, resumed, json, svg);
    console.document(document);
  }

  private List<Case> cases() {
    List<Case> cases;
    try {
      cases = suite.cases(settings.quick(), settings.chosen());
    } catch (IllegalArgumentException e) {
      throw new NothingToMeasure(e.getMessage());
    }
    if (suite.measuresFirstCalls() && settings.interleaved()) {
      throw new NothingToMeasure("first calls need processes of their own, not --interleaved");
    }
    if (cases.isEmpty()) {
      throw new NothingToMeasure("these choices leave nothing to measure");
    }
    for (Case each : cases) {
      if (!each.trials().getFirst().library().equals(Trial.OURS)) {
        throw new NothingToMeasure("no library but others: " + each.name());
      }
    }
    return cases;
  }

  private int run(
      Stopwatch stopwatch,
      List<Case> cases,
      FinishedTrials finished,
      Map<Stopwatch.Job, Map<Trial, Measurement>> results)
      throws IOException {
    List<Stopwatch.Job> jobs = stopwatch.jobs(cases);
    int resumed = 0;
    try (Progress progress = console.progress("bench " + suite.name(), jobs.size(), "jobs")) {
      for (Stopwatch.Job job : jobs) {
        progress.detail(job.trials().getFirst().id());
        Optional<Map<Trial, Measurement>> saved = finished.load(job);
        if (saved.isPresent()) {
          resumed++;
          progress.alreadyDone(1);
          results.put(job, saved.get());
          continue;
        }
        Map<Trial, Measurement> measured = stopwatch.time(job);
        finished.save(job, measured);
        results.put(job, measured);
        progress.advance(1);
      }
    }
    return resumed;
  }

  private static List<Outcome> outcomes(
      Stopwatch stopwatch, List<Case> cases, Map<Stopwatch.Job, Map<Trial, Measurement>> results) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Case each : cases) {
      Map<String, Measurement> byLibrary = new LinkedHashMap<>();
      for (Trial trial : each.trials()) {
        byLibrary.put(trial.library(), results.get(stopwatch.jobOf(each, trial)).get(trial));
      }
      outcomes.add(new Outcome(each, byLibrary, best(each.floor(), results.values())));
    }
    return outcomes;
  }

  /**
   * What the hardware allows does not depend on the case: the best of all jobs that measured it.
   */
  private static Measurement best(Trial floor, Collection<Map<Trial, Measurement>> results) {
    Measurement best = null;
    for (Map<Trial, Measurement> job : results) {
      Measurement measured = floor == null ? null : job.get(floor);
      if (measured != null && (best == null || measured.speedOver(best) > 1)) {
        best = measured;
      }
    }
    return best;
  }

  private JsonObject document(
      Stopwatch stopwatch, List<String> libraries, List<Outcome> outcomes, int resumed)
      throws IOException {
    List<JsonObject> rows = new ArrayList<>();
    outcomes.forEach(outcome -> rows.addAll(outcome.rows()));
    List<JsonObject> summaries = new ArrayList<>();
    for (RatioTable.Summary summary : RatioTable.summaries(outcomes)) {
      summaries.add(
          new JsonObject()
              .put("peerName", summary.peer())
              .put("geometricMean", summary.geometricMean())
              .put("smallest", summary.smallest())
              .put("cases", summary.cases()));
    }
    return new JsonObject()
        .put("suite", suite.name())
        .put("description", suite.question())
        .put("method", stopwatch.description())
        .put("settings", settings.toJson())
        .put("environment", Environment.describe(libraries))
        .put("resumed", resumed)
        .put("summary", summaries)
        .put("rows", rows)
        .put("measurements", outcomes.stream().map(Outcome::toJson).toList());
  }

  private void print(
      Stopwatch stopwatch, List<Outcome> outcomes, int resumed, Path json, Path svg) {
    console.print(suite.question() + "; " + stopwatch.description());
    console.print(Machine.processor() + ", " + Machine.jdk());
    console.print("");
    console.print(RatioTable.of(outcomes));
    console.print("");
    List<RatioTable.Summary> summaries = RatioTable.summaries(outcomes);
    if (!summaries.isEmpty()) {
      console.print("ratio: how many times as fast as the peer");
    }
    summaries.forEach(summary -> console.print(summary.line()));
    if (resumed > 0) {
      console.print(resumed + " measurements are from an earlier, stopped run of this command");
    }
    console.print("Wrote " + json + " and " + svg);
  }

  /** All that the figures depend on. */
  String key() throws IOException {
    return new Digest()
        .add(suite.name() + "\n" + Json.write(settings.toJson()) + "\n")
        .add(Environment.codeDigest() + "\n" + Machine.jdk() + "\n" + Machine.processor() + "\n")
        .add(String.join("\n", new TreeSet<>(Environment.versions())))
        .hex();
  }
}
