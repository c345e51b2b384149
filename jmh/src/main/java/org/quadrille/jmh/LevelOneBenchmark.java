package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_full;
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
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Vector operations on one thread against OpenBLAS, in GB/s of what they read and write (counter
 * {@code gigabyte}, per second). Compare with {@link BandwidthBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xmx4g"
    })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LevelOneBenchmark {

  /** The library. */
  @Param({"quadrille", "openblas"})
  public String library;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** The operation; OpenBLAS accumulates norms of floats in float, Quadrille in double. */
  @Param({"dot", "axpy", "scale", "norm1", "norm2"})
  public String operation;

  /** Elements. */
  @Param({"100", "2048", "50000", "10000000"})
  public int n;

  private DoubleSupplier step;

  /** What one second of the benchmark moves. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Bytes read and written in units of 10^9. */
    public double gigabyte;
  }

  /** Draws the vectors and checks that the result is that of the scalar kernels. */
  @Setup
  public void prepare() {
    double[] x = new Random(n).doubles(n, 0.5, 1).toArray();
    float[] xf = GemmBenchmark.rounded(x);
    boolean single = precision.equals("float");
    step =
        library.equals("quadrille")
            ? single ? own(KernelProvider.active(), xf) : own(KernelProvider.active(), x)
            : single ? theirs(xf) : theirs(x);
    double expected =
        (single ? own(KernelProvider.scalar(), xf) : own(KernelProvider.scalar(), x)).getAsDouble();
    double actual = step.getAsDouble();
    // Terms are positive, so sums in any order agree to within n roundings; norms in float less.
    double bound = Math.abs(expected) * Math.max(n, 8) * (single ? 0x1p-22 : 0x1p-51);
    if (!(Math.abs(actual - expected) <= bound)) {
      throw new IllegalStateException(library + ": " + actual + ", expected " + expected);
    }
  }

  private DoubleSupplier own(Kernels kernels, float[] x) {
    float[] y = x.clone();
    return switch (operation) {
      case "dot" -> () -> kernels.dot(n, x, 0, 1, y, 0, 1);
      case "norm1" -> () -> kernels.norm1(n, x, 0, 1);
      case "norm2" -> () -> kernels.norm2(n, x, 0, 1);
      case "axpy" ->
          () -> {
            kernels.axpy(n, 0.001f, x, 0, 1, y, 0, 1);
            return y[n - 1];
          };
      default ->
          () -> {
            kernels.scale(n, -1, y, 0, 1);
            return y[n - 1];
          };
    };
  }

  private DoubleSupplier own(Kernels kernels, double[] x) {
    double[] y = x.clone();
    return switch (operation) {
      case "dot" -> () -> kernels.dot(n, x, 0, 1, y, 0, 1);
      case "norm1" -> () -> kernels.norm1(n, x, 0, 1);
      case "norm2" -> () -> kernels.norm2(n, x, 0, 1);
      case "axpy" ->
          () -> {
            kernels.axpy(n, 0.001, x, 0, 1, y, 0, 1);
            return y[n - 1];
          };
      default ->
          () -> {
            kernels.scale(n, -1, y, 0, 1);
            return y[n - 1];
          };
    };
  }

  private DoubleSupplier theirs(float[] values) {
    openblas_full.openblas_set_num_threads(1);
    FloatPointer x = new FloatPointer(values);
    FloatPointer y = new FloatPointer(values);
    return switch (operation) {
      case "dot" -> () -> openblas_full.cblas_sdot(n, x, 1, y, 1);
      case "norm1" -> () -> openblas_full.cblas_sasum(n, x, 1);
      case "norm2" -> () -> openblas_full.cblas_snrm2(n, x, 1);
      case "axpy" ->
          () -> {
            openblas_full.cblas_saxpy(n, 0.001f, x, 1, y, 1);
            return y.get(n - 1);
          };
      default ->
          () -> {
            openblas_full.cblas_sscal(n, -1, y, 1);
            return y.get(n - 1);
          };
    };
  }

  private DoubleSupplier theirs(double[] values) {
    openblas_full.openblas_set_num_threads(1);
    DoublePointer x = new DoublePointer(values);
    DoublePointer y = new DoublePointer(values);
    return switch (operation) {
      case "dot" -> () -> openblas_full.cblas_ddot(n, x, 1, y, 1);
      case "norm1" -> () -> openblas_full.cblas_dasum(n, x, 1);
      case "norm2" -> () -> openblas_full.cblas_dnrm2(n, x, 1);
      case "axpy" ->
          () -> {
            openblas_full.cblas_daxpy(n, 0.001, x, 1, y, 1);
            return y.get(n - 1);
          };
      default ->
          () -> {
            openblas_full.cblas_dscal(n, -1, y, 1);
            return y.get(n - 1);
          };
    };
  }

  /** One operation. */
  @Benchmark
  public double step(Work work) {
    int passes = operation.equals("axpy") ? 3 : operation.startsWith("norm") ? 1 : 2;
    work.gigabyte += 1e-9 * passes * n * (precision.equals("float") ? Float.BYTES : Double.BYTES);
    return step.getAsDouble();
  }
}
