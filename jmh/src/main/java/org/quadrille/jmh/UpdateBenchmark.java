package org.quadrille.jmh;

import java.util.ArrayList;
import java.util.List;
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
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.MultiAdapter;

/**
 * Does applying an update of rank r take the time of its operations, in GFLOP/s beside the dense
 * weight of the same shape? And a batch through sixteen adapters, against the columns one by one?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  private static final int ADAPTERS = 16;

  /** The update, or what it is compared with. */
  @Param({"quadrille", "plain"})
  public String library;

  /** One update against the dense weight, or many in one batch against single columns. */
  @Param({"apply", "adapters"})
  public String operation;

  /** Rows and columns of the weight. */
  @Param({"512x512", "2048x512", "4096x4096"})
  public String shape;

  /** Rank of an update. */
  @Param({"8", "64"})
  public int rank;

  /** Columns of the batch. */
  @Param({"1", "256"})
  public int batch;

  /** Threads of the products. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private Runnable work;
  private double gigaflop;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Makes operators and batch; both ways through the adapters must agree. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    int rows = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
    int cols = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
    Dense dense = Dense.of(GaussianMatrix.of(DType.F32, 1, rows, cols));
    Tensor x = GaussianMatrix.of(DType.F32, 2, batch, cols).transpose();
    if (operation.equals("apply")) {
      Tensor y = Tensor.zeros(DType.F32, batch, rows).transpose();
      LowRank update = random(3, rows, cols);
      boolean ours = library.equals("quadrille");
      work = ours ? () -> update.apply(x, y) : () -> dense.apply(x, y);
      gigaflop = 1e-9 * (ours ? update.flops(batch) : dense.flops(batch));
      return;
    }
    List<LowRank> updates = new ArrayList<>();
    for (int j = 0; j < ADAPTERS; j++) {
      updates.add(random(10 + j, rows, cols));
    }
    MultiAdapter adapters = MultiAdapter.of(dense, updates);
    int[] index = new int[batch];
    for (int i = 0; i < batch; i++) {
      index[i] = i % ADAPTERS;
    }
    Tensor all = adapters.apply(x, index);
    Tensor single = oneByOne(dense, updates, x, index);
    double error = Norms.max(Arithmetic.subtract(all, single)) / Norms.max(all);
    if (!(error <= 1e-4)) {
      throw new IllegalStateException("both ways differ by " + error);
    }
    work =
        library.equals("quadrille")
            ? () -> adapters.apply(x, index)
            : () -> oneByOne(dense, updates, x, index);
    gigaflop = 1e-9 * (dense.flops(batch) + updates.getFirst().flops(batch));
  }

  private LowRank random(long seed, int rows, int cols) {
    return LowRank.of(
        GaussianMatrix.of(DType.F32, seed, rows, rank),
        GaussianMatrix.of(DType.F32, seed + 100, rank, cols),
        0.5);
  }

  /** The base at once, each column through its own update. */
  private static Tensor oneByOne(Dense dense, List<LowRank> updates, Tensor x, int[] index) {
    Tensor y = dense.apply(x);
    for (int i = 0; i < index.length; i++) {
      Tensor part = updates.get(index[i]).apply(x.transpose().row(i));
      Arithmetic.axpy(1, part, y.transpose().row(i));
    }
    return y;
  }

  /** One batch. */
  @Benchmark
  public Object apply(Work counted) {
    pool.run(work);
    counted.gigaflop += gigaflop;
    return work;
  }
}
