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
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Triangular operations and factorizations of square matrices against other libraries, in GFLOP/s
 * (counter {@code gigaflop}, per second) of the operations that the usual algorithm takes. Each
 * result is multiplied together again, in double precision, before it is timed.
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
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FactorizationBenchmark {

  private static final int CHECKED_ELEMENTS = 64;

  /** The library. */
  @Param({"quadrille", "openblas", "ejml"})
  public String library;

  /**
   * What is computed, see {@link FactorizationPeer}; EJML has no trmm. For eigenvalues see {@link
   * EigenBenchmark}.
   */
  @Param({"syrk", "trsm", "trmm", "cholesky", "qr", "svd"})
  public String operation;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** Rows and columns of the matrices. */
  @Param({"512", "1024", "2048"})
  public int n;

  /** Threads of the operation. */
  @Param({"1", "2"})
  public int threads;

  private FactorizationPeer peer;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Draws the matrices and checks a sample of the result. */
  @Setup(Level.Trial)
  public void prepare() {
    DType dtype = precision.equals("float") ? DType.F32 : DType.F64;
    Tensor a = matrix().to(dtype);
    Tensor b = GaussianMatrix.of(DType.F64, 2, n, n).to(dtype);
    peer = FactorizationPeer.of(library, operation, threads, a, b);
    peer.compute();
    check(a.to(DType.F64), b.to(DType.F64), dtype.unitRoundoff());
  }

  private Tensor matrix() {
    Tensor random = GaussianMatrix.of(DType.F64, 1, n, n);
    return switch (operation) {
      // Well-conditioned: n on the diagonal keeps solutions of triangular systems small.
      case "cholesky", "trsm", "trmm" -> {
        Tensor spread = MatrixProduct.multiply(random, random.transpose());
        for (int i = 0; i < n; i++) {
          spread.set(spread.get(i, i) + n, i, i);
        }
        yield Arithmetic.scale(1.0 / n, spread);
      }
      default -> random;
    };
  }

  /** Elements of the product of the factors against those of what it should be. */
  private void check(Tensor a, Tensor b, double roundoff) {
    Tensor[] f = peer.factors();
    for (int i = 0; i < f.length; i++) {
      f[i] = f[i].to(DType.F64);
    }
    Random random = new Random(n);
    for (int sample = 0; sample < CHECKED_ELEMENTS; sample++) {
      int i = random.nextInt(n);
      int j = random.nextInt(n);
      double sum = 0;
      double magnitude = 0;
      for (int k = 0; k < n; k++) {
        double term = term(f, a, b, i, k, j);
        sum += term;
        magnitude += Math.abs(term);
      }
      double error = Math.abs(sum - expected(f, a, b, i, j));
      double bound = 10 * n * roundoff * Math.max(magnitude, Norms.frobenius(a) / n);
      if (!(error <= bound)) {
        throw new IllegalStateException(
            "%s: element (%d, %d) of the product of %s is off by %g, allowed %g"
                .formatted(library, i, j, operation, error, bound));
      }
    }
  }

  private double term(Tensor[] f, Tensor a, Tensor b, int i, int k, int j) {
    return switch (operation) {
      case "syrk" -> a.get(Math.max(i, j), k) * a.get(Math.min(i, j), k);
      case "trsm" -> k > i ? 0 : a.get(i, k) * f[0].get(k, j);
      case "trmm" -> k > i ? 0 : a.get(i, k) * b.get(k, j);
      case "cholesky" -> k > Math.min(i, j) ? 0 : f[0].get(i, k) * f[0].get(j, k);
      case "qr" -> k > j ? 0 : f[0].get(i, k) * f[1].get(k, j);
      case "svd" -> f[0].get(i, k) * f[1].get(k) * f[2].get(j, k);
      default -> throw FactorizationPeer.unknown(operation);
    };
  }

  private double expected(Tensor[] f, Tensor a, Tensor b, int i, int j) {
    return switch (operation) {
      case "syrk" -> f[0].get(Math.max(i, j), Math.min(i, j));
      case "trsm" -> b.get(i, j);
      case "trmm" -> f[0].get(i, j);
      default -> a.get(i, j);
    };
  }

  /** Operations of the usual algorithms, by Golub and Van Loan's counts, two per multiply-add. */
  private double flops() {
    double cube = (double) n * n * n;
    return switch (operation) {
      case "syrk", "trsm", "trmm" -> cube;
      case "cholesky" -> cube / 3;
      // factors and Q
      case "qr" -> 8 * cube / 3;
      case "svd" -> 22 * cube;
      default -> throw FactorizationPeer.unknown(operation);
    };
  }

  /** One operation. */
  @Benchmark
  public FactorizationPeer compute(Work work) {
    peer.compute();
    work.gigaflop += 1e-9 * flops();
    return peer;
  }
}
