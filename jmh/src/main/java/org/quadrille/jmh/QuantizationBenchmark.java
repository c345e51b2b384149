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
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizedMatrix;

/**
 * Quantizing a square matrix to packed codes, and dequantizing it row by row into an array, in GB/s
 * of the numbers in single precision (counter {@code gigabyte}, per second), against copying them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuantizationBenchmark {

  /** {@code copy} copies the numbers instead. */
  @Param({"quadrille", "copy"})
  public String library;

  /** Codebook; blocks of 64, scales of 8 bits in groups of 256. */
  @Param({"nf2", "nf3", "nf4", "nf8"})
  public String format;

  /** What is done. */
  @Param({"quantize", "dequantize"})
  public String operation;

  /** Rows and columns. */
  @Param({"1024", "4096"})
  public int n;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private Runnable conversion;

  /** What one second of the benchmark converts. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Bytes of the numbers in single precision, in units of 10^9. */
    public double gigabyte;
  }

  /** Draws and quantizes the matrix. */
  @Setup
  public void prepare() {
    Tensor weights = QuantizedProductBenchmark.gaussian(new Random(n), n, n);
    BlockQuantizer quantizer = BlockQuantizer.of(QuantizationConfig.parse(format + "/64/fp8/256"));
    QuantizedMatrix quantized = quantizer.quantize(weights);
    float[] out = new float[n * n];
    int pieces = threads == 1 ? 1 : 4 * threads;
    WorkerPool pool = WorkerPool.of(threads);
    boolean ours = library.equals("quadrille");
    conversion =
        ours && operation.equals("quantize")
            ? () -> pool.run(() -> quantizer.quantize(weights))
            : () ->
                pool.forEach(
                    pieces,
                    piece -> {
                      int from = (int) ((long) n * piece / pieces);
                      int to = (int) ((long) n * (piece + 1) / pieces);
                      if (ours) {
                        quantized.dequantizeRows(from, to, out, from * n);
                      } else {
                        System.arraycopy(
                            weights.floats(), from * n, out, from * n, (to - from) * n);
                      }
                    });
    conversion.run();
    float[] expected = ours ? quantized.dequantize().floats() : weights.floats();
    for (int i = 0; i < out.length && !operation.equals("quantize"); i++) {
      if (out[i] != expected[i]) {
        throw new IllegalStateException(i + " is " + out[i] + ", expected " + expected[i]);
      }
    }
  }

  /** One pass over the matrix. */
  @Benchmark
  public Runnable convert(Work work) {
    conversion.run();
    work.gigabyte += 1e-9 * Float.BYTES * n * n;
    return conversion;
  }
}
