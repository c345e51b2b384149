package org.quadrille.jmh;

import java.util.Random;
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
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.Quantized;

/**
 * Products with a square quantized matrix, decoded on the way, against our own products with the
 * same matrix in single precision: GFLOP/s at two flops per weight and column (counter {@code
 * gigaflop}, per second). Half of it is 10^9 weights per second for a matrix-vector product.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuantizedProductBenchmark {

  /** {@code quadrille} reads packed codes, {@code float} the dequantized matrix. */
  @Param({"quadrille", "float"})
  public String library;

  /** Codebook; blocks of 64, scales of 8 bits in groups of 256. */
  @Param({"nf2", "nf3", "nf4", "nf8"})
  public String format;

  /** A x or A^T x, with as many columns of x as the batch has. */
  @Param({"plain", "transposed"})
  public String operation;

  /** Columns of x. */
  @Param({"1", "8", "64"})
  public int batch;

  /** Rows and columns. */
  @Param({"512", "1024", "4096"})
  public int n;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private Runnable product;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Flops in units of 10^9. */
    public double gigaflop;
  }

  /** Draws and quantizes the matrix, and checks the product. */
  @Setup
  public void prepare() {
    Random random = new Random(n);
    Quantized quantized =
        new Quantized(
            BlockQuantizer.of(QuantizationConfig.parse(format + "/64/fp8/256"))
                .quantize(gaussian(random, n, n)));
    Tensor dense = quantized.toDense();
    Tensor x = batch == 1 ? gaussian(random, n) : gaussian(random, n, batch);
    Tensor out = batch == 1 ? Tensor.zeros(DType.F32, n) : Tensor.zeros(DType.F32, n, batch);
    boolean plain = operation.equals("plain");
    Tensor matrix = plain ? dense : dense.transpose();
    Runnable once =
        !library.equals("quadrille")
            ? () -> MatrixProduct.multiply(1, matrix, x, 0, out)
            : plain ? () -> quantized.apply(x, out) : () -> quantized.applyTransposed(x, out);
    WorkerPool pool = WorkerPool.of(threads);
    product = () -> pool.run(once);
    product.run();
    Tensor expected = MatrixProduct.multiply(matrix, x);
    for (int i = 0; i < n; i++) {
      double given = batch == 1 ? out.get(i) : out.get(i, batch - 1);
      double wanted = batch == 1 ? expected.get(i) : expected.get(i, batch - 1);
      if (given != wanted) {
        throw new IllegalStateException("row " + i + " is " + given + ", expected " + wanted);
      }
    }
  }

  static Tensor gaussian(Random random, int... shape) {
    Tensor tensor = Tensor.zeros(DType.F32, shape);
    for (int i = 0; i < tensor.length(); i++) {
      tensor.floats()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  /** One product. */
  @Benchmark
  public Runnable multiply(Work work) {
    product.run();
    work.gigaflop += 2e-9 * n * n * batch;
    return product;
  }
}
