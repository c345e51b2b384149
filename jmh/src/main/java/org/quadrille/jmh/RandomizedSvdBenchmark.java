package org.quadrille.jmh;

import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
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
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * How long does the leading part of a decomposition of an n x n float matrix take? Oversampling 10,
 * two power iterations: the products cost {@code 12 n^2 (rank + 10)} flops. Against OpenBLAS doing
 * the same steps: {@link OpenBlasRandomizedSvd}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class RandomizedSvdBenchmark {

  /** The library. */
  @Param({"quadrille", "openblas"})
  public String library;

  /** Rows and columns of the matrix. */
  @Param({"512", "1536", "4096"})
  public int n;

  /** Singular values wanted. */
  @Param({"64"})
  public int rank;

  /** Threads of the products. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private Tensor matrix;
  private OpenBlasRandomizedSvd peer;

  /** Makes the matrix and checks one result. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    matrix = GaussianMatrix.of(DType.F32, 1, n, n);
    Svd svd = pool.call(this::decompose);
    // U^T A V = diag(s) holds for every projection
    Tensor core =
        MatrixProduct.multiply(svd.u().transpose(), MatrixProduct.multiply(matrix, svd.v().copy()));
    for (int i = 0; i < rank; i++) {
      core.set(core.get(i, i) - svd.singularValues().get(i), i, i);
    }
    double error = Norms.max(core) / svd.singularValues().get(0);
    if (!(error <= 1e-5)) {
      throw new IllegalStateException("U^T A V differs from diag(s) by " + error + " of s[0]");
    }
    if (library.equals("openblas")) {
      peer =
          new OpenBlasRandomizedSvd(threads, n, rank, new FloatPointer(matrix.copy().toFloats()));
      double theirs = peer.decompose();
      double ours = svd.singularValues().get(0);
      // Other Gaussian numbers, the same subspace but for the noise.
      if (!(Math.abs(theirs - ours) <= 0.02 * ours)) {
        throw new IllegalStateException("largest singular value " + theirs + ", ours " + ours);
      }
    }
  }

  private Svd decompose() {
    return RandomizedSvd.decompose(matrix, RandomizedSvd.Options.rank(rank));
  }

  /** The leading singular values and vectors. */
  @Benchmark
  public Object randomized() {
    return peer != null ? peer.decompose() : pool.call(this::decompose);
  }
}
