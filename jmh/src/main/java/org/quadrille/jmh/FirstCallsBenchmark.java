package org.quadrille.jmh;

import java.util.Arrays;
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
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * What a user sees at first use: the first calls of a kernel in a fresh process, nothing compiled,
 * no class of ours loaded, choice of the backend included. Against SIMD from the first call and
 * against plain loops only.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class FirstCallsBenchmark {

  /** quadrille as it is by default; simd from the first call; plain loops only. */
  @Param({"quadrille", "simd", "scalar"})
  public String library;

  /** Kernel and size. */
  @Param({"sgemm 64", "sgemm 256", "sgemm 1024", "gemv 1024", "dot 4096"})
  public String operation;

  /** Calls in all. */
  @Param({"1", "10", "100"})
  public int calls;

  private String kernel;
  private int n;
  private float[] a;
  private float[] b;
  private float[] c;

  /** Makes the operands; touches no kernel. */
  @Setup
  public void prepare() {
    kernel = operation.substring(0, operation.indexOf(' '));
    n = Integer.parseInt(operation.substring(kernel.length() + 1));
    int length = kernel.equals("dot") ? n : n * n;
    a = new float[length];
    b = new float[length];
    c = new float[length];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 0.25f);
  }

  /** The first calls. */
  @Benchmark
  public float first() {
    Kernels kernels =
        switch (library) {
          case "quadrille" -> KernelProvider.active();
          case "simd" -> KernelProvider.simd().orElseThrow();
          default -> KernelProvider.scalar();
        };
    float last = 0;
    for (int call = 0; call < calls; call++) {
      switch (kernel) {
        case "sgemm" -> kernels.gemm(n, n, n, 1, a, 0, n, 1, b, 0, n, 1, 0, c, 0, n, 1);
        case "gemv" -> kernels.gemv(n, n, 1, a, 0, n, 1, b, 0, 1, 0, c, 0, 1);
        default -> last += kernels.dot(n, a, 0, 1, b, 0, 1);
      }
    }
    return last + c[0];
  }
}
