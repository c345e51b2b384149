package org.quadrille.cli;

import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.zernike.DiskRuleOption;
import org.quadrille.cli.zernike.DiskRuleOption.Nodes;
import org.quadrille.cli.zernike.TestFunction;
import org.quadrille.formats.JsonObject;
import org.quadrille.zernike.DiskIntegral;
import org.quadrille.zernike.DiskRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille zernike integrate}: an integral over the unit disk. */
@Command(
    name = "integrate",
    description =
        "Integrate a function over the unit disk by equispaced angles and a radial Gauss rule.",
    footer = {
      "",
      "Examples: quadrille zernike integrate --degree 60 --function \"exp(x) * cos(9*y)\"",
      "          quadrille zernike integrate --radial 20 --angles 8 --function runge25",
      "A function is a formula in x, y, r and theta, or one of cos20x, runge25, rho8, j100_150,",
      "sin80xy, cos80xy, gauss_off, sqrt1mr2, poly12, exp3x2y, j10_10, j3_40, gauss40."
    })
final class ZernikeIntegrateCommand extends QuadrilleCommand {
  /** Some ten minutes of work. */
  private static final long MOST_NODES = 10_000_000_000L;

  @Option(
      names = "--degree",
      paramLabel = "N",
      description = "The rule is exact for polynomials in x and y of this degree.")
  private Integer degree;

  @Option(
      names = "--radial",
      paramLabel = "M",
      description = "Radial nodes, instead of --degree; needs --angles.")
  private Integer radial;

  @Option(
      names = "--angles",
      paramLabel = "K",
      description = "Equispaced angles, instead of --degree; needs --radial.")
  private Integer angles;

  @Mixin private DiskRuleOption kind;

  @Option(
      names = "--function",
      required = true,
      paramLabel = "NAME|FORMULA",
      description = "What to integrate: a name, or a formula in x, y, r and theta.")
  private String function;

  @Override
  protected void execute(Console console) {
    TestFunction integrand = TestFunction.of(function);
    Nodes nodes = kind.orElse(Nodes.radius);
    DiskRule rule = rule(nodes);
    long start = System.nanoTime();
    DiskIntegral result = rule.integrateWithEstimate(integrand.f());
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (!Double.isFinite(result.value())) {
      throw new CommandFailure(
          "the integral is "
              + result.value()
              + ": "
              + function
              + " has no finite value at a node; check the formula");
    }
    boolean known = !Double.isNaN(integrand.integral());
    double error = Math.abs(result.value() - integrand.integral());
    Table table =
        new Table()
            .text("measure")
            .number("value")
            .row("integral", Double.toString(result.value()))
            .row("difference to 3/4 of the nodes", Units.significant(result.difference()));
    if (known) {
      table
          .row("exact", Double.toString(integrand.integral()))
          .row("error", Units.significant(error));
    }
    console.print(table);
    console.print("");
    console.print(
        integrand.formula()
            + " over the unit disk by "
            + rule.radialNodes()
            + " x "
            + rule.angles()
            + " nodes, Gauss in the "
            + (nodes == Nodes.radius ? "radius" : "squared radius")
            + ", in "
            + Units.seconds(seconds));
    console.document(
        new JsonObject()
            .put("function", integrand.name())
            .put("nodes", nodes.name())
            .put("radialNodes", rule.radialNodes())
            .put("angles", rule.angles())
            .put("integral", result.value())
            .put("difference", Double.isFinite(result.difference()) ? result.difference() : null)
            .put("exact", known ? integrand.integral() : null)
            .put("error", known ? error : null)
            .put("seconds", seconds));
  }

  private DiskRule rule(Nodes nodes) {
    if ((radial == null) != (angles == null) || (degree == null) == (radial == null)) {
      throw wrongUsage("give either --degree N, or --radial M and --angles K");
    }
    if (degree != null && (degree < 0 || degree == Integer.MAX_VALUE)) {
      throw wrongUsage("--degree " + degree + ": expected 0 or more");
    }
    if (radial != null && (radial < 1 || angles < 1)) {
      throw wrongUsage("--radial " + radial + " --angles " + angles + ": expected 1 or more");
    }
    int m = degree != null ? DiskRuleOption.radialNodes(nodes, degree) : radial;
    int k = degree != null ? degree + 1 : angles;
    if ((long) m * k > MOST_NODES) {
      throw wrongUsage(m + " x " + k + " nodes: expected at most " + MOST_NODES);
    }
    return DiskRuleOption.rule(nodes, m, k);
  }
}
