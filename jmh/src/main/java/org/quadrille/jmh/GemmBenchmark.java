package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Square matrix products against other libraries, in GFLOP/s (counter {@code gigaflop}, per
 * second). Each library's product is compared with sums in double precision before it is timed.
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
public class GemmBenchmark {

  private static final int CHECKED_ELEMENTS = 64;

  /** The library; {@code mkl} as well where the build has it. */
  @Param({"quadrille", "openblas", "ejml", "ojalgo", "netlib"})
  public String library;

  /** float (sgemm) or double (dgemm). */
  @Param({"float", "double"})
  public String precision;

  /** Rows and columns of the three matrices. */
  @Param({"32", "64", "128", "256", "512", "1000", "1024", "2048", "4096"})
  public int n;

  /** Threads of the product; netlib has one only. */
  @Param({"1", "2"})
  public int threads;

  private MatrixProductPeer peer;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Draws the factors and checks a sample of the product. */
  @Setup(Level.Trial)
  public void prepare() {
    Random random = new Random(n);
    double[] a = random.doubles((long) n * n, -1, 1).toArray();
    double[] b = random.doubles((long) n * n, -1, 1).toArray();
    boolean single = precision.equals("float");
    if (single) {
      float[] left = rounded(a);
      float[] right = rounded(b);
      peer = MatrixProductPeer.of(library, threads, n, left, right);
    } else {
      peer = MatrixProductPeer.of(library, threads, n, a, b);
    }
    peer.multiply();
    check(a, b, single ? 0x1p-24 : 0x1p-53, random);
  }

  /** Rounds to float, in the array of doubles too, so that both hold the same numbers. */
  static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
      values[i] = rounded[i];
    }
    return rounded;
  }

  private void check(double[] a, double[] b, double roundoff, Random random) {
    for (int sample = 0; sample < CHECKED_ELEMENTS; sample++) {
      int i = random.nextInt(n);
      int j = random.nextInt(n);
      double sum = 0;
      double magnitude = 0;
      for (int k = 0; k < n; k++) {
        double term = a[i * n + k] * b[k * n + j];
        sum += term;
        magnitude += Math.abs(term);
      }
      double error = Math.abs(sum - peer.result(i, j));
      // The bound of a sum of n terms in any order, for both sums.
      double bound = 2 * n * roundoff * magnitude;
      if (!(error <= bound)) {
        throw new IllegalStateException(
            "%s: element (%d, %d) of the product is off by %g, allowed %g"
                .formatted(library, i, j, error, bound));
      }
    }
  }

  /** One product. */
  @Benchmark
  public MatrixProductPeer multiply(Work work) {
    peer.multiply();
    work.gigaflop += 2e-9 * n * n * n;
    return peer;
  }
}
