package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.cli.adapters.SpectrumReport;
import org.quadrille.cli.adapters.WeightPairs;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.lowrank.spectrum.ProfileTable;
import org.quadrille.lowrank.spectrum.Spectrum;
import org.quadrille.lowrank.spectrum.UpdateProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille adapters spectrum}: ranks of what training changed. */
@Command(
    name = "spectrum",
    description =
        "Ranks of the difference of two models, weight by weight, beside those of noise of the same"
            + " shape.",
    footer = {
      "",
      "r50, r90, r95, r99: singular values that hold so much of the sum of squares. over noise: r90",
      "over that of a random matrix of the same shape; about 1 means as high a rank as noise.",
      "",
      "Example: quadrille adapters spectrum bge-small e5-small --out ranks --report"
    })
final class AdaptersSpectrumCommand extends QuadrilleCommand {
  @Parameters(index = "0", paramLabel = "BASE", description = "Model before training.")
  private String base;

  @Parameters(index = "1", paramLabel = "TUNED", description = "Model after training.")
  private String tuned;

  @Option(
      names = "--match",
      paramLabel = "REGEX",
      description = "Only weights a part of whose name matches.")
  private String match;

  @Option(
      names = "--intruders",
      description =
          "Count intruder dimensions too, which takes singular vectors and several times the time.")
  private boolean intruders;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write profile.csv, profile.json and run.json there.")
  private Path out;

  @Option(names = "--report", description = "Write report.html there too.")
  private boolean report;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    if (report && out == null) {
      throw wrongUsage("--report needs --out DIR to write report.html to");
    }
    RunRecord record = new RunRecord("adapters spectrum", arguments(), options().seed());
    ModelStore store = ModelStore.standard();
    Path basePath = store.find(base, console);
    Path tunedPath = store.find(tuned, console);
    List<UpdateProfile> profiles = new ArrayList<>();
    List<String> unmatched;
    try (WeightPairs pairs = WeightPairs.open(basePath, tunedPath, match);
        Progress progress = console.progress("comparing", pairs.names().size(), "weights")) {
      unmatched = pairs.unmatched();
      for (String name : pairs.names()) {
        progress.detail(name);
        profiles.add(UpdateProfile.of(name, pairs.base(name), pairs.tuned(name), intruders));
        progress.advance(1);
      }
    }
    ProfileTable table = new ProfileTable(profiles);
    double seconds = record.seconds();
    show(console, table, seconds);
    if (!unmatched.isEmpty()) {
      console.warn(
          unmatched.size()
              + " weights of the base are not in the other model with the same shape, the first is "
              + unmatched.getFirst());
    }
    JsonObject document =
        table.toJson().put("base", base).put("tuned", tuned).put("seconds", seconds);
    if (out != null) {
      record.timing("compare", seconds);
      write(table, record, basePath, tunedPath);
      console.print(
          "Wrote profile.csv, profile.json"
              + (report ? ", report.html" : "")
              + " and run.json to "
              + out);
    }
    console.document(document);
  }

  private void write(ProfileTable table, RunRecord record, Path basePath, Path tunedPath)
      throws IOException {
    Files.createDirectories(out);
    table.writeCsv(out.resolve("profile.csv"));
    AtomicFile.writeText(out.resolve("profile.json"), Json.writeIndented(table.toJson()));
    if (report) {
      new SpectrumReport(table, base, tuned).write(out.resolve("report.html"));
    }
    record.input(basePath, Digest.of(basePath));
    record.input(tunedPath, Digest.of(tunedPath));
    record.output(out.resolve("profile.csv"), Digest.of(out.resolve("profile.csv")));
    record.write(out.resolve("run.json"));
  }

  private void show(Console console, ProfileTable profiles, double seconds) {
    Table table =
        new Table()
            .text("weight")
            .number("shape")
            .number("r50")
            .number("r90")
            .number("r95")
            .number("r99")
            .number("over noise")
            .number("stable")
            .number("effective")
            .number("norm");
    if (intruders) {
      table.number("intruders");
    }
    for (UpdateProfile profile : profiles.profiles()) {
      Spectrum update = profile.update();
      List<String> row = new ArrayList<>();
      row.add(profile.name());
      row.add(update.rows() + "x" + update.cols());
      for (double energy : new double[] {0.5, 0.9, 0.95, 0.99}) {
        row.add(Integer.toString(update.rankForEnergy(energy)));
      }
      row.add(Units.fixed(update.normalizedRank(0.9), 3));
      row.add(Units.fixed(update.stableRank(), 1));
      row.add(Units.fixed(update.effectiveRank(), 1));
      row.add(Units.fixed(profile.relativeNorm(), 4));
      if (intruders) {
        row.add(Integer.toString(profile.intruders()));
      }
      table.row(row.toArray(String[]::new));
    }
    console.print(table);
    Table kinds =
        new Table()
            .text("kind")
            .number("weights")
            .number("r90")
            .number("over noise")
            .number("norm");
    for (ProfileTable.Group group : profiles.byKind()) {
      kinds.row(
          group.name(),
          Integer.toString(group.count()),
          Units.fixed(group.r90(), 1),
          Units.fixed(group.normalizedRank(), 3),
          Units.fixed(group.relativeNorm(), 4));
    }
    console.print("");
    console.print(kinds);
    console.print(profiles.profiles().size() + " weights compared in " + Units.seconds(seconds));
  }
}
