package org.quadrille.jmh;

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
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Kronecker;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;

/**
 * A Kronecker product applied to a vector, alone and in a sum of two, against nothing but the
 * matrix products that it consists of: {@code (A kron B) vec(W) = vec(A W B^T)} with A, B and W of
 * n x n.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KroneckerBenchmark {

  /** Ours, or the bare products. */
  @Param({"quadrille", "products"})
  public String library;

  /** One Kronecker product, or a sum of two. */
  @Param({"single", "sum"})
  public String operation;

  /** float or double. */
  @Param({"float", "double"})
  public String precision;

  /** Rows and columns of the factors; the operator has their squares. */
  @Param({"64", "256", "768", "1024"})
  public int n;

  /** Threads of the products. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private Runnable work;
  private Tensor out;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Makes the operators and checks that both ways agree. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    DType type = precision.equals("float") ? DType.F32 : DType.F64;
    Tensor a = GaussianMatrix.of(type, 1, n, n);
    Tensor b = GaussianMatrix.of(type, 2, n, n);
    Tensor c = GaussianMatrix.of(type, 3, n, n);
    Tensor d = GaussianMatrix.of(type, 4, n, n);
    Tensor w = GaussianMatrix.of(type, 5, n, n);
    Tensor x = w.reshape(n * n, 1);
    Tensor applied = Tensor.zeros(type, n * n, 1);
    Tensor inner = Tensor.zeros(type, n, n);
    Tensor multiplied = Tensor.zeros(type, n, n);
    boolean single = operation.equals("single");
    var operator = single ? Kronecker.of(a, b) : Sum.of(Kronecker.of(a, b), Kronecker.of(c, d));
    Runnable apply = () -> operator.apply(x, applied);
    Runnable multiply =
        () -> {
          MatrixProduct.multiply(1, a, w, 0, inner);
          MatrixProduct.multiply(1, inner, b.transpose(), 0, multiplied);
          if (!single) {
            MatrixProduct.multiply(1, c, w, 0, inner);
            MatrixProduct.multiply(1, inner, d.transpose(), 1, multiplied);
          }
        };
    apply.run();
    multiply.run();
    double scale = Norms.max(multiplied);
    Tensor difference = Arithmetic.subtract(applied.reshape(n, n), multiplied);
    double error = Norms.max(difference) / scale;
    if (!(error <= 10 * n * (type == DType.F32 ? 0x1p-24 : 0x1p-53))) {
      throw new IllegalStateException("both ways differ by " + error);
    }
    boolean ours = library.equals("quadrille");
    work = ours ? apply : multiply;
    out = ours ? applied : multiplied;
  }

  /** One product with a vector of n * n elements. */
  @Benchmark
  public Tensor apply(Work counted) {
    pool.run(work);
    counted.gigaflop += (operation.equals("single") ? 4e-9 : 8e-9) * n * n * n;
    return out;
  }
}
