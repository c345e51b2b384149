package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.quadrille.cli.adapters.AdapterEdits;
import org.quadrille.cli.adapters.EditedModel;
import org.quadrille.cli.console.CommandFailure;
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

/** {@code quadrille adapters merge}: a model with an adapter folded in. */
@Command(
    name = "merge",
    description =
        "Fold an adapter into its base model: products in double precision, rounded once. The base"
            + " is not changed; it is what unmerging exactly means.",
    footer = {"", "Example: quadrille adapters merge bge-small adapter --out merged.safetensors"})
final class AdaptersMergeCommand extends QuadrilleCommand {
  @Parameters(index = "0", paramLabel = "BASE", description = "Model the adapter was made for.")
  private String base;

  @Parameters(index = "1", paramLabel = "ADAPTER", description = "Folder of the adapter.")
  private Path adapter;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The merged model, safetensors.")
  private Path out;

  @Option(
      names = "--any-base",
      description = "Merge even if the adapter says it was made for another file.")
  private boolean anyBase;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    Path path = ModelStore.standard().find(base, console);
    PeftFolder folder = PeftFolder.read(adapter);
    long start = System.nanoTime();
    if (!folder.baseSha256().isEmpty() && !anyBase) {
      String digest = Digest.of(path);
      if (!digest.equals(folder.baseSha256())) {
        throw new CommandFailure(
            adapter
                + " was made for a base of SHA-256 "
                + folder.baseSha256()
                + ", "
                + path
                + " has "
                + digest
                + "; pass the right one, or --any-base");
      }
    }
    int count;
    try (Checkpoint model = Checkpoint.open(path)) {
      EditedModel merged = AdapterEdits.merge(model, folder, Digest.of(adapter));
      count = merged.size();
      try (Progress progress = console.progress("merging", count, "weights")) {
        merged.write(out, () -> progress.advance(1));
      }
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.print(
        "Merged "
            + folder.adapters().size()
            + " adapters into "
            + base
            + ", wrote "
            + out
            + " in "
            + Units.seconds(seconds));
    console.document(
        new JsonObject()
            .put("adapters", folder.adapters().size())
            .put("replaced", count)
            .put("out", out.toString())
            .put("sha256", Digest.of(out))
            .put("seconds", seconds));
  }
}
