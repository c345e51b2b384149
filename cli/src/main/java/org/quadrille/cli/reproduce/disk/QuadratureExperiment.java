package org.quadrille.cli.reproduce.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.cli.zernike.TestFunction;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskRule;
import org.quadrille.zernike.RadialRule;
import org.quadrille.zernike.plot.ConvergenceCurves;
import org.quadrille.zernike.plot.NodeLayout;
import org.quadrille.zernike.plot.Picture;

/** How fast tensor rules converge: M Gauss radii times K equispaced angles. */
public final class QuadratureExperiment implements Experiment {
  private static final List<String> SMOOTH =
      List.of("cos20x", "runge25", "exp3x2y", "gauss_off", "cos80xy", "j100_150");

  private static final String SINGULAR = "sqrt1mr2";
  private static final double ROUNDING = 1e-13;

  private final int[] nodes;
  private final List<TestFunction> functions = new ArrayList<>();
  private final double[][] inRadius;
  private final double[][] inSquare;

  /** Measures; quick: every tenth number of nodes only. */
  public QuadratureExperiment(boolean quick) {
    nodes =
        quick
            ? IntStream.rangeClosed(1, 12).map(i -> 10 * i).toArray()
            : IntStream.rangeClosed(1, 60).map(i -> 2 * i).toArray();
    for (TestFunction function : TestFunction.all()) {
      if (SMOOTH.contains(function.name()) || function.name().equals(SINGULAR)) {
        functions.add(function);
      }
    }
    inRadius = new double[functions.size()][nodes.length];
    inSquare = new double[functions.size()][nodes.length];
    for (int f = 0; f < functions.size(); f++) {
      for (int i = 0; i < nodes.length; i++) {
        int m = nodes[i];
        inRadius[f][i] = error(DiskRule.inRadius(m, 2 * m), functions.get(f));
        inSquare[f][i] = error(DiskRule.inSquaredRadius(m, 4 * m), functions.get(f));
      }
    }
  }

  /** Error over the size of the integral, or over 1 for small integrals of functions of size 1. */
  private static double error(DiskRule rule, TestFunction function) {
    double exact = function.integral();
    return Math.abs(rule.integrate(function.f()) - exact) / Math.max(1, Math.abs(exact));
  }

  @Override
  public List<Claim> claims() {
    return List.of(exactness(), geometric(), singular(), runge(), alias());
  }

  private static Claim exactness() {
    int m = 12;
    double largest = 0;
    DiskRule rule = DiskRule.inRadius(m, 2 * m);
    int degree = 2 * m;
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree);
    int points = (int) rule.size();
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = rule.x(i / (2 * m), i % (2 * m));
      y[i] = rule.y(i / (2 * m), i % (2 * m));
    }
    double[] modes = evaluator.modes(x, y, null);
    double beyond = 0;
    int exact = (2 * m) * (2 * m + 1) / 2;
    for (int j = 0; j < evaluator.modeCount(); j++) {
      double sum = 0;
      for (int i = 0; i < points; i++) {
        sum += rule.weight(i / (2 * m)) * modes[j * points + i];
      }
      // all modes but the constant have the integral 0
      double error = Math.abs(sum - (j == 0 ? Math.PI : 0));
      if (j < exact) {
        largest = Math.max(largest, error);
      } else {
        beyond = Math.max(beyond, error);
      }
    }
    return new Claim(
        "M Gauss nodes in the radius and 2M angles integrate all Zernike polynomials of degree up"
            + " to 2M - 1",
        "section 4",
        "error at rounding to degree 2M - 1; degree 2M aliases",
        String.format(
            Locale.ROOT,
            "M = %d: largest error %.1e over %d modes; beyond, %.2f",
            m,
            largest,
            exact,
            beyond),
        Verdict.of(largest < 1e-14 && beyond > 0.01));
  }

  /** Least nodes from which on the error stays at rounding; -1 if there are none. */
  private int reached(double[] errors) {
    int from = -1;
    for (int i = nodes.length - 1; i >= 0 && errors[i] <= ROUNDING; i--) {
      from = nodes[i];
    }
    return from;
  }

  private Claim geometric() {
    List<String> parts = new ArrayList<>();
    boolean all = true;
    for (int f = 0; f < functions.size(); f++) {
      if (SMOOTH.contains(functions.get(f).name())) {
        int from = reached(inRadius[f]);
        all &= from > 0;
        parts.add(functions.get(f).formula() + " " + (from > 0 ? "M = " + from : "not reached"));
      }
    }
    return new Claim(
        "For smooth functions, oscillating ones included, quadrature converges to rounding with few"
            + " nodes",
        "sections 4 and 6",
        "1e-13 as soon as oscillations are resolved",
        "to 1e-13: " + String.join(", ", parts),
        Verdict.of(all));
  }

  private Claim singular() {
    int f = indexOf(SINGULAR);
    int last = nodes.length - 1;
    int half = last / 2;
    double order =
        Math.log(inRadius[f][half] / inRadius[f][last])
            / Math.log((double) nodes[last] / nodes[half]);
    return new Claim(
        "A root at the edge, sqrt(1 - r²), converges algebraically only",
        "section 4; Gauss rules at end-point singularities (r - 1)^(1/2): M^-3",
        "order 3",
        String.format(Locale.ROOT, "order %.2f from M = %d on", order, nodes[half]),
        Verdict.of(Math.abs(order - 3) < 0.15));
  }

  private Claim runge() {
    TestFunction runge = functions.get(indexOf("runge25"));
    double radius = error(DiskRule.inRadius(20, 4), runge);
    double square = error(DiskRule.inSquaredRadius(20, 4), runge);
    return new Claim(
        "Where singularities lie near the centre, nodes in the radius beat nodes in its square",
        "section 4, 1/(1+25r²)",
        "20 nodes: 2e-12 against 6e-8 (computed to 40 digits)",
        String.format(Locale.ROOT, "%.1e against %.1e", radius, square),
        Verdict.of(radius < 5e-12 && square > 1e-8 && square < 1e-6));
  }

  private Claim alias() {
    TestFunction wave = functions.get(indexOf("j100_150"));
    double found = DiskRule.inRadius(100, 100).integrate(wave.f());
    return new Claim(
        "Angles must outnumber the angular frequency: an order N = K is taken for a constant",
        "section 4, J100(150r)cos(100θ) with 100 angles",
        "0.03208 instead of 0 (computed to 40 digits)",
        String.format(
            Locale.ROOT,
            "%.5f; %.0e with 200 angles",
            found,
            Math.abs(DiskRule.inRadius(100, 200).integrate(wave.f()))),
        Verdict.of(Math.abs(found - 0.03208) < 5e-6));
  }

  private int indexOf(String name) {
    for (int f = 0; f < functions.size(); f++) {
      if (functions.get(f).name().equals(name)) {
        return f;
      }
    }
    throw new IllegalArgumentException(name + " is not among " + functions);
  }

  @Override
  public void write(Path folder) throws IOException {
    CsvTable table = new CsvTable();
    table.add("radial_nodes", IntStream.of(nodes).asLongStream().toArray());
    for (int f = 0; f < functions.size(); f++) {
      table.add(functions.get(f).name() + "_radius", inRadius[f]);
      table.add(functions.get(f).name() + "_squared", inSquare[f]);
    }
    table.write(folder.resolve("quadrature.csv"));
    Picture curves =
        Picture.arranged(
            "Quadrature over the disk",
            List.of(
                curves("M Gauss nodes in the radius, 2M angles", inRadius),
                curves("M Gauss nodes in the squared radius, 4M angles", inSquare)),
            1);
    AtomicFile.writeText(folder.resolve("quadrature.svg"), curves.svg());
    AtomicFile.writeText(folder.resolve("nodes.svg"), layouts().svg());
  }

  private Picture curves(String title, double[][] errors) {
    double[] m = IntStream.of(nodes).asDoubleStream().toArray();
    ConvergenceCurves curves = new ConvergenceCurves(title, "radial nodes M", "error");
    for (int f = 0; f < functions.size(); f++) {
      curves.curve(functions.get(f).formula(), m, drawn(errors[f]));
    }
    return curves.picture();
  }

  /** Errors of exactly 0 drawn as a tenth of rounding. */
  static double[] drawn(double[] errors) {
    double[] shown = errors.clone();
    for (int i = 0; i < shown.length; i++) {
      shown[i] = Math.max(shown[i], 1e-17);
    }
    return shown;
  }

  private static Picture layouts() {
    RadialRule a = RadialRule.inRadius(12, 0);
    RadialRule b = RadialRule.inSquaredRadius(6, 0);
    return Picture.row(
        "Nodes of two rules exact to degree 22",
        List.of(
            new NodeLayout("Gauss in the radius", a.radii(), a.radialWeights(), 23).picture(),
            new NodeLayout("Gauss in the squared radius", b.radii(), b.radialWeights(), 23)
                .picture()));
  }
}
