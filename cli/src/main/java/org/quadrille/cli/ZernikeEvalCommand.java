package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.zernike.BasisOptions;
import org.quadrille.cli.zernike.ModeColumn;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.zernike.DiskMode;
import org.quadrille.zernike.Outside;
import org.quadrille.zernike.ZernikeIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille zernike eval}: values and gradients of single modes. */
@Command(
    name = "eval",
    description = "Values and gradients of modes at points, a row of a table each.",
    footer = {
      "",
      "Example: quadrille zernike eval --in points.csv --norm",
      "The table has the columns n,m (degree and order) or j (index, as --index says), and x,y or",
      "r,theta (radians). Points outside the disk have no value unless --outside says otherwise."
    })
final class ZernikeEvalCommand extends QuadrilleCommand {
  private enum OutsideOption {
    nan,
    fail,
    extrapolate
  }

  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE.csv",
      description = "Table with the columns n,m,x,y or n,m,r,theta, or j instead of n,m.")
  private Path in;

  @Mixin private BasisOptions basis;

  @Option(
      names = "--outside",
      paramLabel = "WHAT",
      defaultValue = "nan",
      description = "Points outside the disk: ${COMPLETION-CANDIDATES} (default: nan).")
  private OutsideOption outside;

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "Also write value, dx and dy there; NaN where there is none.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException {
    CsvTable table = CsvTable.read(in);
    List<ZernikeIndex> modes = ModeColumn.read(table, in, basis);
    double[][] points = points(table);
    long start = System.nanoTime();
    double[][] results = evaluate(modes, points[0], points[1]);
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (out != null) {
      new CsvTable()
          .add("value", texts(results[0]))
          .add("dx", texts(results[1]))
          .add("dy", texts(results[2]))
          .write(out);
    }
    show(console, modes, points, results);
    console.print("");
    console.print(
        modes.size() + " rows, modes " + basis.normName() + ", in " + Units.seconds(seconds));
    console.document(
        new JsonObject()
            .put("norm", basis.normName())
            .put("values", orNull(results[0]))
            .put("dx", orNull(results[1]))
            .put("dy", orNull(results[2]))
            .put("seconds", seconds));
  }

  private double[][] points(CsvTable table) throws IOException {
    if (table.has("x") && table.has("y")) {
      return new double[][] {table.numbers("x"), table.numbers("y")};
    }
    if (!table.has("r") || !table.has("theta")) {
      throw new CommandFailure(
          in
              + ": there are no columns x,y nor r,theta; there is "
              + String.join(", ", table.names()));
    }
    double[] x = table.numbers("r");
    double[] y = x.clone();
    double[] theta = table.numbers("theta");
    for (int i = 0; i < x.length; i++) {
      x[i] *= Math.cos(theta[i]);
      y[i] *= Math.sin(theta[i]);
    }
    return new double[][] {x, y};
  }

  /** Rows of one mode share its recurrence coefficients; modes are shared out to threads. */
  private double[][] evaluate(List<ZernikeIndex> modes, double[] x, double[] y) {
    Map<ZernikeIndex, List<Integer>> rows = new LinkedHashMap<>();
    for (int i = 0; i < x.length; i++) {
      rows.computeIfAbsent(modes.get(i), mode -> new ArrayList<>()).add(i);
    }
    double[][] results = new double[3][x.length];
    List<ZernikeIndex> distinct = List.copyOf(rows.keySet());
    WorkerPool.shared()
        .forEach(
            distinct.size(),
            k -> {
              int[] at = rows.get(distinct.get(k)).stream().mapToInt(Integer::intValue).toArray();
              evaluate(distinct.get(k), at, x, y, results);
            });
    return results;
  }

  private void evaluate(ZernikeIndex mode, int[] rows, double[] x, double[] y, double[][] results) {
    int count = rows.length;
    double[] px = new double[count];
    double[] py = new double[count];
    for (int i = 0; i < count; i++) {
      px[i] = x[rows[i]];
      py[i] = y[rows[i]];
    }
    Outside policy =
        switch (outside) {
          case nan -> Outside.NAN;
          case fail -> Outside.THROW;
          case extrapolate -> Outside.EXTRAPOLATE;
        };
    DiskMode evaluated = new DiskMode(mode, policy);
    double[] value = new double[count];
    double[] dx = new double[count];
    double[] dy = new double[count];
    evaluated.values(px, py, value);
    evaluated.gradients(px, py, dx, dy);
    double factor = basis.normalization().factor(mode);
    for (int i = 0; i < count; i++) {
      results[0][rows[i]] = factor * value[i];
      results[1][rows[i]] = factor * dx[i];
      results[2][rows[i]] = factor * dy[i];
    }
  }

  private void show(
      Console console, List<ZernikeIndex> modes, double[][] points, double[][] results) {
    Table text =
        new Table()
            .number("n")
            .number("m")
            .number("x")
            .number("y")
            .number("value")
            .number("d/dx")
            .number("d/dy");
    for (int i = 0; i < modes.size(); i++) {
      text.row(
          Integer.toString(modes.get(i).degree()),
          Integer.toString(modes.get(i).order()),
          digits(points[0][i], 6),
          digits(points[1][i], 6),
          digits(results[0][i], 15),
          digits(results[1][i], 15),
          digits(results[2][i], 15));
    }
    console.print(text);
  }

  private static String digits(double value, int digits) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "g", value);
  }

  private static List<String> texts(double[] values) {
    return java.util.Arrays.stream(values).mapToObj(Double::toString).toList();
  }

  /** JSON has no NaN; infinities, which continued polynomials may reach, become null too. */
  private static List<Double> orNull(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(Double.isFinite(value) ? value : null);
    }
    return list;
  }
}
