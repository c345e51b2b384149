package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.zernike.BasisOptions;
import org.quadrille.cli.zernike.CoefficientFile;
import org.quadrille.cli.zernike.DiskRuleOption;
import org.quadrille.cli.zernike.DiskRuleOption.Nodes;
import org.quadrille.cli.zernike.TestFunction;
import org.quadrille.formats.CsvMatrix;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.DiskRule;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.ModeNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille zernike transform}: between samples on a polar grid and coefficients. */
@Command(
    name = "transform",
    description = "Zernike coefficients of samples on a polar grid, or samples of coefficients.",
    footer = {
      "",
      "Examples: quadrille zernike transform --degree 40 --grid nodes.csv",
      "          quadrille zernike transform --in samples.npy --out coefficients.csv",
      "          quadrille zernike transform --degree 40 --function \"exp(x*y)\" --norm",
      "          quadrille zernike transform --inverse --in coefficients.csv --out samples.npy",
      "A grid is a matrix of M rings from the centre outwards and K equispaced angles from 0 on, the",
      "rings at the nodes of the Gauss rule that --nodes names (squared unless said otherwise);",
      "--grid writes where they lie. Degree N needs K from 2N + 1 on and M from N/2 + 1 (squared) or",
      "N + 1 (radius) on."
    })
final class ZernikeTransformCommand extends QuadrilleCommand {
  /** Coefficients that text shows. */
  private static final int MOST_ROWS = 40;

  @Option(
      names = "--in",
      paramLabel = "GRID",
      description = "Samples (.npy, or .csv without header); with --inverse coefficients (.csv).")
  private Path in;

  @Option(
      names = "--function",
      paramLabel = "NAME|FORMULA",
      description = "Sample this function instead of reading a grid.")
  private String function;

  @Option(
      names = "--degree",
      paramLabel = "N",
      description = "Highest degree (default: the highest that the grid or the table has).")
  private Integer degree;

  @Option(names = "--inverse", description = "From coefficients to samples.")
  private boolean inverse;

  @Mixin private DiskRuleOption kind;
  @Mixin private BasisOptions basis;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Coefficients to write (.csv); with --inverse samples (.npy or .csv).")
  private Path out;

  @Option(
      names = "--grid",
      paramLabel = "FILE.csv",
      description = "Also write the grid: ring, angle, r, theta, x, y and weight of each node.")
  private Path grid;

  @Override
  protected void execute(Console console) throws IOException {
    check();
    if (inverse) {
      synthesize(console);
    } else if (in == null && function == null) {
      writeGrid(transform(degree).rule());
      report(console, transform(degree));
    } else {
      analyze(console);
    }
  }

  private void check() {
    if (degree != null && degree < 0) {
      throw wrongUsage("--degree " + degree + ": expected 0 or more");
    }
    if (in != null && function != null) {
      throw wrongUsage("--in and --function: give one of them");
    }
    if (inverse && (in == null || out == null)) {
      throw wrongUsage("--inverse needs --in coefficients.csv and --out samples.npy");
    }
    if (in == null && degree == null) {
      throw wrongUsage("without --in, --degree N says how fine the grid is");
    }
    if (in == null && function == null && grid == null) {
      throw wrongUsage("nothing to do; give --in GRID, --function FORMULA or --grid FILE.csv");
    }
  }

  /** The transform on the smallest grid of a degree. */
  private DiskTransform transform(int wanted) {
    return kind.orElse(Nodes.squared) == Nodes.squared
        ? DiskTransform.ofDegree(wanted)
        : DiskTransform.onGrid(wanted, DiskRule.inRadius(wanted + 1, 2 * wanted + 1));
  }

  private void analyze(Console console) throws IOException {
    DiskTransform transform;
    double[] samples;
    if (function != null) {
      transform = transform(degree);
      samples = transform.sample(TestFunction.of(function).f());
    } else {
      Tensor matrix = matrix();
      int rings = matrix.size(0);
      int angles = matrix.size(1);
      DiskRule rule = DiskRuleOption.rule(kind.orElse(Nodes.squared), rings, angles);
      transform = DiskTransform.onGrid(degree == null ? largest(rings, angles) : degree, rule);
      samples = matrix.toDoubles();
    }
    if (grid != null) {
      writeGrid(transform.rule());
    }
    long start = System.nanoTime();
    double[] plain = transform.analyze(samples);
    double seconds = (System.nanoTime() - start) * 1e-9;
    // a grid that just resolves a degree is met by its own interpolant: look between its nodes
    DiskTransform finer = function == null ? transform : transform(2 * transform.degree() + 8);
    double[] wanted = function == null ? samples : finer.sample(TestFunction.of(function).f());
    double[] found = finer.synthesize(Arrays.copyOf(plain, finer.cols()));
    double size = rms(finer.rule(), wanted);
    for (int i = 0; i < found.length; i++) {
      found[i] -= wanted[i];
    }
    double residual = rms(finer.rule(), found);
    double[] coefficients = basis.basis().fromPlainOsa(plain);
    if (out != null) {
      CoefficientFile.write(out, coefficients, basis.basis());
    }
    show(console, coefficients);
    console.print("");
    console.print(
        "Degree "
            + transform.degree()
            + " from "
            + transform.rule().radialNodes()
            + " x "
            + transform.rule().angles()
            + " samples in "
            + Units.seconds(seconds)
            + "; RMS of what is left "
            + Units.significant(residual)
            + (function == null ? " at them, of the samples " : " between them, of the function ")
            + Units.significant(size));
    console.document(
        new JsonObject()
            .put("degree", transform.degree())
            .put("index", basis.orderName())
            .put("norm", basis.normName())
            .put("radialNodes", transform.rule().radialNodes())
            .put("angles", transform.rule().angles())
            .put("coefficients", coefficients)
            .put("residual", residual)
            .put("rms", size)
            .put("seconds", seconds));
  }

  /** Root of the mean square over the disk. */
  private static double rms(DiskRule rule, double[] values) {
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = values[i] * values[i];
    }
    return Math.sqrt(rule.integrateSamples(squares) / Math.PI);
  }

  private Tensor matrix() throws IOException {
    String name = in.toString().toLowerCase(Locale.ROOT);
    Tensor matrix = name.endsWith(".npy") ? NpyFile.read(in) : CsvMatrix.read(in);
    if (matrix.rank() != 2 || matrix.length() == 0) {
      throw new CommandFailure(
          in + " holds " + matrix + ", expected a matrix of rings and angles; reshape it");
    }
    return matrix;
  }

  /** The highest degree that a grid resolves. */
  private int largest(int rings, int angles) {
    int byAngles = (angles - 1) / 2;
    int byRings = kind.orElse(Nodes.squared) == Nodes.squared ? 2 * rings - 1 : rings - 1;
    return Math.min(byAngles, byRings);
  }

  private void synthesize(Console console) throws IOException {
    double[] plain = CoefficientFile.read(in, basis);
    int own = DiskModes.degree(plain.length);
    int wanted = degree == null ? own : degree;
    if (wanted < own) {
      throw new CommandFailure(
          in + " has degree " + own + ", above --degree " + wanted + "; give at least " + own);
    }
    double[] filled = Arrays.copyOf(plain, DiskModes.count(wanted));
    DiskTransform transform = transform(wanted);
    double[] samples = transform.synthesize(filled);
    DiskRule rule = transform.rule();
    Tensor matrix = Tensor.of(samples, rule.radialNodes(), rule.angles());
    if (out.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      NpyFile.write(out, matrix);
    } else {
      CsvMatrix.write(out, matrix);
    }
    if (grid != null) {
      writeGrid(rule);
    }
    report(console, transform);
  }

  private void report(Console console, DiskTransform transform) {
    DiskRule rule = transform.rule();
    console.print(
        "Grid of degree "
            + transform.degree()
            + ": "
            + rule.radialNodes()
            + " rings x "
            + rule.angles()
            + " angles, written to "
            + (inverse ? out : grid));
    console.document(
        new JsonObject()
            .put("degree", transform.degree())
            .put("radialNodes", rule.radialNodes())
            .put("angles", rule.angles())
            .put("radii", rule.radial().radii())
            .put("out", (inverse ? out : grid).toString()));
  }

  private void writeGrid(DiskRule rule) throws IOException {
    int k = rule.angles();
    int count = Math.toIntExact(rule.size());
    double[] radii = rule.radial().radii();
    long[] rings = new long[count];
    long[] angles = new long[count];
    double[][] columns = new double[5][count];
    for (int i = 0; i < count; i++) {
      rings[i] = i / k;
      angles[i] = i % k;
      columns[0][i] = radii[i / k];
      columns[1][i] = 2 * Math.PI * (i % k) / k;
      columns[2][i] = rule.x(i / k, i % k);
      columns[3][i] = rule.y(i / k, i % k);
      columns[4][i] = rule.weight(i / k);
    }
    new CsvTable()
        .add("ring", rings)
        .add("angle", angles)
        .add("r", columns[0])
        .add("theta", columns[1])
        .add("x", columns[2])
        .add("y", columns[3])
        .add("weight", columns[4])
        .write(grid);
  }

  private void show(Console console, double[] coefficients) {
    Table table = new Table().number(basis.orderName()).text("mode").number("coefficient");
    int shown = Math.min(MOST_ROWS, coefficients.length);
    for (int i = 0; i < shown; i++) {
      table.row(
          Long.toString(basis.order().first() + (long) i),
          ModeNames.of(basis.basis().mode(i)),
          String.format(Locale.ROOT, "%.9g", coefficients[i]));
    }
    console.print(table);
    if (shown < coefficients.length) {
      console.print("... " + (coefficients.length - shown) + " more: use --out or --json");
    }
  }
}
