package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.zernike.RadialRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quadrille zernike nodes}: a radial Gauss rule. */
@Command(
    name = "nodes",
    description =
        "Nodes and weights of the Gauss rule on [0, 1] for the weight t^a, 2a = 2M + P; the nodes"
            + " are the squared zeros r^2 = t of the radial polynomial of degree M + 2N.",
    footer = {
      "",
      "Examples: quadrille zernike nodes --n 20 --azimuthal 3",
      "          quadrille zernike nodes --n 1000000 --two-a 0 --select 0,1,999999 --json"
    })
final class ZernikeNodesCommand extends QuadrilleCommand {
  /** Rows of text shown before the middle is left out. */
  private static final int MOST_ROWS = 40;

  @Option(names = "--n", required = true, paramLabel = "N", description = "Number of nodes.")
  private int n;

  @Option(names = "--two-a", paramLabel = "K", description = "Twice the exponent, 0 or more.")
  private Integer twoA;

  @Option(
      names = "--azimuthal",
      paramLabel = "M",
      description = "Azimuthal order; the exponent is M + P/2.")
  private Integer azimuthal;

  @Option(
      names = "--dim",
      paramLabel = "P",
      description = "Dimension of the space minus 2 (default: 0, the disk).")
  private Integer dimension;

  @Option(
      names = "--select",
      paramLabel = "I,J,...",
      split = ",",
      description = "Only these nodes, counted from 0.")
  private int[] select;

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "Also write the nodes shown there, with all digits.")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException {
    long power = twiceExponent();
    if (n < 0) {
      throw wrongUsage("--n " + n + ": expected 0 or more");
    }
    int[] index = selected();
    long start = System.nanoTime();
    RadialRule rule = RadialRule.ofPower(n, 0.5 * power);
    double seconds = (System.nanoTime() - start) * 1e-9;
    double[] weights = rule.weights();
    double[] scaled = rule.scaledWeights();
    double[] t = pick(index, i -> rule.node(i));
    double[] s = pick(index, i -> rule.complement(i));
    double[] r = pick(index, i -> Math.sqrt(rule.node(i)));
    double[] w = pick(index, i -> weights[i]);
    double[] v = pick(index, i -> scaled[i]);
    if (out != null) {
      new CsvTable()
          .add("index", IntStream.of(index).asLongStream().toArray())
          .add("t", t)
          .add("one_minus_t", s)
          .add("r", r)
          .add("weight", w)
          .add("scaled_weight", v)
          .write(out);
    }
    show(console, index, new double[][] {t, s, r, w, v});
    console.print("");
    console.print(
        n
            + " nodes for the weight t^"
            + 0.5 * power
            + " in "
            + Units.seconds(seconds)
            + "; exact for polynomials in t of degree "
            + (2L * n - 1));
    console.document(
        new JsonObject()
            .put("n", n)
            .put("twoA", power)
            .put("index", index)
            .put("t", t)
            .put("oneMinusT", s)
            .put("r", r)
            .put("weights", w)
            .put("scaledWeights", v)
            .put("seconds", seconds));
  }

  private long twiceExponent() {
    if ((twoA == null) == (azimuthal == null)) {
      throw wrongUsage("give either --two-a K or --azimuthal M with an optional --dim P");
    }
    if (twoA != null && dimension != null) {
      throw wrongUsage("--dim goes with --azimuthal; with --two-a the exponent is already given");
    }
    int p = dimension == null ? 0 : dimension;
    int least = Math.min(p, twoA == null ? azimuthal : twoA);
    if (least < 0) {
      throw wrongUsage(least + ": expected --two-a, --azimuthal and --dim from 0 on");
    }
    return twoA != null ? twoA : 2L * azimuthal + p;
  }

  private int[] selected() {
    if (select == null) {
      return IntStream.range(0, n).toArray();
    }
    for (int i : select) {
      if (i < 0 || i >= n) {
        throw wrongUsage("--select " + i + ": expected 0 to " + (n - 1) + " for --n " + n);
      }
    }
    return select;
  }

  private static double[] pick(int[] index, java.util.function.IntToDoubleFunction value) {
    return IntStream.of(index).mapToDouble(value).toArray();
  }

  private static void show(Console console, int[] index, double[][] columns) {
    Table table =
        new Table()
            .number("index")
            .number("t")
            .number("1 - t")
            .number("r")
            .number("weight")
            .number("weight / t^a");
    int shown = index.length <= MOST_ROWS ? index.length : MOST_ROWS / 2;
    for (int i = 0; i < index.length; i++) {
      if (i >= shown / 2 && i < index.length - shown / 2 && shown < index.length) {
        if (i == shown / 2) {
          table.row("...", "", "", "", "", "");
        }
        continue;
      }
      String[] cells = new String[6];
      cells[0] = Integer.toString(index[i]);
      for (int j = 0; j < 5; j++) {
        cells[j + 1] = String.format(Locale.ROOT, "%.16e", columns[j][i]);
      }
      table.row(cells);
    }
    console.print(table);
  }
}
