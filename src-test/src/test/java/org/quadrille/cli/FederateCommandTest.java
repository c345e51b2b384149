package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.federate.Methods;
import org.quadrille.federated.data.Partition;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/** {@code quadrille federate}, from data to a report. */
class FederateCommandTest {
  @TempDir private Path folder;

  private static CommandRun federate(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("federate"));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray());
  }

  private static JsonObject json(CommandRun run) throws IOException {
    assertEquals(0, run.status(), run.err());
    return Json.parseObject(run.out());
  }

  @Test
  void digitsAreLearntFromClientsOfFewClasses() throws IOException {
    JsonObject result =
        json(federate("--algorithm", "fedavg", "--rounds", 20, "--set", "rate=0.1", "--json"));
    assertEquals(650, result.intValue("parameters"));
    List<?> rounds = result.array("rounds");
    assertEquals(20, rounds.size());
    JsonObject last = (JsonObject) rounds.getLast();
    assertEquals(25, last.intValue("round"));
    assertTrue(last.has("loss") && last.has("ece"));
    assertEquals(last.number("accuracy"), result.object("final").number("accuracy"));
    assertTrue(last.number("accuracy") > 0.7, "accuracy " + last.number("accuracy"));
  }

  @Test
  void everyAlgorithmRuns() throws IOException {
    for (String algorithm : Methods.NAMES) {
      JsonObject result =
          json(
              federate(
                  "--task",
                  "blobs",
                  "--algorithm",
                  algorithm,
                  "--rounds",
                  3,
                  "--clients",
                  8,
                  "--points",
                  30,
                  "--per-round",
                  4,
                  "--epochs",
                  2,
                  "--json"));
      assertTrue(result.object("final").number("accuracy") > 0.1, algorithm);
    }
    for (String inference : List.of("identity", "mcmc", "vi")) {
      JsonObject result =
          json(
              federate(
                  "--task",
                  "blobs",
                  "--inference",
                  inference,
                  "--rounds",
                  3,
                  "--clients",
                  8,
                  "--points",
                  30,
                  "--per-round",
                  4,
                  "--epochs",
                  3,
                  "--json"));
      assertTrue(result.object("final").has("marginal.ece"), inference);
    }
  }

  @Test
  void aRunThatWasStoppedGivesTheSameResult() throws IOException {
    Object[] settings = {
      "--task",
      "blobs",
      "--clients",
      8,
      "--points",
      30,
      "--per-round",
      4,
      "--epochs",
      2,
      "--drop-out",
      0.2,
      "--delay",
      0.5,
      "--json",
      "--rounds"
    };
    JsonObject whole = json(federate(with(settings, 8)));
    Path out = folder.resolve("run");
    json(federate(with(settings, 4, "--out", out)));
    JsonObject second = json(federate(with(settings, 8, "--out", out)));
    assertEquals(whole.object("final"), second.object("final"));
    Partition partition = Partition.read(out.resolve("partition.json"));
    assertEquals(8, partition.clients().size());
    assertTrue(Files.exists(out.resolve("run.json")));
  }

  private static Object[] with(Object[] settings, Object... more) {
    List<Object> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void realClientsComeFromATableAndTheReportShowsThem() throws IOException {
    Path table = folder.resolve("speakers.csv");
    StringBuilder rows = new StringBuilder("speaker,x,y,word\n");
    RandomStream stream = new RandomStream(3);
    for (int i = 0; i < 240; i++) {
      int word = i % 2;
      rows.append(
          String.format(
              Locale.ROOT,
              "s%d,%.5f,%.5f,%s%n",
              i % 6,
              3 * word + stream.normal(),
              stream.normal() + i % 6,
              word == 0 ? "no" : "yes"));
    }
    Files.writeString(table, rows);
    Path out = folder.resolve("report");
    CommandRun run =
        federate(
            "--task",
            "csv",
            "--data",
            table,
            "--client-column",
            "speaker",
            "--class-column",
            "word",
            "--rounds",
            12,
            "--per-round",
            3,
            "--out",
            out,
            "--report");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains("clients"));
    JsonObject result = Json.read(out.resolve("result.json"));
    assertEquals(6, result.intValue("clients"));
    assertTrue(result.object("final").number("accuracy") > 0.85);
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("<svg") && page.contains("Calibration"));
  }

  @Test
  void wrongUsageSaysWhatThereIs() {
    assertUsage("fedep", "--algorithm", "fed");
    assertUsage("digits", "--task", "letters");
    assertUsage("softmax", "--model", "tree");
    assertUsage("laplace", "--inference", "guess");
    assertUsage("scale", "--set", "colour=3");
    assertUsage("clients", "--per-round", 31);
    assertUsage("--out", "--report");
    assertUsage("needs a file", "--task", "csv");
  }

  private static void assertUsage(String words, Object... arguments) {
    CommandRun run = federate(arguments);
    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
