package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.adapters.RankOptions;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.LowRank;
import org.quadrille.lowrank.RankChoice;
import org.quadrille.lowrank.Recompression;
import org.quadrille.lowrank.UpdateSum;
import org.quadrille.lowrank.peft.PeftAdapter;
import org.quadrille.lowrank.peft.PeftFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille adapters recompress}: adapters of smaller rank, sums of adapters. */
@Command(
    name = "recompress",
    description =
        "The nearest adapter of smaller rank, from the factors alone; of several adapters that of"
            + " their weighted sum.",
    footer = {
      "",
      "Example: quadrille adapters recompress first second --weights 1,-0.5 --rank 16 --out sum"
    })
final class AdaptersRecompressCommand extends QuadrilleCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "ADAPTER",
      description = "Folders of adapters of one base.")
  private List<Path> inputs;

  @Option(
      names = "--weights",
      paramLabel = "W",
      split = ",",
      description = "A factor for each adapter (default: 1).")
  private List<Double> weights;

  @Mixin private RankOptions rank;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the new adapter.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException {
    if (weights != null && weights.size() != inputs.size()) {
      throw wrongUsage(
          "--weights: " + weights.size() + " numbers for " + inputs.size() + " adapters");
    }
    RankChoice choice = rank.choice();
    long start = System.nanoTime();
    List<PeftFolder> folders = new ArrayList<>();
    for (Path input : inputs) {
      folders.add(checked(input, PeftFolder.read(input)));
    }
    Map<String, List<Integer>> modules = new LinkedHashMap<>();
    for (int i = 0; i < folders.size(); i++) {
      for (PeftAdapter adapter : folders.get(i).adapters()) {
        modules.computeIfAbsent(adapter.module(), key -> new ArrayList<>()).add(i);
      }
    }
    List<PeftAdapter> results = new ArrayList<>();
    List<JsonObject> matrices = new ArrayList<>();
    Table table = new Table().text("module").number("rank").number("to").number("relative error");
    try (Progress progress = console.progress("recompressing", modules.size(), "modules")) {
      for (Map.Entry<String, List<Integer>> module : modules.entrySet()) {
        LowRank sum = sum(folders, module.getKey(), module.getValue());
        Recompression small = Recompression.of(sum, choice);
        if (small.rank() > 0) {
          results.add(PeftAdapter.of(module.getKey(), small.update(), false));
        }
        table.row(
            module.getKey(),
            Integer.toString(sum.rank()),
            Integer.toString(small.rank()),
            Units.significant(small.relativeError()));
        matrices.add(json(module.getKey(), sum, small));
        progress.advance(1);
      }
    }
    if (results.isEmpty()) {
      throw new CommandFailure("every module has rank 0 then; nothing was written, keep more");
    }
    PeftFolder first = folders.getFirst();
    PeftFolder.write(out, results, first.config().baseModel(), first.baseSha256());
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.print(table);
    console.print(
        "Wrote " + results.size() + " adapters to " + out + " in " + Units.seconds(seconds));
    console.document(
        new JsonObject()
            .put("matrices", matrices)
            .put("out", out.toString())
            .put("seconds", seconds));
  }

  private PeftFolder checked(Path path, PeftFolder folder) {
    if (folder.config().magnitudes() || folder.others().size() > 0) {
      throw new CommandFailure(
          path
              + " scales rows (DoRA) or brings tensors beside its adapters; only sums of s B A can"
              + " be recompressed");
    }
    if (folder.config().weightsTransposed()) {
      throw new CommandFailure(
          path + " is for transposed weights (fan_in_fan_out), which is not written here");
    }
    return folder;
  }

  private LowRank sum(List<PeftFolder> folders, String module, List<Integer> in) {
    double[] factors = new double[in.size()];
    LowRank[] updates = new LowRank[in.size()];
    for (int i = 0; i < updates.length; i++) {
      factors[i] = weights == null ? 1 : weights.get(in.get(i));
      updates[i] = folders.get(in.get(i)).adapter(module).orElseThrow().update();
    }
    return UpdateSum.weighted(factors, updates);
  }

  private static JsonObject json(String module, LowRank sum, Recompression small) {
    return new JsonObject()
        .put("name", module)
        .put("rankBefore", sum.rank())
        .put("rank", small.rank())
        .put("relativeError", small.relativeError())
        .put("frobeniusError", small.frobeniusError())
        .put("spectralError", small.spectralError())
        .put("certifiedError", small.certifiedError())
        .put("singularValues", Arrays.stream(small.singularValues()).boxed().toList());
  }
}
