package org.quadrille.cli.reproduce.lora;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.report.LineChart;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.formats.AtomicFile;
import org.quadrille.lowrank.spectrum.MarchenkoPastur;
import org.quadrille.lowrank.study.TradeOff;

/** Draws the study: trade-off, ranks over training, spectra, ranks by layer and module, tables. */
final class LoraReport {
  private final List<StudyResult> results;
  private final List<Claim> claims;

  LoraReport(List<StudyResult> results, List<Claim> claims) {
    this.results = results;
    this.claims = claims;
  }

  /** Writes report.html, and trade-off and spectra of each scale as drawings of their own. */
  void write(Path folder) throws IOException {
    AtomicFile.writeText(folder.resolve("report.html"), page());
    for (StudyResult result : results) {
      String name = result.scale().name();
      AtomicFile.writeText(
          folder.resolve("trade-off-" + name + ".svg"), tradeOff(result).renderFile());
      AtomicFile.writeText(
          folder.resolve("spectra-" + name + ".svg"), spectra(result).renderFile());
    }
  }

  private String page() {
    ReportPage page =
        new ReportPage(
            "What adapters learn and forget",
            "language models of the King James Bible, finetuned on the Jargon File");
    page.section(
        "Claims",
        "Claims of Biderman et al. 2024 and what was measured here.",
        ReportPage.table(
            List.of("claim", "verdict", "measured"),
            claims.stream()
                .map(c -> List.of(c.claim(), c.verdict().toString(), c.measured()))
                .toList()));
    for (StudyResult result : results) {
      String size = ": " + result.scale().name() + " models";
      page.section(
          "Trade-off" + size,
          "Each line is one way to finetune, from right to left as it learns: loss on the text that"
              + " the model knew against loss on the text it learns, means over seeds. Lower is"
              + " better in both.",
          tradeOff(result).render());
      page.section(
          "Ranks over training" + size,
          "Median over the linear maps of the rank that holds 90 % of the energy of the change.",
          ranks(result).render());
      page.section(
          "Spectra" + size,
          "Singular values of the change of the first query map, relative to the largest.",
          spectra(result).render());
      page.section(
          "Ranks by layer and module" + size,
          "Rank of 90 % of the energy of the change by full finetuning, and as a share of what"
              + " noise of the same shape has.",
          heat(result));
      page.section(
          "Runs" + size,
          "Means over seeds; hypervolume of the front of all runs at the end"
              + " against the start: "
              + hypervolume(result)
              + ".",
          table(result));
    }
    return page.footer("quadrille " + Machine.version() + ", JDK " + Machine.jdk()).render();
  }

  private static LineChart tradeOff(StudyResult result) {
    LineChart chart =
        new LineChart("Forgetting against learning", "loss on the target text", "source text");
    for (TuningMethod method : result.methods()) {
      int points = result.of(method).getFirst().curve().size();
      Map<Double, Double> ascending = new TreeMap<>();
      for (int i = 0; i < points; i++) {
        int at = i;
        ascending.put(
            result.mean(method, outcome -> outcome.curve().get(at).target()),
            result.mean(method, outcome -> outcome.curve().get(at).source()));
      }
      chart.line(
          method.name(),
          method.label(),
          ascending.keySet().stream().mapToDouble(x -> x).toArray(),
          ascending.values().stream().mapToDouble(y -> y).toArray());
    }
    return chart;
  }

  private static LineChart ranks(StudyResult result) {
    LineChart chart = new LineChart("Rank of the change", "step", "rank of 90 % of the energy");
    double[] steps =
        result.scale().checkpoints().stream().mapToDouble(Integer::doubleValue).toArray();
    for (TuningMethod method : result.methods()) {
      chart.line(method.name(), method.label(), steps, result.rankCurve(method));
    }
    return chart;
  }

  private static LineChart spectra(StudyResult result) {
    LineChart chart =
        new LineChart("Spectra", "number of the singular value", "relative to the largest")
            .logarithmic();
    for (TuningMethod method : result.methods()) {
      TuningOutcome.MatrixChange change =
          result.of(method).getFirst().matrices().values().iterator().next();
      double[] values = change.singularValues();
      double[] x = new double[values.length];
      double[] y = new double[values.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i + 1;
        // Below this a value is rounding.
        y[i] = values[i] > 1e-6 * values[0] ? values[i] / values[0] : 0;
      }
      chart.line(method.name(), method.label(), x, y);
    }
    return chart;
  }

  private static String heat(StudyResult result) {
    TuningMethod method = result.best("full");
    Map<String, List<String>> rows = new LinkedHashMap<>();
    List<String> headings = new ArrayList<>(List.of("layer"));
    result
        .of(method)
        .getFirst()
        .matrices()
        .forEach(
            (name, change) -> {
              String[] parts = name.split("\\.", 3);
              if (!headings.contains(parts[2])) {
                headings.add(parts[2]);
              }
              int rank = StudyResult.rank90(change.singularValues());
              double noise = MarchenkoPastur.rankForEnergy(change.rows(), change.cols(), 0.9);
              rows.computeIfAbsent(parts[1], layer -> new ArrayList<>(List.of(layer)))
                  .add(String.format(Locale.ROOT, "%d (%.2f)", rank, rank / noise));
            });
    return ReportPage.table(headings, List.copyOf(rows.values()));
  }

  private static String hypervolume(StudyResult result) {
    List<TradeOff.Point> ends = new ArrayList<>();
    for (TuningMethod method : result.methods()) {
      ends.add(new TradeOff.Point(result.target(method), result.source(method)));
    }
    TuningMethod any = result.methods().getFirst();
    // Worse in both than any run: what was not learned at all, and forgotten like the worst.
    TradeOff.Point reference =
        new TradeOff.Point(
            result.mean(any, outcome -> outcome.start().target()),
            ends.stream().mapToDouble(TradeOff.Point::source).max().orElseThrow());
    return String.format(Locale.ROOT, "%.4f", TradeOff.hypervolume(ends, reference));
  }

  private static String table(StudyResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (TuningMethod method : result.methods()) {
      rows.add(
          List.of(
              method.label(),
              Integer.toString(result.repetitions(method)),
              Long.toString(result.of(method).getFirst().trained()),
              fixed(result.source(method)),
              fixed(result.target(method)),
              fixed(result.mean(method, outcome -> outcome.end().divergence())),
              String.format(Locale.ROOT, "%.1f", result.rank90(method)),
              String.format(Locale.ROOT, "%.1f", result.intruders(method)),
              String.format(Locale.ROOT, "%.1f", result.mean(method, TuningOutcome::uniqueTexts))));
    }
    return ReportPage.table(
        List.of(
            "method (rate)",
            "seeds",
            "trained",
            "source loss",
            "target loss",
            "divergence",
            "rank",
            "intruders",
            "unique texts"),
        rows);
  }

  private static String fixed(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
