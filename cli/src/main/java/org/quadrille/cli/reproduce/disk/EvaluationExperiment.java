package org.quadrille.cli.reproduce.disk;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.RadialColumn;
import org.quadrille.zernike.plot.ConvergenceCurves;

/**
 * Errors of ways to evaluate radial polynomials against 60 digits: the recurrences of differences
 * that this library uses, sums of powers, and the ladder that raises the angular order.
 */
public final class EvaluationExperiment implements Experiment {
  private static final double[] RADII = {0.05, 0.2, 0.4, 0.6, 0.8, 0.95};
  private static final MathContext DIGITS = new MathContext(60);

  /** From here on only the stable way is followed. */
  private static final int LAST_OF_ALL = 200;

  private final int[] degrees;
  private final double[] recurrence;
  private final double[] powers;
  private final double[] ladder;

  /** Measures; quick: to degree 400. */
  public EvaluationExperiment(boolean quick) {
    degrees =
        quick
            ? new int[] {10, 20, 40, 60, 100, 200, 400}
            : new int[] {10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 400, 1000, 2000};
    recurrence = new double[degrees.length];
    powers = new double[degrees.length];
    ladder = new double[degrees.length];
    for (int k = 0; k < degrees.length; k++) {
      for (double x : RADII) {
        measure(k, x);
      }
    }
  }

  private void measure(int k, double x) {
    int d = degrees[k];
    int step = d <= LAST_OF_ALL ? 2 : d / 10;
    double[] raised = d <= LAST_OF_ALL ? raised(d, x) : null;
    for (int order = d % 2; order <= d; order += step) {
      int n = (d - order) / 2;
      double[] values = new double[n + 1];
      new RadialColumn(order, 0, n + 1).values(x, values);
      double exact = exact(order, n, x).doubleValue();
      recurrence[k] = Math.max(recurrence[k], Math.abs(values[n] - exact));
      if (raised != null) {
        powers[k] = Math.max(powers[k], Math.abs(powerSum(order, d, x) - exact));
        ladder[k] = Math.max(ladder[k], Math.abs(raised[order] - exact));
      }
    }
  }

  /**
   * {@code A R_{n+1} = -B R_n - C R_{n-1}} with {@code A = 2(n+1)(n+N+1)(2n+N)}, {@code B =
   * (2n+N+1)[(2n+N)(2n+N+2)(1-2t) + N^2]}, {@code C = 2n(n+N)(2n+N+2)}, to 60 digits.
   */
  private static BigDecimal exact(int order, int count, double x) {
    BigDecimal radius = new BigDecimal(x);
    BigDecimal y = BigDecimal.ONE.subtract(radius.multiply(radius).multiply(number(2)));
    BigDecimal before = radius.pow(order, DIGITS);
    if (count == 0) {
      return before;
    }
    // R_1 = -x^N (N + (N + 2)(1 - 2t)) / 2
    BigDecimal value =
        before
            .negate()
            .multiply(number(order).add(y.multiply(number(order + 2L))), DIGITS)
            .divide(number(2), DIGITS);
    for (int n = 1; n < count; n++) {
      long k = 2L * n + order;
      BigDecimal a = number(2L * (n + 1)).multiply(number((n + 1L + order) * k));
      BigDecimal b =
          number(k + 1).multiply(y.multiply(number(k * (k + 2))).add(number((long) order * order)));
      BigDecimal c = number(2L * n * (n + order)).multiply(number(k + 2));
      BigDecimal next =
          b.multiply(value, DIGITS).add(c.multiply(before, DIGITS)).negate().divide(a, DIGITS);
      before = value;
      value = next;
    }
    return value;
  }

  private static BigDecimal number(long value) {
    return BigDecimal.valueOf(value);
  }

  /** {@code sum (-1)^k (d-k)! / (k! ((d+N)/2-k)! ((d-N)/2-k)!) x^(d-2k)}. */
  private static double powerSum(int order, int degree, double x) {
    int high = (degree + order) / 2;
    int low = (degree - order) / 2;
    double coefficient = 1;
    for (int i = 1; i <= low; i++) {
      coefficient *= (high + (double) i) / i;
    }
    double sum = 0;
    for (int k = 0; k <= low; k++) {
      sum += coefficient * Math.pow(x, degree - 2 * k);
      coefficient *= -(double) (high - k) * (low - k) / ((k + 1.0) * (degree - k));
    }
    return sum;
  }

  /**
   * All R of a degree at a radius by {@code R_{N,n} = [(2n+N) x R_{N-1,n} - n R_{N,n-1}] / (n+N)},
   * from the Legendre polynomials N = 0 on.
   */
  private static double[] raised(int degree, double x) {
    double[] result = new double[degree + 1];
    double[] previous = new double[degree / 2 + 1];
    new RadialColumn(0, 0, previous.length).values(x, previous);
    for (int order = 0; order <= degree; order++) {
      int count = (degree - order) / 2;
      if (order > 0) {
        double[] column = new double[count + 1];
        column[0] = previous[0] * x;
        for (int n = 1; n <= count; n++) {
          column[n] =
              ((2.0 * n + order) * x * previous[n] - n * column[n - 1]) / (n + (double) order);
        }
        previous = column;
      }
      if ((degree - order) % 2 == 0) {
        result[order] = previous[count];
      }
    }
    return result;
  }

  @Override
  public List<Claim> claims() {
    int last = degrees.length - 1;
    double worst = Arrays.stream(recurrence).max().orElse(0);
    int at60 = Arrays.binarySearch(degrees, 60);
    int at200 = Arrays.binarySearch(degrees, LAST_OF_ALL);
    return List.of(
        new Claim(
            "Recurrences evaluate Zernike polynomials of any degree without loss of digits",
            "section 3",
            "errors at rounding, against 60 digits",
            String.format(
                Locale.ROOT,
                "largest error %.1e to degree %d, all orders to degree %d",
                worst,
                degrees[last],
                LAST_OF_ALL),
            Verdict.of(worst < 4e-14)),
        new Claim(
            "Sums of powers lose all digits from degree 45 or so on",
            "section 3",
            "error above 1 at degree 60 somewhere in the disk",
            String.format(
                Locale.ROOT, "%.1e at degree 60, %.1e at %d", powers[at60], powers[at200], 200),
            Verdict.of(powers[at60] > 1e-2)),
        new Claim(
            "Raising the angular order by the recurrence of A. Prata and W. Rusch (1989) is unstable",
            "section 3; error 1e22 at degree 200, measured independently",
            "exponential growth",
            String.format(
                Locale.ROOT, "%.1e at degree 60, %.1e at 200", ladder[at60], ladder[at200]),
            Verdict.of(ladder[at200] > 1e10)));
  }

  @Override
  public void write(Path folder) throws IOException {
    new CsvTable()
        .add("degree", IntStream.of(degrees).asLongStream().toArray())
        .add("recurrence", recurrence)
        .add("power_sum", powers)
        .add("raised_order", ladder)
        .write(folder.resolve("evaluation.csv"));
    double[] d = IntStream.of(degrees).asDoubleStream().toArray();
    int all = Arrays.binarySearch(degrees, LAST_OF_ALL) + 1;
    double[] first = Arrays.copyOf(d, all);
    ConvergenceCurves curves =
        ConvergenceCurves.onLogarithmicAxes(
            "Evaluation of radial polynomials", "degree", "largest error");
    curves.curve("recurrence of differences", d, recurrence);
    curves.curve("sum of powers", first, Arrays.copyOf(powers, all));
    curves.curve("raising the order", first, Arrays.copyOf(ladder, all));
    AtomicFile.writeText(folder.resolve("evaluation.svg"), curves.picture().svg());
  }
}
