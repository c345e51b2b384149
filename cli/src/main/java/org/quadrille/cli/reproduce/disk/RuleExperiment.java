package org.quadrille.cli.reproduce.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.RadialRule;
import org.quadrille.zernike.RadialRule.Method;
import org.quadrille.zernike.plot.ConvergenceCurves;

/** Time and accuracy of radial Gauss rules. */
public final class RuleExperiment implements Experiment {
  private static final int ORDER = 10;

  /** Repetitions go on for half a second, so that others' work on the machine matters less. */
  private static final long LEAST = 500_000_000;

  private final int[] sizes;
  private final double[] seconds;
  private final double[] errors;
  private final int[] fewer;
  private final double[] authorsSeconds;
  private final double[] ours;
  private double difference;

  /** Measures; quick: to 10^5 nodes. */
  public RuleExperiment(boolean quick) {
    sizes =
        quick
            ? new int[] {100, 1000, 10_000, 100_000}
            : new int[] {100, 1000, 10_000, 100_000, 1_000_000};
    seconds = new double[sizes.length];
    errors = new double[sizes.length];
    for (int repetition = 0; repetition < 20; repetition++) {
      RadialRule.ofOrder(1000, ORDER, 0); // until it is compiled
    }
    for (int i = 0; i < sizes.length; i++) {
      seconds[i] = Double.POSITIVE_INFINITY;
      RadialRule rule = null;
      long begin = System.nanoTime();
      for (int repetition = 0; repetition < 5 || System.nanoTime() - begin < LEAST; repetition++) {
        long start = System.nanoTime();
        rule = RadialRule.ofOrder(sizes[i], ORDER, 0);
        seconds[i] = Math.min(seconds[i], (System.nanoTime() - start) * 1e-9);
      }
      errors[i] = momentError(rule);
    }
    fewer = quick ? new int[] {100, 300, 1000} : new int[] {100, 300, 1000, 3000};
    authorsSeconds = new double[fewer.length];
    ours = new double[fewer.length];
    for (int i = 0; i < fewer.length; i++) {
      compare(i);
    }
  }

  /** Times a rule by the method of the authors and by this library's, and compares the nodes. */
  private void compare(int i) {
    RadialRule theirs = null;
    RadialRule rule = null;
    authorsSeconds[i] = Double.POSITIVE_INFINITY;
    ours[i] = Double.POSITIVE_INFINITY;
    for (int repetition = 0; repetition < 3; repetition++) {
      long start = System.nanoTime();
      theirs = RadialRule.ofPower(fewer[i], ORDER, Method.PRUFER_NEWTON);
      long middle = System.nanoTime();
      rule = RadialRule.ofPower(fewer[i], ORDER);
      authorsSeconds[i] = Math.min(authorsSeconds[i], (middle - start) * 1e-9);
      ours[i] = Math.min(ours[i], (System.nanoTime() - middle) * 1e-9);
    }
    for (int k = 0; k < fewer[i]; k++) {
      difference = Math.max(difference, Math.abs(theirs.node(k) - rule.node(k)));
    }
  }

  /** Largest relative error of the integrals of {@code t^k t^a}, k = 0, 1, 2 and n. */
  private static double momentError(RadialRule rule) {
    double largest = 0;
    for (int k : new int[] {0, 1, 2, Math.min(rule.size(), 1000)}) {
      // in r: integral of r^(2k) r^(2N + 1) dr
      double exact = 1 / (2.0 * (k + ORDER + 1));
      double found = rule.integrate(r -> Math.pow(r, 2 * k));
      largest = Math.max(largest, Math.abs(found - exact) / exact);
    }
    return largest;
  }

  @Override
  public List<Claim> claims() {
    int last = sizes.length - 1;
    double perNode = seconds[last] / sizes[last];
    double before = seconds[last - 1] / sizes[last - 1];
    double worst = 0;
    for (double error : errors) {
      worst = Math.max(worst, error);
    }
    return List.of(
        new Claim(
            "Nodes and weights of all radial rules take time proportional to their number, not to"
                + " its square",
            "beyond section 4, whose Newton iterations take O(n²)",
            "the time of a node does not grow with n",
            String.format(
                Locale.ROOT,
                "%.1f ns a node at n = %d, %.1f ns at %d; %.3g s in all",
                1e9 * before,
                sizes[last - 1],
                1e9 * perNode,
                sizes[last],
                seconds[last]),
            Verdict.of(perNode < 3 * before)),
        new Claim(
            "The rules are exact for polynomials to rounding",
            "section 4, order N = 10",
            "relative error of moments at most 1e-14",
            String.format(Locale.ROOT, "%.1e to n = %d", worst, sizes[last]),
            Verdict.of(worst <= 1e-14)),
        authors());
  }

  private Claim authors() {
    int last = fewer.length - 1;
    double order =
        Math.log(authorsSeconds[last] / authorsSeconds[last - 1])
            / Math.log((double) fewer[last] / fewer[last - 1]);
    return new Claim(
        "Following the Prüfer angle from zero to zero and polishing by Newton's method finds all"
            + " nodes",
        "section 4, the method of the authors",
        "the same nodes, in a time that grows like n²",
        String.format(
            Locale.ROOT,
            "nodes agree to %.1e; n = %d takes %.3g s, like n^%.1f, and %.2g s by this library's"
                + " method",
            difference,
            fewer[last],
            authorsSeconds[last],
            order,
            ours[last]),
        Verdict.of(difference < 1e-13));
  }

  @Override
  public void write(Path folder) throws IOException {
    new CsvTable()
        .add("nodes", IntStream.of(sizes).asLongStream().toArray())
        .add("seconds", seconds)
        .add("moment_error", errors)
        .write(folder.resolve("rules.csv"));
    double[] n = IntStream.of(sizes).asDoubleStream().toArray();
    double[] linear = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      linear[i] = seconds[n.length - 1] * n[i] / n[n.length - 1];
    }
    AtomicFile.writeText(
        folder.resolve("rules.svg"),
        ConvergenceCurves.onLogarithmicAxes("Time of radial Gauss rules", "nodes", "seconds")
            .curve("phase function (here)", n, seconds)
            .curve(
                "Prüfer angle and Newton",
                IntStream.of(fewer).asDoubleStream().toArray(),
                authorsSeconds)
            .reference("proportional to n", n, linear)
            .picture()
            .svg());
  }
}
