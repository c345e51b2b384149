package org.quadrille.jmh;

import java.util.concurrent.TimeUnit;
import org.ejml.dense.row.SingularOps_DDRM;
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
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.ejml.Ejml;
import org.quadrille.lowrank.RankChoice;
import org.quadrille.lowrank.Recompression;

/**
 * How long does it take to bring an n x n update of inner size 128 down to rank 16: from its
 * factors, or by decomposing the product, with our decomposition or that of EJML?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx6g"})
public class RecompressionBenchmark {
  private static final int INNER = 128;
  private static final int KEPT = 16;

  /** From factors, or through the dense product. */
  @Param({"quadrille", "dense", "ejml"})
  public String library;

  /** Rows and columns of the update. */
  @Param({"512", "1024", "4096"})
  public int n;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private LowRank update;

  /** Makes the update and checks the largest singular value both ways on a small one. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    update = random(n);
    LowRank small = random(200);
    double factors = Recompression.of(small, RankChoice.rank(1)).singularValues()[0];
    double dense = Svd.exact(small.toDense().to(DType.F64)).singularValues().get(0);
    if (!(Math.abs(factors - dense) <= 1e-6 * dense)) {
      throw new IllegalStateException("largest singular value " + factors + ", dense " + dense);
    }
  }

  private static LowRank random(int n) {
    return LowRank.of(
        GaussianMatrix.of(DType.F32, 1, n, INNER), GaussianMatrix.of(DType.F32, 2, INNER, n), 0.5);
  }

  /** The best update of rank 16. */
  @Benchmark
  public Object recompress() {
    return pool.call(
        () ->
            switch (library) {
              case "quadrille" -> Recompression.of(update, RankChoice.rank(KEPT));
              case "dense" -> Svd.exact(product()).truncate(KEPT).toLowRank();
              default -> SingularOps_DDRM.singularValues(Ejml.copyToMatrix(product()));
            });
  }

  private Tensor product() {
    return update.toDense().to(DType.F64);
  }
}
