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
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * How long does the leading part of a decomposition of a float matrix take, against the complete
 * one?
 *
 * <p>Oversampling 10, two power iterations: the products cost {@code 12 m n (rank + 10)} flops. The
 * complete decomposition ({@link Svd#exact}) has its own, smaller size, because it grows with the
 * cube; {@link FactorizationBenchmark} compares it with other libraries.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class RandomizedSvdBenchmark {

  /** Rows of the matrix. */
  @Param({"384", "1536", "4096"})
  int rows;

  /** Singular values wanted. */
  @Param({"8", "64"})
  int rank;

  private Tensor matrix;
  private Tensor small;

  /** Makes the matrices and checks one result. */
  @Setup
  public void setup() {
    matrix = GaussianMatrix.of(DType.F32, 1, rows, rows == 4096 ? 4096 : 384);
    small = GaussianMatrix.of(DType.F32, 2, 384, 384);
    Svd svd = randomized();
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
  }

  /** The leading {@code rank} singular values and vectors. */
  @Benchmark
  public Svd randomized() {
    return RandomizedSvd.decompose(matrix, RandomizedSvd.Options.rank(rank));
  }

  /** All singular values and vectors of a 384 x 384 matrix, whatever the parameters. */
  @Benchmark
  public Svd exactOf384() {
    return Svd.exact(small);
  }
}
