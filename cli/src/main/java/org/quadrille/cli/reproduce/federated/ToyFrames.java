package org.quadrille.cli.reproduce.federated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.quadrille.cli.report.Svg;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.federated.propagation.ToyFederation;
import org.quadrille.federated.propagation.ToyFederation.Method;
import org.quadrille.formats.AtomicFile;
import org.quadrille.linalg.Tensor;

/**
 * Pictures of message passing in the plane, one for each iteration: the clients' likelihoods, the
 * exact posterior, the mean of the clients' means (what averaging finds), the path of the global
 * approximation and its ellipse now, side by side for the three kinds of sites.
 */
public final class ToyFrames {
  private static final int PANEL = 300;
  private static final int MARGIN = 20;
  private static final int TITLE = 34;
  private static final int LEGEND = 30;
  private static final int ELLIPSE_POINTS = 96;

  private static final String STYLE =
      """
      text { font: 13px sans-serif; fill: #333; }
      .small { font-size: 11px; fill: #666; }
      .panel { fill: #fcfcfb; stroke: #ddd; }
      .client { fill: none; stroke: #8aa0b8; stroke-width: 1; }
      .exact { fill: none; stroke: #2a7f3f; stroke-width: 1.4; }
      .now { fill: none; stroke: #c2410c; stroke-width: 1.6; }
      .path { fill: none; stroke: #c2410c; stroke-width: 1; stroke-dasharray: 3 2; }
      .exactpoint { fill: #2a7f3f; }
      .average { fill: #4b3fb0; }
      .first { fill: #e3a008; }
      .nowpoint { fill: #c2410c; }
      """;

  private final List<GaussianLikelihood> clients;
  private final Gaussian exact;
  private final double[] average = new double[2];
  private final double left;
  private final double bottom;
  private final double extent;

  /**
   * Pictures of a federation.
   *
   * @param clients at least one, with a proper Gaussian likelihood of two parameters each
   */
  public ToyFrames(List<GaussianLikelihood> clients) {
    this.clients = List.copyOf(clients);
    this.exact = new ToyFederation(Method.FULL, clients).exact();
    if (exact.dimension() != 2) {
      throw new IllegalArgumentException(
          "clients of " + exact.dimension() + " parameters given, expected 2: a plane");
    }
    double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (GaussianLikelihood client : clients) {
      Gaussian factor = client.factor().orElseThrow();
      double[] variances = factor.precision().variances().toDoubles();
      for (int i = 0; i < 2; i++) {
        average[i] += factor.mean().get(i) / clients.size();
        low[i] = Math.min(low[i], factor.mean().get(i) - 2 * Math.sqrt(variances[i]));
        high[i] = Math.max(high[i], factor.mean().get(i) + 2 * Math.sqrt(variances[i]));
      }
    }
    for (int i = 0; i < 2; i++) {
      low[i] = Math.min(low[i], exact.mean().get(i));
      high[i] = Math.max(high[i], exact.mean().get(i));
    }
    extent = 1.15 * Math.max(high[0] - low[0], high[1] - low[1]);
    left = (low[0] + high[0] - extent) / 2;
    bottom = (low[1] + high[1] - extent) / 2;
  }

  /**
   * The pictures after 0, 1, ... iterations as standalone SVG texts.
   *
   * @param iterations at least 0
   */
  public List<String> frames(int iterations) {
    if (iterations < 0) {
      throw new IllegalArgumentException(
          "iterations: " + iterations + " given, expected 0 or more");
    }
    List<ToyFederation> toys = new ArrayList<>();
    List<List<double[]>> paths = new ArrayList<>();
    for (Method method : Method.values()) {
      toys.add(new ToyFederation(method, clients));
      paths.add(new ArrayList<>());
    }
    List<String> frames = new ArrayList<>();
    for (int iteration = 0; iteration <= iterations; iteration++) {
      for (int m = 0; m < toys.size() && iteration > 0; m++) {
        toys.get(m).iterate();
        paths.get(m).add(toys.get(m).approximation().mean().toDoubles());
      }
      frames.add(frame(iteration, toys, paths));
    }
    return frames;
  }

  /**
   * Writes the pictures as {@code toy-00.svg}, {@code toy-01.svg}, ... into a folder, which is
   * created.
   *
   * @return the files in order
   */
  public List<Path> write(Path folder, int iterations) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (String frame : frames(iterations)) {
      Path file = folder.resolve(String.format(Locale.ROOT, "toy-%02d.svg", files.size()));
      AtomicFile.writeText(file, frame);
      files.add(file);
    }
    return files;
  }

  private String frame(int iteration, List<ToyFederation> toys, List<List<double[]>> paths) {
    int panels = toys.size();
    Svg svg =
        Svg.standalone(
            MARGIN + panels * (PANEL + MARGIN),
            TITLE + PANEL + LEGEND,
            "Message passing between Gaussian clients after " + iteration + " iterations",
            STYLE);
    String[] titles = {"full precision", "diagonal", "scaled identity"};
    for (int m = 0; m < panels; m++) {
      Panel panel = new Panel(svg, MARGIN + m * (PANEL + MARGIN));
      svg.text(panel.x0, TITLE - 12, "start", "", titles[m] + ", iteration " + iteration);
      svg.rectangle(panel.x0, TITLE, PANEL, PANEL, "panel", "");
      clients.forEach(client -> panel.ellipses(client.factor().orElseThrow(), "client"));
      panel.ellipses(exact, "exact");
      panel.point(exact.mean().toDoubles(), "exactpoint", "exact mean");
      panel.point(average, "average", "mean of the clients' means");
      if (iteration > 0) {
        panel.path(paths.get(m));
        panel.ellipses(toys.get(m).approximation().as(PrecisionShape.FULL), "now");
        panel.point(paths.get(m).getFirst(), "first", "after the first iteration");
        panel.point(paths.get(m).getLast(), "nowpoint", "now");
        svg.text(
            panel.x0 + PANEL,
            TITLE - 12,
            "end",
            "small",
            String.format(Locale.ROOT, "distance %.3f", distance(paths.get(m).getLast())));
      }
    }
    legend(svg);
    return svg.render();
  }

  private double distance(double[] mean) {
    return Math.hypot(mean[0] - exact.mean().get(0), mean[1] - exact.mean().get(1));
  }

  private static void legend(Svg svg) {
    String[] styles = {"exactpoint", "average", "first", "nowpoint"};
    String[] words = {"exact posterior", "federated averaging", "first iteration", "now"};
    double y = TITLE + PANEL + 19;
    for (int i = 0; i < styles.length; i++) {
      svg.circle(MARGIN + 5 + 160 * i, y - 4, 4, styles[i], "");
      svg.text(MARGIN + 14 + 160 * i, y, "start", "small", words[i]);
    }
  }

  /** One of the drawings of a frame. */
  private final class Panel {
    private final Svg svg;
    private final double x0;

    Panel(Svg svg, double x0) {
      this.svg = svg;
      this.x0 = x0;
    }

    double x(double theta) {
      return x0 + clamped((theta - left) / extent) * PANEL;
    }

    double y(double theta) {
      return TITLE + PANEL - clamped((theta - bottom) / extent) * PANEL;
    }

    private double clamped(double part) {
      return Math.clamp(part, 0, 1);
    }

    void point(double[] place, String style, String tooltip) {
      String where = String.format(Locale.ROOT, " (%.2f, %.2f)", place[0], place[1]);
      svg.circle(x(place[0]), y(place[1]), 4, style, tooltip + where);
    }

    void path(List<double[]> places) {
      double[] xs = places.stream().mapToDouble(p -> x(p[0])).toArray();
      double[] ys = places.stream().mapToDouble(p -> y(p[1])).toArray();
      svg.path(xs, ys, "path", "");
    }

    /** One and two standard deviations: the images of circles under {@code mean + L^-T z}. */
    void ellipses(Gaussian gaussian, String style) {
      for (int radius = 1; radius <= 2; radius++) {
        double[] xs = new double[ELLIPSE_POINTS + 1];
        double[] ys = new double[ELLIPSE_POINTS + 1];
        for (int i = 0; i <= ELLIPSE_POINTS; i++) {
          double angle = 2 * Math.PI * i / ELLIPSE_POINTS;
          double[] circle = {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
          double[] place = gaussian.sample(Tensor.of(circle, 2)).toDoubles();
          xs[i] = x(place[0]);
          ys[i] = y(place[1]);
        }
        svg.path(xs, ys, style, "");
      }
    }
  }
}
