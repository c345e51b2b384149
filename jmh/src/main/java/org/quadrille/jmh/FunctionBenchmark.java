package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Elementary functions, softmax and layer normalization of 64 rows of n elements on one thread, in
 * GB/s read and written (counter {@code gigabyte}, per second), beside loops over {@code Math}. In
 * caches these are bound by arithmetic, in memory by the copy rate of {@link BandwidthBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FunctionBenchmark {

  private static final int ROWS = 64;

  /** quadrille, or plain loops that call Math. */
  @Param({"quadrille", "math"})
  public String library;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** The function; the loops over Math have no erf, so gelu is its tanh form there. */
  @Param({"EXP", "LOG", "TANH", "GELU_TANH", "ERF", "GELU", "softmax", "layernorm"})
  public String operation;

  /** Elements of a row. */
  @Param({"128", "16384"})
  public int n;

  private Runnable step;
  private double[] x;
  private double[] y;
  private float[] xFloat;
  private float[] yFloat;

  /** What one second of the benchmark moves. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Bytes read and written in units of 10^9. */
    public double gigabyte;
  }

  /** Draws the arguments and checks the results. */
  @Setup
  public void prepare() {
    int size = ROWS * n;
    x = new Random(n).doubles(size, 0.01, 4).toArray();
    xFloat = GemmBenchmark.rounded(x);
    y = new double[size];
    yFloat = new float[size];
    double[] expected = new double[size];
    math(x, expected);
    boolean single = precision.equals("float");
    if (library.equals("math")) {
      step = single ? () -> math(xFloat, yFloat) : () -> math(x, y);
    } else {
      step = own(KernelProvider.active(), single);
    }
    step.run();
    for (int i = 0; i < size; i++) {
      double actual = single ? yFloat[i] : y[i];
      // The exact GELU is compared with its tanh form, and erf with a difference of the two.
      double allowed = operation.equals("GELU") || operation.equals("ERF") ? 2e-3 : 1e-4;
      if (!(Math.abs(actual - expected[i]) <= allowed * Math.max(1, Math.abs(expected[i])))) {
        throw new IllegalStateException(
            operation + "(" + x[i] + ") is " + actual + ", expected " + expected[i]);
      }
    }
  }

  private Runnable own(Kernels kernels, boolean single) {
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1);
    double[] doubleOnes = new double[n];
    java.util.Arrays.fill(doubleOnes, 1);
    float[] zeros = new float[n];
    double[] doubleZeros = new double[n];
    return switch (operation) {
      case "softmax" ->
          single
              ? () -> kernels.softmax(ROWS, n, xFloat, 0, n, yFloat, 0, n)
              : () -> kernels.softmax(ROWS, n, x, 0, n, y, 0, n);
      case "layernorm" ->
          single
              ? () ->
                  kernels.normalizeRows(
                      true,
                      ROWS,
                      n,
                      xFloat,
                      0,
                      n,
                      ones,
                      0,
                      zeros,
                      0,
                      1e-5f,
                      yFloat,
                      0,
                      n,
                      new float[ROWS],
                      new float[ROWS])
              : () ->
                  kernels.normalizeRows(
                      true,
                      ROWS,
                      n,
                      x,
                      0,
                      n,
                      doubleOnes,
                      0,
                      doubleZeros,
                      0,
                      1e-5,
                      y,
                      0,
                      n,
                      new double[ROWS],
                      new double[ROWS]);
      default -> {
        ElementFunction function = ElementFunction.valueOf(operation);
        yield single
            ? () -> kernels.apply(function, xFloat.length, xFloat, 0, yFloat, 0)
            : () -> kernels.apply(function, x.length, x, 0, y, 0);
      }
    };
  }

  private DoubleUnaryOperator function() {
    return switch (operation) {
      case "EXP" -> Math::exp;
      case "LOG" -> Math::log;
      case "TANH" -> Math::tanh;
      case "ERF" -> t -> Math.tanh(0.7978845608028654 * Math.sqrt(2) * (t + 0.08943 * t * t * t));
      default -> t -> 0.5 * t * (1 + Math.tanh(0.7978845608028654 * (t + 0.044715 * t * t * t)));
    };
  }

  private void math(double[] from, double[] to) {
    switch (operation) {
      case "softmax" -> {
        for (int row = 0; row < from.length; row += n) {
          double sum = 0;
          for (int i = row; i < row + n; i++) {
            to[i] = Math.exp(from[i] - 4);
            sum += to[i];
          }
          for (int i = row; i < row + n; i++) {
            to[i] /= sum;
          }
        }
      }
      case "layernorm" -> {
        for (int row = 0; row < from.length; row += n) {
          double sum = 0;
          double squares = 0;
          for (int i = row; i < row + n; i++) {
            sum += from[i];
          }
          for (int i = row; i < row + n; i++) {
            to[i] = from[i] - sum / n;
            squares += to[i] * to[i];
          }
          double inverse = 1 / Math.sqrt(squares / n + 1e-5);
          for (int i = row; i < row + n; i++) {
            to[i] *= inverse;
          }
        }
      }
      default -> {
        DoubleUnaryOperator function = function();
        for (int i = 0; i < from.length; i++) {
          to[i] = function.applyAsDouble(from[i]);
        }
      }
    }
  }

  private void math(float[] from, float[] to) {
    switch (operation) {
      case "softmax" -> {
        for (int row = 0; row < from.length; row += n) {
          float sum = 0;
          for (int i = row; i < row + n; i++) {
            to[i] = (float) Math.exp(from[i] - 4);
            sum += to[i];
          }
          for (int i = row; i < row + n; i++) {
            to[i] /= sum;
          }
        }
      }
      case "layernorm" -> {
        for (int row = 0; row < from.length; row += n) {
          float sum = 0;
          float squares = 0;
          for (int i = row; i < row + n; i++) {
            sum += from[i];
          }
          for (int i = row; i < row + n; i++) {
            to[i] = from[i] - sum / n;
            squares += to[i] * to[i];
          }
          float inverse = (float) (1 / Math.sqrt(squares / n + 1e-5));
          for (int i = row; i < row + n; i++) {
            to[i] *= inverse;
          }
        }
      }
      default -> {
        DoubleUnaryOperator function = function();
        for (int i = 0; i < from.length; i++) {
          to[i] = (float) function.applyAsDouble(from[i]);
        }
      }
    }
  }

  /** All rows. */
  @Benchmark
  public Runnable rows(Work work) {
    step.run();
    work.gigabyte += 2e-9 * ROWS * n * (precision.equals("float") ? Float.BYTES : Double.BYTES);
    return step;
  }
}
