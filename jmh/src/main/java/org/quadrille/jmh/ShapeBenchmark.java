package org.quadrille.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
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
 * Products in single precision that are not square: transposed factors, tall and flat ones, updates
 * of low rank, odd sizes and tiny ones in a row; against a native library, and against our own
 * square product of as many operations ({@code square}).
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
      "-Xmx2g"
    })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ShapeBenchmark {

  private static final int CHECKED_ELEMENTS = 32;

  /** The library; {@code mkl} as well where the build has it. */
  @Param({"quadrille", "openblas", "square"})
  public String library;

  /** Orientation of both factors (n as they are, t transposed), then rows, columns and depth. */
  @Param({
    "nn:1000x1000x1000",
    "nt:1000x1000x1000",
    "tn:1000x1000x1000",
    "tt:1000x1000x1000",
    "nn:4096x64x512",
    "nn:4096x64x4096",
    "nn:64x4096x4096",
    "nn:1024x1024x8",
    "nn:1024x1024x32",
    "nn:2048x2048x64",
    "nn:257x263x269",
    "nn:1009x1013x1019",
    "nn:8x8x8",
    "nn:16x16x16",
    "nn:24x24x24",
    "nn:48x48x48"
  })
  public String shape;

  /** Threads of the product. */
  @Param({"1", "2"})
  public int threads;

  private int m;
  private int n;
  private int k;
  private int repetitions;
  private boolean transposeA;
  private boolean transposeB;
  private float[] a;
  private float[] b;
  private Runnable product;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Draws the factors and checks a sample of the product. */
  @Setup
  public void prepare() {
    transposeA = shape.charAt(0) == 't';
    transposeB = shape.charAt(1) == 't';
    String[] sizes = shape.substring(3).split("x", -1);
    m = Integer.parseInt(sizes[0]);
    n = Integer.parseInt(sizes[1]);
    k = Integer.parseInt(sizes[2]);
    if (library.equals("square")) {
      m = (int) Math.rint(Math.cbrt((double) m * n * k));
      n = m;
      k = m;
      transposeA = false;
      transposeB = false;
    }
    // Tiny products in a row, so that calls of the benchmark itself do not count.
    repetitions = (int) Math.max(1, 1_000_000L / ((long) m * n * k));
    Random random = new Random(1);
    a = drawn(m * k, random);
    b = drawn(k * n, random);
    if (NativeBlas.isNative(library)) {
      prepareNative(random);
    } else {
      prepareOurs(random);
    }
  }

  private static float[] drawn(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private void prepareNative(Random random) {
    NativeBlas blas = NativeBlas.of(library);
    blas.threads(threads);
    FloatPointer left = new FloatPointer(a);
    FloatPointer right = new FloatPointer(b);
    FloatPointer result = new FloatPointer((long) m * n);
    int leftStride = transposeA ? m : k;
    int rightStride = transposeB ? k : n;
    product =
        () ->
            blas.multiply(
                transposeA, transposeB, m, n, k, left, leftStride, right, rightStride, result, n);
    product.run();
    float[] c = new float[m * n];
    result.get(c);
    check(c, random);
  }

  private void prepareOurs(Random random) {
    Kernels kernels = KernelProvider.active();
    WorkerPool pool = WorkerPool.of(threads);
    float[] c = new float[m * n];
    int aRowStride = transposeA ? 1 : k;
    int aColStride = transposeA ? m : 1;
    int bRowStride = transposeB ? 1 : n;
    int bColStride = transposeB ? k : 1;
    Runnable once =
        () ->
            kernels.gemm(
                m,
                n,
                k,
                1,
                a,
                0,
                aRowStride,
                aColStride,
                b,
                0,
                bRowStride,
                bColStride,
                0,
                c,
                0,
                n,
                1);
    product = () -> pool.run(once);
    product.run();
    check(c, random);
  }

  private void check(float[] c, Random random) {
    for (int sample = 0; sample < CHECKED_ELEMENTS; sample++) {
      int i = random.nextInt(m);
      int j = random.nextInt(n);
      double sum = 0;
      double magnitude = 0;
      for (int p = 0; p < k; p++) {
        double term =
            (double) a[transposeA ? p * m + i : i * k + p] * b[transposeB ? j * k + p : p * n + j];
        sum += term;
        magnitude += Math.abs(term);
      }
      // The bound of a sum of k terms in any order.
      if (!(Math.abs(sum - c[i * n + j]) <= k * 0x1p-24 * magnitude)) {
        throw new IllegalStateException(library + " " + shape + ": element " + i + ", " + j);
      }
    }
  }

  /** One product, or a few of a tiny one. */
  @Benchmark
  public Runnable multiply(Work work) {
    for (int i = 0; i < repetitions; i++) {
      product.run();
    }
    work.gigaflop += 2e-9 * m * n * k * repetitions;
    return product;
  }
}
