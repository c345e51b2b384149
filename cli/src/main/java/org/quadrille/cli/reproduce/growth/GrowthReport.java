package org.quadrille.cli.reproduce.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.report.LineChart;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.formats.AtomicFile;

/** The study as a page, a chart and a table of all losses. */
final class GrowthReport {
  private static final double TERA = 1e-12;

  private GrowthReport() {}

  /** Writes {@code report.html}, {@code losses.svg} and {@code losses.csv}. */
  static void write(StudyResult result, List<Claim> claims, Path folder) throws IOException {
    AtomicFile.writeText(folder.resolve("report.html"), page(result, claims));
    AtomicFile.writeText(folder.resolve("losses.svg"), chart(result.main()).renderFile());
    AtomicFile.writeText(folder.resolve("losses.csv"), csv(result));
  }

  private static String page(StudyResult result, List<Claim> claims) {
    PartResult main = result.main();
    StudySeries ligo = main.get(GrowthMethods.LIGO);
    StudySeries tuned = main.get(GrowthMethods.LIGO_TUNED);
    ReportPage page =
        new ReportPage(
                "Growing trained transformers",
                main.part().setting().describe()
                    + "; King James Bible, characters; "
                    + main.part().seeds()
                    + " seeds with paired data")
            .tiles(
                List.of(
                    tile(main, ligo, Saving::saving, "saved by LiGO, source not counted"),
                    tile(main, ligo, Saving::savingWithSource, "saved by LiGO, source counted"),
                    tile(main, tuned, Saving::saving, "saved by LiGO from a lossless start"),
                    tile(main, tuned, Saving::savingWithSource, "the same, source counted")));
    for (PartResult part : result.parts()) {
      if (part.part().budgets().size() > 1) {
        page.section(
            part.part().title() + ": loss against operations",
            "Each point is a run whose schedule ends there, the mean of the seeds; bands reach from"
                + " the best to the worst seed. Operations include growing and learning to grow,"
                + " not the source.",
            chart(part).render());
      }
      page.section(
          part.part().title() + ": losses and savings",
          part.part().setting().describe()
              + ". Saving: operations to the loss that training from scratch ends at, against"
              + " those from scratch; with the source, and as speed-up, too.",
          table(part));
    }
    return page.section(
            "Claims", "Of each claim of the paper: what was expected and measured.", claims(claims))
        .footer(
            "Quadrille "
                + Machine.version()
                + ", Java "
                + Machine.jdk()
                + "; floating-point operations are counted, not timed")
        .render();
  }

  private static ReportPage.Tile tile(
      PartResult part, StudySeries series, ToDoubleFunction<Saving> figure, String what) {
    Saving saving = part.saving(series);
    return new ReportPage.Tile(
        saving.reached() ? GrowthClaims.percent(figure.applyAsDouble(saving)) : "not reached",
        what);
  }

  /** Loss against operations, one line a method. */
  static LineChart chart(PartResult part) {
    LineChart chart =
        new LineChart(
            part.part().title(), "operations of the large model, TFLOP", "held-out loss, nats");
    List<StudySeries> all = new ArrayList<>();
    all.add(part.scratch());
    // There are eight colours; these two lie on others.
    List<String> hidden =
        List.of(GrowthMethods.LIGO_AS_RELEASED.name(), GrowthMethods.MIXED.name());
    part.series().stream().filter(s -> !hidden.contains(s.method().name())).forEach(all::add);
    for (StudySeries series : all) {
      double[] x =
          Arrays.stream(series.budgets())
              .mapToDouble(b -> TERA * (b * series.stepFlops() + series.learningFlops()))
              .toArray();
      double[] low = x.clone();
      double[] high = x.clone();
      for (int b = 0; b < x.length; b++) {
        int budget = series.budgets()[b];
        double[] losses =
            java.util.stream.IntStream.range(0, series.seeds().length)
                .mapToDouble(seed -> series.loss(seed, budget))
                .toArray();
        low[b] = Arrays.stream(losses).min().orElseThrow();
        high[b] = Arrays.stream(losses).max().orElseThrow();
      }
      String label = series.method().label();
      chart.band(label, x, low, high);
      chart.line(label, label, x, series.meanLosses());
    }
    return chart;
  }

  private static String table(PartResult part) {
    List<String> headings = new ArrayList<>(List.of("method", "start"));
    List<Integer> budgets = new ArrayList<>(part.part().budgets());
    part.part().scratchBudgets().stream().filter(b -> !budgets.contains(b)).forEach(budgets::add);
    budgets.sort(null);
    budgets.forEach(b -> headings.add("after " + b));
    headings.addAll(
        List.of("growing", "steps needed", "saving", "with source", "speed-up", "with source"));
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(part, part.scratch(), budgets));
    part.series().forEach(series -> rows.add(row(part, series, budgets)));
    return ReportPage.table(headings, rows);
  }

  private static List<String> row(PartResult part, StudySeries series, List<Integer> budgets) {
    List<String> row = new ArrayList<>();
    boolean steps = part.part().budgets().size() == 1 && !series.method().isScratch();
    row.add(
        series.method().label()
            + (steps ? ", " + series.method().learning().steps() + " steps" : ""));
    row.add(number(series.meanStart()));
    for (int budget : budgets) {
      row.add(series.has(budget) ? number(series.meanLoss(budget)) : "");
    }
    if (series.method().isScratch()) {
      row.addAll(List.of("", String.valueOf(series.fullBudget()), "", "", "", ""));
      return row;
    }
    Saving saving = part.saving(series);
    row.add(String.format(Locale.ROOT, "%.0f", series.learningFlops() / series.stepFlops()));
    if (!saving.reached()) {
      row.addAll(List.of("not reached", "", "", "", ""));
      return row;
    }
    row.add(String.format(Locale.ROOT, "%.0f", saving.budget()));
    row.add(GrowthClaims.percent(saving.saving()));
    row.add(GrowthClaims.percent(saving.savingWithSource()));
    row.add(GrowthClaims.percent(saving.speedUp()));
    row.add(GrowthClaims.percent(saving.speedUpWithSource()));
    return row;
  }

  private static String claims(List<Claim> claims) {
    return ReportPage.table(
        List.of("claim", "verdict"),
        claims.stream().map(c -> List.of(c.claim(), c.verdict().toString())).toList());
  }

  private static String csv(StudyResult result) {
    StringBuilder csv =
        new StringBuilder("part,method,learning_steps,seed,budget,start,loss,flops,source_flops\n");
    for (PartResult part : result.parts()) {
      append(csv, part, part.scratch());
      part.series().forEach(series -> append(csv, part, series));
    }
    return csv.toString();
  }

  private static void append(StringBuilder csv, PartResult part, StudySeries series) {
    for (int s = 0; s < series.seeds().length; s++) {
      for (int budget : series.budgets()) {
        csv.append(
            String.join(
                ",",
                part.part().setting().name(),
                series.method().name(),
                String.valueOf(series.method().learning().steps()),
                String.valueOf(series.seeds()[s]),
                String.valueOf(budget),
                String.valueOf(series.starts()[s]),
                String.valueOf(series.loss(s, budget)),
                String.valueOf(budget * series.stepFlops() + series.learningFlops()),
                String.valueOf(series.sourceFlops())));
        csv.append('\n');
      }
    }
  }

  private static String number(double loss) {
    return String.format(Locale.ROOT, "%.4f", loss);
  }
}
