package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Matrix-vector products of a square row-major matrix against OpenBLAS, in GB/s of the matrix
 * (counter {@code gigabyte}, per second; of one triangle for the symmetric product). Compare with
 * the read rate of {@link BandwidthBenchmark}.
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
public class GemvBenchmark {

  /** The library. */
  @Param({"quadrille", "openblas"})
  public String library;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** A x, A^T x, or A x with A symmetric and its lower triangle given. */
  @Param({"plain", "transposed", "symmetric"})
  public String operation;

  /** Rows and columns. */
  @Param({"64", "256", "1000", "1024", "4096"})
  public int n;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private Runnable product;

  /** What one second of the benchmark reads. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Bytes of the matrix in units of 10^9. */
    public double gigabyte;
  }

  /** Draws the operands and checks the product. */
  @Setup
  public void prepare() {
    Random random = new Random(n);
    double[] a = random.doubles((long) n * n, -1, 1).toArray();
    double[] x = random.doubles(n, -1, 1).toArray();
    boolean single = precision.equals("float");
    float[] af = GemmBenchmark.rounded(a);
    float[] xf = GemmBenchmark.rounded(x);
    double[] y = single ? singlePrecision(af, xf) : doublePrecision(a, x);
    for (int i = 0; i < n; i += Math.max(1, n / 16)) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += a[at(i, j)] * x[j];
      }
      if (!(Math.abs(sum - y[i]) <= n * (single ? 0x1p-22 : 0x1p-51) * Math.sqrt(n))) {
        throw new IllegalStateException(
            library + ": element " + i + " is " + y[i] + ", expected " + sum);
      }
    }
  }

  private int at(int i, int j) {
    return switch (operation) {
      case "plain" -> i * n + j;
      case "transposed" -> j * n + i;
      default -> Math.max(i, j) * n + Math.min(i, j);
    };
  }

  private double[] singlePrecision(float[] a, float[] x) {
    float[] y = new float[n];
    if (library.equals("quadrille")) {
      Kernels kernels = KernelProvider.active();
      product =
          pooled(
              switch (operation) {
                case "plain" -> () -> kernels.gemv(n, n, 1, a, 0, n, 1, x, 0, 1, 0, y, 0, 1);
                case "transposed" -> () -> kernels.gemv(n, n, 1, a, 0, 1, n, x, 0, 1, 0, y, 0, 1);
                default -> () -> kernels.symv(false, n, 1, a, 0, n, x, 0, 1, 0, y, 0, 1);
              });
      product.run();
    } else {
      openblas_full.openblas_set_num_threads(threads);
      FloatPointer pa = new FloatPointer(a);
      FloatPointer px = new FloatPointer(x);
      FloatPointer py = new FloatPointer(y);
      int rowMajor = openblas_full.CblasRowMajor;
      int transpose =
          operation.equals("plain") ? openblas_full.CblasNoTrans : openblas_full.CblasTrans;
      product =
          operation.equals("symmetric")
              ? () ->
                  openblas_full.cblas_ssymv(
                      rowMajor, openblas_full.CblasLower, n, 1, pa, n, px, 1, 0, py, 1)
              : () ->
                  openblas_full.cblas_sgemv(rowMajor, transpose, n, n, 1, pa, n, px, 1, 0, py, 1);
      product.run();
      py.get(y);
    }
    double[] result = new double[n];
    for (int i = 0; i < n; i++) {
      result[i] = y[i];
    }
    return result;
  }

  private double[] doublePrecision(double[] a, double[] x) {
    double[] y = new double[n];
    if (library.equals("quadrille")) {
      Kernels kernels = KernelProvider.active();
      product =
          pooled(
              switch (operation) {
                case "plain" -> () -> kernels.gemv(n, n, 1, a, 0, n, 1, x, 0, 1, 0, y, 0, 1);
                case "transposed" -> () -> kernels.gemv(n, n, 1, a, 0, 1, n, x, 0, 1, 0, y, 0, 1);
                default -> () -> kernels.symv(false, n, 1, a, 0, n, x, 0, 1, 0, y, 0, 1);
              });
      product.run();
    } else {
      openblas_full.openblas_set_num_threads(threads);
      DoublePointer pa = new DoublePointer(a);
      DoublePointer px = new DoublePointer(x);
      DoublePointer py = new DoublePointer(y);
      int rowMajor = openblas_full.CblasRowMajor;
      int transpose =
          operation.equals("plain") ? openblas_full.CblasNoTrans : openblas_full.CblasTrans;
      product =
          operation.equals("symmetric")
              ? () ->
                  openblas_full.cblas_dsymv(
                      rowMajor, openblas_full.CblasLower, n, 1, pa, n, px, 1, 0, py, 1)
              : () ->
                  openblas_full.cblas_dgemv(rowMajor, transpose, n, n, 1, pa, n, px, 1, 0, py, 1);
      product.run();
      py.get(y);
    }
    return y;
  }

  private Runnable pooled(Runnable work) {
    WorkerPool pool = WorkerPool.of(threads);
    return () -> pool.run(work);
  }

  /** One product. */
  @Benchmark
  public Runnable multiply(Work work) {
    product.run();
    double elements = operation.equals("symmetric") ? n * (n + 1.0) / 2 : (double) n * n;
    work.gigabyte += 1e-9 * elements * (precision.equals("float") ? Float.BYTES : Double.BYTES);
    return product;
  }
}
