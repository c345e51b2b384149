package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.federate.FederatedRun;
import org.quadrille.cli.federate.FederatedTask;
import org.quadrille.cli.federate.FederationReport;
import org.quadrille.cli.federate.MethodSettings;
import org.quadrille.cli.federate.Methods;
import org.quadrille.cli.federate.StopRequest;
import org.quadrille.federated.simulation.Availability;
import org.quadrille.federated.simulation.RoundRecord;
import org.quadrille.federated.simulation.SimulationSettings;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quadrille federate}: a simulated federation learns a classifier. */
@Command(
    name = "federate",
    description =
        "Simulate federated learning: many clients, each with examples of its own, learn one"
            + " classifier without giving them away.",
    footer = {
      "",
      "Examples:",
      "  quadrille federate --algorithm fedep --set scale=10 --set server=3 --report --out digits",
      "  quadrille federate --algorithm fedavg --rounds 100 --drop-out 0.2",
      "  quadrille federate --task csv --data vowel.csv --client-column V1 --class-column Class",
      "",
      "Digits (Alpaydin and Kaynak, UCI repository, CC BY 4.0) come with the program. The same",
      "command goes on where a stopped one was, with the same bits, if --out is given."
    })
final class FederateCommand extends QuadrilleCommand {

  @Option(
      names = "--task",
      paramLabel = "NAME",
      defaultValue = "digits",
      description =
          "digits, fashion, mnist (IDX files), csv (real clients) or blobs (default:"
              + " ${DEFAULT-VALUE}).")
  private String task;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "Folder of the IDX files, or the CSV file.")
  private Path data;

  @Option(names = "--client-column", paramLabel = "NAME", description = "Who, in a CSV file.")
  private String clientColumn;

  @Option(
      names = "--class-column",
      paramLabel = "NAME",
      defaultValue = "class",
      description = "What to predict, in a CSV file (default: ${DEFAULT-VALUE}).")
  private String classColumn;

  @Option(
      names = "--model",
      paramLabel = "KIND",
      defaultValue = "softmax",
      description = "softmax, mlp:WIDTH or cnn:FILTERS (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = "fedep",
      description =
          "fedavg, fedavgm, fedadagrad, fedadam, fedyogi, fedprox, fedpa, scaffold, feddyn,"
              + " one-shot, fedep, fedsep or fedadf (default: ${DEFAULT-VALUE}).")
  private String algorithm;

  @Option(
      names = "--inference",
      paramLabel = "KIND",
      defaultValue = "laplace",
      description =
          "Of fedep, fedsep and fedadf: identity, laplace, mcmc or vi (default: ${DEFAULT-VALUE}).")
  private String inference;

  @Option(
      names = "--set",
      paramLabel = "NAME=X",
      description =
          "A number of the algorithm: rate (of clients), server (rate of the server), rho (fedprox,"
              + " fedpa, feddyn), c and scale (precision of a site per example; tempering of the"
              + " likelihood), shrinkage, burnIn, momentum, decay, maxNorm.")
  private Map<String, Double> numbers = new TreeMap<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "50",
      description = "Rounds after the warm start (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-start",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds of fedavg before (default: ${DEFAULT-VALUE}).")
  private int warmStart;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "30",
      description = "Where clients are made (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--points",
      paramLabel = "N",
      defaultValue = "40",
      description = "Examples of each of them (default: ${DEFAULT-VALUE}).")
  private int points;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      defaultValue = "0.1",
      description =
          "Dirichlet distribution of their classes: small for very different clients, inf for alike"
              + " ones (default: ${DEFAULT-VALUE}).")
  private String alpha;

  @Option(
      names = "--per-round",
      paramLabel = "N",
      defaultValue = "10",
      description = "Clients of a round (default: ${DEFAULT-VALUE}).")
  private int perRound;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Passes of a client over its examples (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "20",
      description = "Examples of a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--drop-out",
      paramLabel = "P",
      defaultValue = "0",
      description = "Probability that a client does not answer (default: ${DEFAULT-VALUE}).")
  private double dropOut;

  @Option(
      names = "--delay",
      paramLabel = "ROUNDS",
      defaultValue = "0",
      description =
          "Mean time of an answer; answers up to 5 rounds late are used (default:"
              + " ${DEFAULT-VALUE}).")
  private double delay;

  @Option(
      names = "--over-selection",
      paramLabel = "X",
      defaultValue = "1",
      description = "Ask so many times more clients than needed (default: ${DEFAULT-VALUE}).")
  private double overSelection;

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      defaultValue = "2",
      description = "Rounds between evaluations (default: ${DEFAULT-VALUE}).")
  private int evaluateEvery;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for checkpoint, partition.json, result.json and run.json.")
  private Path out;

  @Option(names = "--report", description = "Also write report.html; needs --out.")
  private boolean report;

  @Override
  protected void execute(Console console) throws IOException {
    if (rounds < 1 || warmStart < 0 || evaluateEvery < 1 || points < 1) {
      throw wrongUsage(
          "--rounds, --points, --evaluate-every: expected 1 or more; --warm-start: 0 or more");
    }
    if (report && out == null) {
      throw wrongUsage("--report needs a folder; give one with --out");
    }
    RunRecord record = new RunRecord("federate", arguments(), options().seed());
    FederatedTask federation;
    FederatedRun run;
    MethodSettings method;
    double[] start;
    try {
      federation =
          FederatedTask.of(
              new FederatedTask.Choice(
                  task,
                  data,
                  clientColumn,
                  classColumn,
                  model,
                  clients,
                  points,
                  skew(),
                  options().seed()));
      method = new MethodSettings(algorithm, inference, numbers, epochs, batch);
      run =
          new FederatedRun(
              federation, method, settings(), federation.test(), rounds, evaluateEvery);
      MethodSettings averaging =
          new MethodSettings("fedavg", inference, Map.of("rate", 0.1), epochs, batch);
      start = run.warmStart(averaging, warmStart);
      // A wrong algorithm or number shows here, before anything is written.
      String checked = Methods.of(method, federation, start).settings();
      record.result("settings", checked);
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
    if (out != null) {
      Files.createDirectories(out);
      run.in(out);
    }
    FederatedRun.Outcome outcome = run(run, start, console);
    finish(outcome, federation, method, record, console);
  }

  private double skew() {
    return alpha.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(alpha);
  }

  private SimulationSettings settings() {
    Availability availability = new Availability(dropOut, 0, delay, 5, 0);
    return new SimulationSettings(
        options().seed(), perRound, overSelection, availability, DType.F32);
  }

  private FederatedRun.Outcome run(FederatedRun run, double[] start, Console console)
      throws IOException {
    try (Progress progress = console.progress("federating", rounds, "rounds");
        StopRequest stop = new StopRequest()) {
      run.stoppingWhen(stop::isAsked)
          .telling(
              record -> {
                progress.advance(1);
                Double accuracy = record.metrics().get("accuracy");
                if (accuracy != null) {
                  progress.detail("accuracy " + Units.fixed(accuracy, 4));
                }
              });
      return run.run(start, warmStart);
    }
  }

  private void finish(
      FederatedRun.Outcome outcome,
      FederatedTask federation,
      MethodSettings method,
      RunRecord record,
      Console console)
      throws IOException {
    if (outcome.records().isEmpty()) {
      throw new CommandFailure("stopped before the first round was done");
    }
    JsonObject document = document(outcome, federation, method);
    if (out != null) {
      federation.partition().write(out.resolve("partition.json"));
      AtomicFile.writeText(out.resolve("result.json"), Json.writeIndented(document));
      if (data != null && Files.isRegularFile(data)) {
        record.input(data, Digest.of(data));
      }
      record.result("method", method.fingerprint());
      record.result("accuracy", outcome.finalScores().get("accuracy"));
      record.write(out.resolve("run.json"));
      if (report) {
        AtomicFile.writeText(
            out.resolve("report.html"),
            FederationReport.render(
                method.label() + " on " + federation.name(), method.fingerprint(), outcome));
      }
    }
    console.print(table(outcome, federation, method));
    console.document(document);
  }

  private JsonObject document(
      FederatedRun.Outcome outcome, FederatedTask federation, MethodSettings method) {
    List<JsonObject> list = new ArrayList<>();
    for (RoundRecord round : outcome.records()) {
      JsonObject json = round.toJson();
      // The measures stand beside the number of the round, where a reader looks for them.
      round.metrics().forEach(json::put);
      list.add(json.put("round", warmStart + round.round() + 1));
    }
    JsonObject last = new JsonObject();
    outcome.finalScores().forEach(last::put);
    return new JsonObject()
        .put("task", federation.name())
        .put("method", method.fingerprint())
        .put("parameters", federation.model().parameters())
        .put("clients", federation.clients().size())
        .put("warmStart", warmStart)
        .put("rounds", list)
        .put("final", last);
  }

  private Table table(
      FederatedRun.Outcome outcome, FederatedTask federation, MethodSettings method) {
    Map<String, Double> last = outcome.finalScores();
    long bytes = outcome.records().stream().mapToLong(r -> r.bytesDown() + r.bytesUp()).sum();
    double clientTime = outcome.records().stream().mapToDouble(RoundRecord::clientSeconds).sum();
    double serverTime = outcome.records().stream().mapToDouble(RoundRecord::serverSeconds).sum();
    boolean marginal = last.containsKey("marginal.accuracy");
    Table table = new Table().text(method.label() + " on " + federation.name()).number("");
    table.row("clients", Integer.toString(federation.clients().size()));
    table.row("parameters", Units.count((long) federation.model().parameters()));
    table.row("rounds after the warm start", Integer.toString(outcome.records().size()));
    for (String name : List.of("accuracy", "loss", "ece", "brier")) {
      table.row(name, Units.fixed(last.get(name), 4));
      if (marginal) {
        table.row("  over the posterior", Units.fixed(last.get("marginal." + name), 4));
      }
    }
    table.row("accuracy of clients, mean", Units.fixed(last.get("clientAccuracyMean"), 4));
    table.row("  worst tenth", Units.fixed(last.get("clientAccuracyWorstTenth"), 4));
    table.row("bytes both ways", Units.bytes(bytes));
    table.row("time of clients", Units.seconds(clientTime));
    table.row("all other time of rounds", Units.seconds(serverTime));
    return table;
  }
}
