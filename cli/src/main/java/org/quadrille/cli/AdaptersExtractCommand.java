package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.cli.adapters.ModuleWeights;
import org.quadrille.cli.adapters.RankOptions;
import org.quadrille.cli.adapters.WeightPairs;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.formats.JsonObject;
import org.quadrille.lowrank.RankChoice;
import org.quadrille.lowrank.Recompression;
import org.quadrille.lowrank.peft.PeftAdapter;
import org.quadrille.lowrank.peft.PeftFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille adapters extract}: an adapter out of a full finetune. */
@Command(
    name = "extract",
    description = "The best adapter of small rank for what leads from one model to another.",
    footer = {"", "Example: quadrille adapters extract bge-small e5-small --rank 16 --out adapter"})
final class AdaptersExtractCommand extends QuadrilleCommand {
  @Parameters(index = "0", paramLabel = "BASE", description = "Model before training.")
  private String base;

  @Parameters(index = "1", paramLabel = "TUNED", description = "Model after training.")
  private String tuned;

  @Mixin private RankOptions rank;

  @Option(
      names = "--match",
      paramLabel = "REGEX",
      description = "Only weights a part of whose name matches.")
  private String match;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the adapter.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    RankChoice choice = rank.choice();
    ModelStore store = ModelStore.standard();
    Path basePath = store.find(base, console);
    Path tunedPath = store.find(tuned, console);
    long start = System.nanoTime();
    List<PeftAdapter> adapters = new ArrayList<>();
    List<JsonObject> matrices = new ArrayList<>();
    Table table = new Table().text("weight").number("rank").number("relative error");
    try (WeightPairs pairs = WeightPairs.open(basePath, tunedPath, match);
        Progress progress = console.progress("extracting", pairs.names().size(), "weights")) {
      for (String name : pairs.names()) {
        Recompression found = Recompression.extract(pairs.tuned(name), pairs.base(name), choice);
        if (found.rank() > 0) {
          adapters.add(PeftAdapter.of(ModuleWeights.module(name), found.update(), false));
        }
        table.row(name, Integer.toString(found.rank()), Units.significant(found.relativeError()));
        matrices.add(
            new JsonObject()
                .put("name", name)
                .put("rank", found.rank())
                .put("relativeError", found.relativeError())
                .put("frobeniusError", found.frobeniusError())
                .put("certifiedError", found.certifiedError()));
        progress.advance(1);
      }
    }
    if (adapters.isEmpty()) {
      throw new CommandFailure("the two models do not differ in any weight; nothing was written");
    }
    PeftFolder.write(out, adapters, base, Digest.of(basePath));
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.print(table);
    console.print(
        "Wrote " + adapters.size() + " adapters to " + out + " in " + Units.seconds(seconds));
    console.document(
        new JsonObject()
            .put("matrices", matrices)
            .put("out", out.toString())
            .put("seconds", seconds));
  }
}
