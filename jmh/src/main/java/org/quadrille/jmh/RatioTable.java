package org.quadrille.jmh;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Benchmark results beside each other, as Markdown tables. */
final class RatioTable {

  static final String[] LIBRARIES = {"quadrille", "openblas", "ejml", "ojalgo", "netlib"};

  private RatioTable() {}

  /** GFLOP/s per library, and how many times as fast Quadrille is as each peer. */
  static String ofProducts(Collection<RunResult> results) {
    Map<String, Map<String, Double>> rows = new TreeMap<>();
    for (RunResult result : results) {
      String row =
          productRow(
              parameter(result, "precision"),
              Integer.parseInt(parameter(result, "n")),
              Integer.parseInt(parameter(result, "threads")));
      rows.computeIfAbsent(row, key -> new TreeMap<>())
          .put(parameter(result, "library"), gigaflops(result));
    }
    return ofProducts(rows);
  }

  /** The same from rates by row and library; a row begins with product, size and threads. */
  static String ofProducts(Map<String, Map<String, Double>> rows) {
    StringBuilder table = new StringBuilder("\nGFLOP/s (in brackets: quadrille / peer)\n\n");
    table.append("| product | n | threads |");
    for (String library : LIBRARIES) {
      table.append(' ').append(library).append(" |");
    }
    table.append("\n|---|---|---|---|---|---|---|---|\n");
    rows.forEach(
        (row, rates) -> {
          table.append(row);
          for (String library : LIBRARIES) {
            table.append(cell(rates.get("quadrille"), rates.get(library), library));
          }
          table.append('\n');
        });
    return table.toString();
  }

  /** The cells that name a product. */
  static String productRow(String precision, int n, int threads) {
    return "| %s | %5d | %d |".formatted(precision.equals("float") ? "sgemm" : "dgemm", n, threads);
  }

  private static String cell(Double own, Double rate, String library) {
    if (rate == null) {
      return " - |";
    }
    return own == null || library.equals("quadrille")
        ? String.format(Locale.ROOT, " %.1f |", rate)
        : String.format(Locale.ROOT, " %.1f (%.2f) |", rate, own / rate);
  }

  /** The peak of one core. */
  static String ofPeak(Collection<RunResult> results) {
    StringBuilder table = new StringBuilder("\n| peak of one core, GFLOP/s (float) |\n|---|\n");
    for (RunResult result : results) {
      table.append(String.format(Locale.ROOT, "| %.1f |\n", gigaflops(result)));
    }
    return table.toString();
  }

  /** Nanoseconds per element of both backends. */
  static String ofBackends(Collection<RunResult> results) {
    Map<String, Map<String, Double>> rows = new TreeMap<>();
    for (RunResult result : results) {
      int n = Integer.parseInt(parameter(result, "n"));
      String row = "| %s | %9d |".formatted(result.getPrimaryResult().getLabel(), n);
      rows.computeIfAbsent(row, key -> new TreeMap<>())
          .put(parameter(result, "backend"), result.getPrimaryResult().getScore() / n);
    }
    StringBuilder table =
        new StringBuilder(
            "\n| ns per element | n | scalar | simd | ratio |\n|---|---|---|---|---|\n");
    rows.forEach(
        (row, times) -> {
          double scalar = times.getOrDefault("scalar", Double.NaN);
          double simd = times.getOrDefault("simd", Double.NaN);
          table.append(
              String.format(
                  Locale.ROOT, "%s %.4f | %.4f | %.1f |\n", row, scalar, simd, scalar / simd));
        });
    return table.toString();
  }

  private static String parameter(RunResult result, String name) {
    return result.getParams().getParam(name);
  }

  private static double gigaflops(RunResult result) {
    for (Map.Entry<String, ? extends Result<?>> entry : secondary(result).entrySet()) {
      if (entry.getKey().contains("gigaflop")) {
        return entry.getValue().getScore();
      }
    }
    throw new IllegalStateException("no counter of operations in " + result);
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  private static Map<String, ? extends Result<?>> secondary(RunResult result) {
    return (Map) result.getSecondaryResults();
  }
}
