package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * Transposition of a square matrix out of place, in GB/s read and written (counter {@code
 * gigabyte}, per second), beside a plain double loop. Compare with the copy rate of {@link
 * BandwidthBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransposeBenchmark {

  /** quadrille, or a plain double loop. */
  @Param({"quadrille", "loop"})
  public String library;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** Rows and columns. */
  @Param({"64", "256", "1000", "1024", "4096"})
  public int n;

  /** Threads; the loop has one only. */
  @Param({"1", "2"})
  public int threads;

  private Runnable transposition;

  /** What one second of the benchmark moves. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Bytes read and written in units of 10^9. */
    public double gigabyte;
  }

  /** Draws the matrix and checks the result. */
  @Setup
  public void prepare() {
    double[] a = new Random(n).doubles((long) n * n, -1, 1).toArray();
    float[] af = GemmBenchmark.rounded(a);
    float[] bf = new float[n * n];
    double[] b = new double[n * n];
    boolean single = precision.equals("float");
    Kernels kernels = KernelProvider.active();
    WorkerPool pool = WorkerPool.of(threads);
    if (library.equals("quadrille")) {
      transposition =
          () ->
              pool.run(
                  () -> {
                    if (single) {
                      kernels.transpose(n, n, af, 0, n, bf, 0, n);
                    } else {
                      kernels.transpose(n, n, a, 0, n, b, 0, n);
                    }
                  });
    } else {
      transposition = single ? () -> loop(n, af, bf) : () -> loop(n, a, b);
    }
    transposition.run();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if ((single ? bf[j * n + i] : b[j * n + i]) != a[i * n + j]) {
          throw new IllegalStateException(library + ": wrong at row " + i + ", column " + j);
        }
      }
    }
  }

  private static void loop(int n, float[] a, float[] b) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[j * n + i] = a[i * n + j];
      }
    }
  }

  private static void loop(int n, double[] a, double[] b) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[j * n + i] = a[i * n + j];
      }
    }
  }

  /** One transposition. */
  @Benchmark
  public Runnable transpose(Work work) {
    transposition.run();
    work.gigabyte += 2e-9 * n * n * (precision.equals("float") ? Float.BYTES : Double.BYTES);
    return transposition;
  }
}
