package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.adapters.EditedModel;
import org.quadrille.cli.adapters.WeightPairs;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.spectrum.IntruderReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille adapters intruders}: singular vectors that training put in. */
@Command(
    name = "intruders",
    description =
        "Leading singular vectors of a tuned model that resemble none of the base; with --mitigate,"
            + " the model with their singular values scaled down, which undoes some forgetting.",
    footer = {
      "",
      "Example: quadrille adapters intruders bge-small merged.safetensors --mitigate 0.75 --out m"
          + ".safetensors"
    })
final class AdaptersIntrudersCommand extends QuadrilleCommand {
  @Parameters(index = "0", paramLabel = "BASE", description = "Model before training.")
  private String base;

  @Parameters(index = "1", paramLabel = "TUNED", description = "Model after training.")
  private String tuned;

  @Option(
      names = "--vectors",
      paramLabel = "K",
      defaultValue = "10",
      description = "Leading singular vectors to look at (default: ${DEFAULT-VALUE}).")
  private int vectors;

  @Option(
      names = "--threshold",
      paramLabel = "T",
      defaultValue = "0.5",
      description =
          "An intruder has no cosine above this with a vector of the base (default:"
              + " ${DEFAULT-VALUE}).")
  private double threshold;

  @Option(
      names = "--match",
      paramLabel = "REGEX",
      description = "Only weights a part of whose name matches.")
  private String match;

  @Option(
      names = "--mitigate",
      paramLabel = "LAMBDA",
      description = "Scale the intruders by this, 0.75 is usual; needs --out.")
  private Double lambda;

  @Option(names = "--out", paramLabel = "FILE", description = "The mitigated model, safetensors.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    if ((lambda == null) != (out == null)) {
      throw wrongUsage("--mitigate LAMBDA and --out FILE belong together");
    }
    ModelStore store = ModelStore.standard();
    Path basePath = store.find(base, console);
    Path tunedPath = store.find(tuned, console);
    long start = System.nanoTime();
    List<JsonObject> matrices = new ArrayList<>();
    Map<String, Tensor> milder = new HashMap<>();
    Table table =
        new Table().text("weight").number("intruders").number("smallest cosine").text("indices");
    int total = 0;
    try (WeightPairs pairs = WeightPairs.open(basePath, tunedPath, match)) {
      try (Progress progress = console.progress("comparing", pairs.names().size(), "weights")) {
        for (String name : pairs.names()) {
          IntruderReport report =
              IntruderReport.of(pairs.base(name), pairs.tuned(name), vectors, threshold);
          total += report.count();
          if (lambda != null && report.count() > 0) {
            milder.put(name, report.mitigate(lambda));
          }
          double smallest = Arrays.stream(report.cosines()).min().orElse(1);
          table.row(
              name,
              Integer.toString(report.count()),
              Units.fixed(smallest, 3),
              report.count() == 0 ? "" : Arrays.toString(report.indices()));
          matrices.add(
              new JsonObject()
                  .put("name", name)
                  .put("intruders", report.count())
                  .put("indices", Arrays.stream(report.indices()).boxed().toList())
                  .put("cosines", report.cosines())
                  .put("singularValues", report.singularValues()));
          progress.advance(1);
        }
      }
      if (lambda != null) {
        write(pairs, milder);
      }
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.print(table);
    console.print(
        total
            + " intruders in "
            + matrices.size()
            + " weights, "
            + Units.seconds(seconds)
            + (lambda == null ? "" : "; wrote " + out + " with them scaled by " + lambda));
    JsonObject document =
        new JsonObject().put("matrices", matrices).put("intruders", total).put("seconds", seconds);
    if (lambda != null) {
      document.put("out", out.toString());
    }
    console.document(document);
  }

  private void write(WeightPairs pairs, Map<String, Tensor> milder) throws IOException {
    EditedModel model = new EditedModel(pairs.tunedModel());
    milder.forEach((name, tensor) -> model.edit(name, old -> Norms.requireFinite(name, tensor)));
    model.write(out, () -> {});
  }
}
