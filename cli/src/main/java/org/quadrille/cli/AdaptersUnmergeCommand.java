package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.quadrille.cli.adapters.AdapterEdits;
import org.quadrille.cli.adapters.EditedModel;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.lowrank.peft.PeftFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille adapters unmerge}: a merged model without its adapter, and the error. */
@Command(
    name = "unmerge",
    description =
        "Subtract an adapter from a model it was merged into, where the base is gone. Prints the"
            + " error this may leave; only the base itself is exact.",
    footer = {
      "",
      "Example: quadrille adapters unmerge merged.safetensors adapter --out base.safetensors"
    })
final class AdaptersUnmergeCommand extends QuadrilleCommand {
  @Parameters(index = "0", paramLabel = "MERGED", description = "Model written by merge.")
  private String merged;

  @Parameters(index = "1", paramLabel = "ADAPTER", description = "Folder of the adapter.")
  private Path adapter;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The model without the adapter, safetensors.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    Path path = ModelStore.standard().find(merged, console);
    PeftFolder folder = PeftFolder.read(adapter);
    long start = System.nanoTime();
    AdapterEdits.ErrorBound bound = new AdapterEdits.ErrorBound();
    int count;
    try (Checkpoint model = Checkpoint.open(path)) {
      EditedModel edited = AdapterEdits.unmerge(model, folder, Digest.of(adapter), bound);
      count = edited.size();
      try (Progress progress = console.progress("unmerging", count, "weights")) {
        edited.write(out, () -> progress.advance(1));
      }
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.print(
        "Subtracted "
            + count
            + " adapters, wrote "
            + out
            + " in "
            + Units.seconds(seconds)
            + "; every weight within "
            + Units.significant(bound.largest())
            + " of the base, at most "
            + Units.significant(bound.relative())
            + " of a matrix's norm");
    console.document(
        new JsonObject()
            .put("replaced", count)
            .put("largestError", bound.largest())
            .put("relativeError", bound.relative())
            .put("out", out.toString())
            .put("seconds", seconds));
  }
}
