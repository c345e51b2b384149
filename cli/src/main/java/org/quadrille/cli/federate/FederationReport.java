package org.quadrille.cli.federate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.LineChart;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.federated.simulation.RoundRecord;

/** A page about one run. */
public final class FederationReport {
  private FederationReport() {}

  /** The page. */
  public static String render(String title, String subtitle, FederatedRun.Outcome outcome) {
    Map<String, Double> last = outcome.finalScores();
    List<ReportPage.Tile> tiles = new ArrayList<>();
    tiles.add(new ReportPage.Tile(Units.fixed(last.get("accuracy"), 4), "accuracy at the mean"));
    tiles.add(new ReportPage.Tile(Units.fixed(last.get("ece"), 4), "calibration error"));
    if (last.containsKey("marginal.ece")) {
      tiles.add(
          new ReportPage.Tile(
              Units.fixed(last.get("marginal.ece"), 4), "the same over the posterior"));
    }
    tiles.add(
        new ReportPage.Tile(
            Units.fixed(last.get("clientAccuracyWorstTenth"), 4),
            "accuracy of the worst tenth of the clients"));
    ReportPage page =
        new ReportPage(title, subtitle)
            .tiles(tiles)
            .section(
                "Rounds",
                "Scores of the parameters, or of the mean of the distribution, on examples that"
                    + " belong to no client.",
                chart(outcome, "accuracy", false) + chart(outcome, "loss", false))
            .section(
                "Calibration",
                "Mean difference between confidence and accuracy over 15 equal bins.",
                chart(outcome, "ece", false))
            .section(
                "Bytes",
                "The same accuracy against what all clients have sent and received.",
                chart(outcome, "accuracy", true))
            .section(
                "Clients",
                "Size of the clients' changes in each round: mean, least and largest.",
                clients(outcome))
            .footer("quadrille " + Machine.version() + ", JDK " + Machine.jdk());
    return page.render();
  }

  /** A measure against rounds, or against megabytes. */
  static String chart(FederatedRun.Outcome outcome, String measure, boolean againstBytes) {
    List<double[]> points = points(outcome, measure, againstBytes);
    return new LineChart(measure, againstBytes ? "megabytes both ways" : "rounds", measure)
        .line(
            measure,
            measure,
            points.stream().mapToDouble(p -> p[0]).toArray(),
            points.stream().mapToDouble(p -> p[1]).toArray())
        .render();
  }

  private static List<double[]> points(
      FederatedRun.Outcome outcome, String measure, boolean againstBytes) {
    List<double[]> points = new ArrayList<>();
    double bytes = 0;
    for (RoundRecord record : outcome.records()) {
      bytes += record.bytesDown() + record.bytesUp();
      Double value = record.metrics().get(measure);
      if (value != null) {
        double round = outcome.warmRounds() + record.round() + 1;
        points.add(new double[] {againstBytes ? bytes * 1e-6 : round, value});
      }
    }
    return points;
  }

  private static String clients(FederatedRun.Outcome outcome) {
    StringBuilder charts = new StringBuilder();
    for (String figure : List.of("change", "etaChange", "precisionChange")) {
      List<RoundRecord> with =
          outcome.records().stream()
              .filter(record -> record.clientFigures().containsKey(figure))
              .toList();
      if (!with.isEmpty()) {
        double[] rounds = with.stream().mapToDouble(RoundRecord::round).toArray();
        LineChart chart = new LineChart(figure, "rounds", figure).logarithmic();
        String[] names = {"mean", "least", "largest"};
        for (int i = 0; i < names.length; i++) {
          int which = i;
          chart.line(
              names[i],
              names[i],
              rounds,
              with.stream().mapToDouble(r -> r.clientFigures().get(figure)[which]).toArray());
        }
        charts.append(chart.render());
      }
    }
    return charts.isEmpty()
        ? ReportPage.table(List.of("clients"), List.of(Arrays.asList("no figures")))
        : charts.toString();
  }
}
