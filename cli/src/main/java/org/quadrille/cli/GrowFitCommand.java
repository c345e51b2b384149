package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.grow.OpenedModel;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.plan.DepthFit;
import org.quadrille.linalg.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille grow fit}: which layers of one model those of another are made of. */
@Command(
    name = "fit",
    description =
        "Fit the layers of a model by mixtures of the layers of a related one of the same width"
            + " (least squares, one mixture for each kind of tensor): the depth operator that would"
            + " have grown the one from the other.",
    footer = {
      "",
      "Examples:",
      "  quadrille grow fit minilm e5-small",
      "  quadrille grow fit minilm bge-small --json"
    })
final class GrowFitCommand extends QuadrilleCommand {
  @Parameters(index = "0", paramLabel = "SOURCE", description = "The model with fewer layers.")
  private String source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The model to be fitted.")
  private String target;

  @Option(
      names = "--plan",
      paramLabel = "NAME|FILE",
      defaultValue = "auto",
      description = "How both checkpoints are laid out (default: the first that fits).")
  private String plan;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Path from = ModelStore.standard().find(source, console);
    Path to = ModelStore.standard().find(target, console);
    DepthFit fit;
    try (Progress progress = console.progress("fitting", 0, "");
        OpenedModel small = OpenedModel.of(from, plan, null, null);
        OpenedModel large = OpenedModel.of(to, plan, null, null)) {
      progress.detail(source + " to " + target);
      fit = DepthFit.of(small.model(), large.model());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(source + " to " + target + ": " + e.getMessage(), e);
    }
    console.print(table(fit));
    console.print(
        "Each cell: the source layer of the largest weight and that weight; the last column: what"
            + " the fit leaves of each kind's norm, least and most over its layers.");
    console.document(
        json(fit)
            .put("source", source)
            .put("target", target)
            .put("seconds", (System.nanoTime() - begin) * 1e-9));
  }

  private static Table table(DepthFit fit) {
    List<DepthFit.Kind> matrices = fit.kinds().stream().filter(DepthFit.Kind::matrix).toList();
    Table table = new Table().text("kind of matrix \\ layer of the target");
    int layers = matrices.isEmpty() ? 0 : matrices.getFirst().mixture().size(0);
    for (int l = 0; l < layers; l++) {
      table.number(Integer.toString(l));
    }
    table.number("residual");
    for (DepthFit.Kind kind : matrices) {
      List<String> cells = new ArrayList<>(List.of(kind.name()));
      int[] largest = kind.largest();
      for (int l = 0; l < layers; l++) {
        cells.add(largest[l] + " " + Units.fixed(kind.mixture().get(l, largest[l]), 2));
      }
      cells.add(
          Units.fixed(Arrays.stream(kind.residual()).min().orElse(0), 2)
              + " to "
              + Units.fixed(Arrays.stream(kind.residual()).max().orElse(0), 2));
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static JsonObject json(DepthFit fit) {
    List<JsonObject> kinds = new ArrayList<>();
    for (DepthFit.Kind kind : fit.kinds()) {
      kinds.add(
          new JsonObject()
              .put("kind", kind.name())
              .put("matrix", kind.matrix())
              .put("argmax", kind.largest())
              .put("mixture", rows(kind.mixture()))
              .put("cosine", rows(kind.cosine()))
              .put("residual", kind.residual()));
    }
    return new JsonObject().put("kinds", kinds);
  }

  private static List<double[]> rows(Tensor matrix) {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < matrix.size(0); i++) {
      rows.add(matrix.row(i).toDoubles());
    }
    return rows;
  }
}
