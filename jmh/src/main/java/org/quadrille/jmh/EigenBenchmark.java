package org.quadrille.jmh;

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
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Eigenvalues, with or without eigenvectors, of a random symmetric matrix against other libraries,
 * in milliseconds. Each library's sum of eigenvalues and of their squares is compared with trace
 * and norm of the matrix before it is timed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xmx4g"
    })
public class EigenBenchmark {

  /**
   * The library. LAPACK in OpenBLAS has two ways: divide and conquer ({@code openblas}: syevd) and
   * relatively robust representations ({@code openblas-syevr}).
   */
  @Param({"quadrille", "openblas", "openblas-syevr", "ejml"})
  public String library;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** All vectors and values, or values alone. */
  @Param({"decompose", "values"})
  public String operation;

  /** Rows and columns. */
  @Param({"512", "1024", "2048"})
  public int n;

  /** Threads; EJML has one only. */
  @Param({"1", "2"})
  public int threads;

  private EigenPeer peer;

  /** Draws the matrix and checks one result. */
  @Setup
  public void prepare() {
    DType dtype = precision.equals("float") ? DType.F32 : DType.F64;
    Tensor g = GaussianMatrix.of(DType.F64, n, n, n);
    Tensor a = Arithmetic.add(g, g.transpose().copy()).to(dtype);
    peer = EigenPeer.of(library, operation.equals("decompose"), threads, a);
    double[] values = peer.eigenvalues();
    double trace = 0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      trace += a.get(i, i);
      sum += values[i];
      squares += values[i] * values[i];
    }
    double norm = Norms.frobenius(a);
    double allowed = 10 * n * dtype.unitRoundoff() * norm;
    double error = Math.max(Math.abs(trace - sum), Math.abs(norm - Math.sqrt(squares)));
    if (!(error <= allowed)) {
      throw new IllegalStateException(
          "%s: sums of eigenvalues are off by %g, allowed %g".formatted(library, error, allowed));
    }
  }

  /** One decomposition. */
  @Benchmark
  public double[] solve() {
    return peer.eigenvalues();
  }
}
