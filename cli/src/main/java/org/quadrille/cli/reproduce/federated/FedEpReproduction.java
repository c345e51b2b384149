package org.quadrille.cli.reproduce.federated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.report.LineChart;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Reproduction;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;

/**
 * Federated expectation propagation: the toy of the paper exactly, and its orderings of methods on
 * real data, every method tuned with the same number of runs.
 *
 * <p>Digits come with the program; Fashion-MNIST is used where Debian's package or {@code
 * -Dquadrille.fashion=DIR} provides it, vowels of speakers where {@code -Dquadrille.vowel=FILE.csv}
 * does. Runs are kept in {@code target/reproduce-fedep} below the home of the program or the
 * current folder, so a stopped reproduction goes on.
 */
public final class FedEpReproduction implements Reproduction {
  private static final int TUNING_RUNS = 16;
  private static final int TOY_ITERATIONS = 10;
  private static final int QUICK_TUNING_RUNS = 6;
  private static final int SEEDS = 5;
  private static final int QUICK_SEEDS = 3;

  private final List<BenchmarkResult> results = new ArrayList<>();
  private List<Claim> claims = List.of();

  /** The claims of the paper. */
  public FedEpReproduction() {}

  @Override
  public String paper() {
    return "Federated Learning as Variational Inference: A Scalable Expectation Propagation"
        + " Approach (Guo, Greengard, Wang, Gelman, Kim, Xing, 2023)";
  }

  @Override
  public List<Claim> run(boolean quick, long seed, Console console) throws IOException {
    List<Claim> all = new ArrayList<>(ToyClaims.measure(seed));
    int budget = quick ? QUICK_TUNING_RUNS : TUNING_RUNS;
    int seeds = quick ? QUICK_SEEDS : SEEDS;
    Path cache = cache();
    Files.createDirectories(cache);
    for (BenchmarkSetting setting : settings(quick)) {
      double runs = (double) Contender.ALL.size() * (budget + seeds);
      try (Progress progress = console.progress(setting.name(), runs, "runs")) {
        BenchmarkResult result =
            BenchmarkResult.measure(new Benchmark(setting, cache, progress), budget, seeds);
        results.add(result);
        all.addAll(result.claims());
      }
    }
    claims = List.copyOf(all);
    return claims;
  }

  private static List<BenchmarkSetting> settings(boolean quick) {
    List<BenchmarkSetting> settings = new ArrayList<>();
    settings.add(BenchmarkSetting.digits());
    String vowel = System.getProperty("quadrille.vowel");
    if (!quick && vowel != null) {
      settings.add(BenchmarkSetting.vowels(Path.of(vowel)));
    }
    Path fashion =
        Path.of(System.getProperty("quadrille.fashion", "/usr/share/datasets/fashion-mnist"));
    if (!quick && Files.isDirectory(fashion)) {
      settings.add(BenchmarkSetting.linear(fashion));
      settings.add(BenchmarkSetting.perceptron(fashion));
    }
    return settings;
  }

  private static Path cache() {
    return Path.of(System.getProperty("quadrille.home", ""), "target", "reproduce-fedep");
  }

  @Override
  public JsonObject data() {
    return new JsonObject()
        .put("benchmarks", results.stream().map(BenchmarkResult::toJson).toList());
  }

  @Override
  public void write(Path folder) throws IOException {
    List<ReportPage.Tile> tiles = new ArrayList<>();
    long holds = claims.stream().filter(c -> c.verdict() == Claim.Verdict.HOLDS).count();
    tiles.add(new ReportPage.Tile(holds + " of " + claims.size(), "claims hold"));
    ReportPage page =
        new ReportPage("Federated expectation propagation", paper())
            .tiles(tiles)
            .section("Claims", "What the paper says and what was measured here.", claimTable());
    new ToyFrames(ToyClaims.clients()).write(folder.resolve("toy"), TOY_ITERATIONS);
    for (BenchmarkResult result : results) {
      table(result).write(folder.resolve("fedep-" + result.setting().name() + ".csv"));
      AtomicFile.writeText(
          folder.resolve("fedep-" + result.setting().name() + ".svg"),
          chart(result, "accuracy").renderFile());
      page.section(
          result.setting().name(),
          String.format(
              Locale.ROOT,
              "Every method tuned with %d runs on one seed by its mean accuracy on validation"
                  + " examples, tested with %d other seeds; means over seeds.",
              result.budget(),
              result.seeds()),
          chart(result, "accuracy").render()
              + chart(result, "loss").render()
              + byBytes(result).render()
              + methodTable(result));
    }
    AtomicFile.writeText(
        folder.resolve("report.html"),
        page.footer("quadrille " + Machine.version() + ", JDK " + Machine.jdk()).render());
  }

  private String claimTable() {
    return ReportPage.table(
        List.of("claim", "expected", "measured", "verdict"),
        claims.stream()
            .map(c -> List.of(c.claim(), c.expected(), c.measured(), c.verdict().toString()))
            .toList());
  }

  private static LineChart chart(BenchmarkResult result, String measure) {
    LineChart chart = new LineChart(measure, "rounds", measure);
    for (MethodResult method : result.methods()) {
      int[] rounds = method.runs().getFirst().rounds();
      double[] x = new double[rounds.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = rounds[i];
      }
      chart.line(method.label(), method.chosen().fingerprint(), x, meanCurve(method, measure));
    }
    return chart;
  }

  private static LineChart byBytes(BenchmarkResult result) {
    LineChart chart = new LineChart("accuracy by bytes", "megabytes both ways", "accuracy");
    for (MethodResult method : result.methods()) {
      int[] rounds = method.runs().getFirst().rounds();
      double each = method.mean(BenchmarkRun::bytesPerRound) * 1e-6;
      double[] x = new double[rounds.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = (rounds[i] - result.setting().warmStart()) * each;
      }
      chart.line(method.label(), method.label(), x, meanCurve(method, "accuracy"));
    }
    return chart;
  }

  private static double[] meanCurve(MethodResult method, String measure) {
    double[] mean = new double[method.runs().getFirst().rounds().length];
    for (BenchmarkRun run : method.runs()) {
      double[] values = measure.equals("loss") ? run.loss() : run.accuracy();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += values[i] / method.runs().size();
      }
    }
    return mean;
  }

  private static String methodTable(BenchmarkResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (MethodResult method : result.methods()) {
      rows.add(
          List.of(
              method.chosen().fingerprint(),
              BenchmarkResult.plusMinus(
                  method.mean(BenchmarkRun::finalAccuracy),
                  method.deviation(BenchmarkRun::finalAccuracy)),
              String.format(Locale.ROOT, "%.4f", method.mean(BenchmarkRun::meanAccuracy)),
              String.format(Locale.ROOT, "%.4f", method.mean(BenchmarkRun::finalLoss)),
              String.format(Locale.ROOT, "%.4f", method.mean(BenchmarkRun::finalEce))));
    }
    return ReportPage.table(
        List.of("method", "final accuracy", "mean accuracy", "loss", "calibration error"), rows);
  }

  private static CsvTable table(BenchmarkResult result) {
    List<MethodResult> methods = result.methods();
    return new CsvTable()
        .add("method", methods.stream().map(MethodResult::label).toList())
        .add("chosen", methods.stream().map(m -> m.chosen().fingerprint()).toList())
        .add("accuracy", column(methods, BenchmarkRun::finalAccuracy))
        .add(
            "accuracyDeviation",
            methods.stream().mapToDouble(m -> m.deviation(BenchmarkRun::finalAccuracy)).toArray())
        .add("meanAccuracy", column(methods, BenchmarkRun::meanAccuracy))
        .add("loss", column(methods, BenchmarkRun::finalLoss))
        .add("ece", column(methods, BenchmarkRun::finalEce));
  }

  private static double[] column(
      List<MethodResult> methods, ToDoubleFunction<BenchmarkRun> measure) {
    return methods.stream().mapToDouble(m -> m.mean(measure)).toArray();
  }
}
