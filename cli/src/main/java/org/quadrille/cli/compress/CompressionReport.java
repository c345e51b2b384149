package org.quadrille.cli.compress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.quadrille.cli.check.CheckOutcome;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.BarChart;
import org.quadrille.cli.report.LineChart;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Draws {@code report.html} and writes the {@code report.json} and {@code report.csv} behind it.
 */
public final class CompressionReport {
  private static final int DIGITS = 4;

  /** Singular values below this share of the largest are rounding errors in single precision. */
  private static final double NEGLIGIBLE = 1e-5;

  private final CompressionResult result;
  private final RunRecord record;

  /** A report of a finished job. */
  public CompressionReport(CompressionResult result, RunRecord record) {
    this.result = result;
    this.record = record;
  }

  /**
   * Writes the three files.
   *
   * @param folder where they go
   * @throws IOException if a file cannot be read or written
   */
  public void write(Path folder, Console console) throws IOException {
    List<Spectrum> spectra;
    try (Progress progress = console.progress("drawing the report", 0, "")) {
      progress.detail("singular values");
      spectra = Spectrum.ofRepresentatives(result);
    }
    CodeHistogram histogram = CodeHistogram.ofMostFrequentBits(result);
    JsonObject data =
        result
            .toJson()
            .put("spectra", spectra.stream().map(Spectrum::toJson).toList())
            .put("codeHistogram", histogram.toJson())
            .put("run", record.toJson());
    AtomicFile.writeText(folder.resolve("report.json"), Json.writeIndented(data));
    AtomicFile.writeText(folder.resolve("report.csv"), csv());
    AtomicFile.writeText(folder.resolve("report.html"), page(spectra, histogram));
  }

  private String csv() {
    StringBuilder csv =
        new StringBuilder(
            "name,layer,kind,rows,cols,config,bits,rank,relative_error_plain,relative_error,"
                + "iterations,kept_iteration,stop_rule,seconds\n");
    for (MatrixOutcome outcome : result.outcomes()) {
      WeightKind kind = WeightKind.of(outcome.name());
      csv.append(quoted(outcome.name())).append(',');
      csv.append(quoted(kind.layer())).append(',').append(quoted(kind.kind())).append(',');
      csv.append(outcome.rows()).append(',').append(outcome.cols()).append(',');
      csv.append(outcome.config()).append(',').append(outcome.bits()).append(',');
      csv.append(outcome.rank()).append(',');
      csv.append(outcome.relativePlainError()).append(',').append(outcome.relativeError());
      csv.append(',').append(outcome.figures().objective().size()).append(',');
      csv.append(outcome.figures().keptIteration()).append(',');
      csv.append(outcome.figures().stopRule()).append(',');
      csv.append(outcome.figures().seconds()).append('\n');
    }
    return csv.toString();
  }

  private static String quoted(String text) {
    return text.matches("[^\",\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private String page(List<Spectrum> spectra, CodeHistogram histogram) {
    ReportPage page = new ReportPage("Compression of " + result.model(), subtitle()).tiles(tiles());
    page.section("Error of each matrix", errorWords(), errorChart());
    if (result.outcomes().stream().anyMatch(o -> o.figures().objective().size() > 1)) {
      page.section(
          "Error against iteration",
          "Each line is one matrix, relative to plain quantization with the same configuration;"
              + " the best iterate is kept. Most of the gain comes from the first iterations.",
          convergenceChart());
    }
    page.section("Singular values", spectraWords(), spectraChart(spectra));
    page.section("Use of the codes", histogram.explanation(), histogram.chart());
    page.section("All matrices", "Errors are relative to the norm of the matrix.", table());
    return page.footer(footer()).render();
  }

  private String subtitle() {
    CompressionSettings settings = result.settings();
    return result.outcomes().size()
        + " matrices, "
        + Units.count(result.weights())
        + " weights, "
        + (settings.config() == null
            ? "budget of " + Units.significant(settings.bits()) + " bits per weight"
            : "configuration " + settings.config())
        + (settings.rank() > 0 ? ", low-rank parts of rank " + settings.rank() : "")
        + (settings.jointRank() ? ", ranks chosen with the configurations" : "");
  }

  private List<ReportPage.Tile> tiles() {
    long before = 4 * result.weights();
    long after = Math.round(result.averageBitsWithLowRank() * result.weights() / 8);
    List<ReportPage.Tile> tiles = new ArrayList<>();
    tiles.add(
        new ReportPage.Tile(
            Units.fixed((double) before / after, 1) + "\u00d7",
            "smaller matrices: " + Units.bytes(before) + " \u2192 " + Units.bytes(after)));
    tiles.add(
        new ReportPage.Tile(
            Units.bytes(result.bytesOut()),
            "file, from " + Units.bytes(result.bytesIn()) + "; other tensors unchanged"));
    tiles.add(
        new ReportPage.Tile(
            Units.fixed(result.averageBits(), 3), "bits per weight, scales included"));
    if (result.settings().hasLowRank()) {
      tiles.add(
          new ReportPage.Tile(
              Units.fixed(result.averageBitsWithLowRank(), 3), "bits with the low-rank factors"));
    }
    tiles.add(
        new ReportPage.Tile(Units.fixed(result.relativeError(), DIGITS), "relative error of all"));
    result.check().ifPresent(check -> tiles.add(tile(check)));
    tiles.add(new ReportPage.Tile(Units.seconds(result.times().total()), "time"));
    return tiles;
  }

  private static ReportPage.Tile tile(CheckOutcome check) {
    return switch (check) {
      case CheckOutcome.Sentences s ->
          new ReportPage.Tile(
              Units.fixed(s.meanCosine(), DIGITS),
              "mean cosine between the vectors of "
                  + s.sentences()
                  + " sentences before and after");
      case CheckOutcome.Words w ->
          new ReportPage.Tile(
              Units.fixed(w.before().loss(), 3) + " \u2192 " + Units.fixed(w.after().loss(), 3),
              "loss in nats of " + w.before().count() + " hidden words");
    };
  }

  private String errorWords() {
    return "Relative Frobenius error by layer and kind."
        + (result.settings().hasLowRank()
            ? " The mark above a bar is the error of plain quantization with the same"
                + " configuration; the gap is what the low-rank part takes away."
            : "");
  }

  private String errorChart() {
    BarChart chart = new BarChart("Relative error of each matrix", "layer", "relative error");
    List<MatrixOutcome> byLayer =
        result.outcomes().stream()
            .sorted(Comparator.comparingInt(outcome -> WeightKind.of(outcome.name()).number()))
            .toList();
    for (MatrixOutcome outcome : byLayer) {
      WeightKind kind = WeightKind.of(outcome.name());
      chart.bar(
          kind.layer(),
          kind.kind(),
          outcome.relativeError(),
          outcome.rank() > 0 ? outcome.relativePlainError() : Double.NaN,
          outcome.name()
              + ": "
              + Units.fixed(outcome.relativeError(), DIGITS)
              + ", plain "
              + Units.fixed(outcome.relativePlainError(), DIGITS)
              + ", "
              + outcome.config());
    }
    return chart.render();
  }

  private String convergenceChart() {
    LineChart chart =
        new LineChart("Error against iteration", "iteration", "error, plain quantization = 1");
    for (MatrixOutcome outcome : result.outcomes()) {
      double plain = outcome.figures().plainError();
      double[] errors =
          outcome.figures().objective().stream()
              .mapToDouble(error -> plain == 0 ? 0 : error / plain)
              .toArray();
      chart.line(WeightKind.of(outcome.name()).kind(), outcome.name(), index(errors), errors);
    }
    return chart.render();
  }

  private static String spectraWords() {
    return "Solid: the weight itself. Dashed: what is left after the quantized and the low-rank part"
        + " are taken away; values that the factors make zero are not drawn. A flat dashed line"
        + " means that little structure is left to gain from.";
  }

  private static String spectraChart(List<Spectrum> spectra) {
    LineChart chart = new LineChart("Singular values", "index", "singular value").logarithmic();
    for (Spectrum spectrum : spectra) {
      double least = NEGLIGIBLE * spectrum.weight()[0];
      chart.line(
          spectrum.label(),
          spectrum.name() + ": weight",
          index(spectrum.weight()),
          atLeast(least, spectrum.weight()));
      chart.dashedLine(
          spectrum.label(),
          spectrum.name() + ": rest",
          index(spectrum.rest()),
          atLeast(least, spectrum.rest()));
    }
    return chart.render();
  }

  private static double[] index(double[] values) {
    return IntStream.rangeClosed(1, values.length).asDoubleStream().toArray();
  }

  /** The values with smaller ones replaced by 0, which a logarithmic axis leaves out. */
  private static double[] atLeast(double least, double[] values) {
    return Arrays.stream(values).map(value -> value < least ? 0 : value).toArray();
  }

  private String table() {
    List<List<String>> rows = new ArrayList<>();
    for (MatrixOutcome outcome : result.outcomes()) {
      rows.add(
          List.of(
              outcome.name(),
              outcome.rows() + " \u00d7 " + outcome.cols(),
              outcome.config().toString(),
              Units.fixed(outcome.bits(), 3),
              Integer.toString(outcome.rank()),
              Units.fixed(outcome.relativePlainError(), DIGITS),
              Units.fixed(outcome.relativeError(), DIGITS),
              Integer.toString(outcome.figures().objective().size()),
              Units.fixed(outcome.figures().seconds(), 2)));
    }
    return ReportPage.table(
        List.of(
            "matrix", "shape", "config", "bits", "rank", "plain error", "error", "iterations", "s"),
        rows);
  }

  private String footer() {
    return "Quadrille "
        + Machine.version()
        + ", JDK "
        + Runtime.version()
        + ", "
        + Machine.processor()
        + ". Data: report.csv, report.json, run.json.";
  }
}
