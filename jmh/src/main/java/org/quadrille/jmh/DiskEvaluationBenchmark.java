package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.RadialColumn;

/**
 * Zernike modes at 500 points of the disk on one thread, in microseconds for all points: the sum of
 * an expansion, all modes stored, or the gradient of an expansion. At degree 100 there are 5151
 * modes, so 644 microseconds are 0.25 ns a mode and point. Columns are the same library's radial
 * polynomials, one point and angular order at a time, without vectors of points.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
public class DiskEvaluationBenchmark {
  private static final int POINTS = 500;

  /** The way: many points at a time, or {@code columns}. */
  @Param({"quadrille", "columns"})
  public String library;

  /** What is computed. */
  @Param({"sum", "modes", "gradient"})
  public String operation;

  /** Highest degree of a mode. */
  @Param({"10", "30", "100"})
  public int degree;

  private final WorkerPool one = WorkerPool.of(1);
  private final double[] x = new double[POINTS];
  private final double[] y = new double[POINTS];
  private final double[] out = new double[POINTS];
  private final double[] second = new double[POINTS];
  private DiskEvaluator evaluator;
  private double[] expansion;
  private double[] modes;
  private RadialColumn[] columns;
  private double[] radial;

  /** Draws points and coefficients, and compares both ways. */
  @Setup
  public void prepare() {
    Random random = new Random(1);
    for (int i = 0; i < POINTS; i++) {
      double radius = Math.sqrt(random.nextDouble());
      double angle = 2 * Math.PI * random.nextDouble();
      x[i] = radius * Math.cos(angle);
      y[i] = radius * Math.sin(angle);
    }
    evaluator = DiskEvaluator.ofDegree(degree);
    expansion = random.doubles(evaluator.modeCount(), -1, 1).toArray();
    modes = new double[evaluator.modeCount() * POINTS];
    columns = new RadialColumn[degree + 1];
    for (int order = 0; order <= degree; order++) {
      columns[order] = new RadialColumn(order, 0, (degree - order) / 2 + 1);
    }
    radial = new double[degree / 2 + 1];
    evaluator.values(expansion, x, y, out);
    for (int i = 0; i < POINTS; i += 50) {
      double sum = columnSum(i);
      if (!(Math.abs(sum - out[i]) < 1e-11)) {
        throw new IllegalStateException("point " + i + ": " + sum + " and " + out[i]);
      }
    }
  }

  /** All points once. */
  @Benchmark
  public double[] evaluate() {
    if (library.equals("columns")) {
      for (int i = 0; i < POINTS; i++) {
        out[i] = columnSum(i);
      }
      return out;
    }
    return one.call(
        () -> {
          switch (operation) {
            case "sum" -> evaluator.values(expansion, x, y, out);
            case "modes" -> evaluator.modes(x, y, modes);
            default -> evaluator.gradients(expansion, x, y, out, second);
          }
          return out;
        });
  }

  private double columnSum(int i) {
    double radius = Math.hypot(x[i], y[i]);
    double angle = Math.atan2(y[i], x[i]);
    double sum = 0;
    for (int order = 0; order <= degree; order++) {
      columns[order].values(radius, radial);
      double cosines = 0;
      double sines = 0;
      for (int n = 0; n < columns[order].count(); n++) {
        int at = DiskModes.index(order + 2 * n, order);
        cosines += expansion[at] * radial[n];
        sines += order == 0 ? 0 : expansion[at - order] * radial[n];
      }
      sum += cosines * Math.cos(order * angle) + sines * Math.sin(order * angle);
    }
    return sum;
  }
}
