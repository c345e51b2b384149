package org.quadrille.jmh;

import java.util.Random;
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
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.ModeOrder;

/**
 * From samples on the disk to Zernike coefficients and back, in microseconds a function. The peer,
 * for analysis of one function on one thread, is what one would put together of other libraries:
 * JTransforms over the angles, radial matrices computed in advance, EJML's product.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
public class DiskTransformBenchmark {
  /** The library. */
  @Param({"quadrille", "jtransforms"})
  public String library;

  /** What is computed. */
  @Param({"analysis", "roundTrip"})
  public String direction;

  /** Highest degree of a mode. */
  @Param({"64", "255", "512"})
  public int highestDegree;

  /** Functions transformed together; the time is that of all. */
  @Param({"1", "16"})
  public int functions;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private DiskTransform transform;
  private Tensor coefficients;
  private Tensor samples;
  private AssembledDiskTransform peer;

  /** Draws orthonormal coefficients and checks what comes back. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    transform = DiskTransform.ofDegree(highestDegree);
    Random random = new Random(highestDegree);
    coefficients = Tensor.zeros(DType.F64, transform.cols(), functions);
    for (int j = 0; j < transform.cols(); j++) {
      for (int b = 0; b < functions; b++) {
        coefficients.set(random.nextGaussian() * ModeOrder.OSA.mode(j).orthonormalFactor(), j, b);
      }
    }
    coefficients = functions == 1 ? coefficients.reshape(transform.cols()) : coefficients;
    samples = transform.apply(coefficients);
    double[] back;
    if (library.equals("quadrille")) {
      back = transform.analyze(samples, coefficients.copy()).doubles();
    } else {
      peer = new AssembledDiskTransform(transform);
      back = peer.analyze(samples.doubles());
    }
    for (int j = 0; j < back.length; j++) {
      double error = Math.abs(back[j] - coefficients.doubles()[j]);
      if (!(error < 1e-9)) {
        throw new IllegalStateException(library + ": coefficient " + j + " is off by " + error);
      }
    }
  }

  /** Analysis alone, or synthesis and analysis. */
  @Benchmark
  public Object transform() {
    if (peer != null) {
      return peer.analyze(samples.doubles());
    }
    return pool.call(
        () -> {
          if (direction.equals("roundTrip")) {
            transform.apply(coefficients, samples);
          }
          return transform.analyze(samples, coefficients);
        });
  }
}
