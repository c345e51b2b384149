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
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/**
 * Loss and gradient of a transformer in single precision, counted in useful operations ({@link
 * Architecture#trainingFlops}), against bare products of 1024 x 1024 matrices: the ratio is the
 * share of the matrix product rate that training reaches.
 *
 * <p>gpt: 4 layers of width 256, vocabulary 256, 16 sequences of 256 tokens, 91.8 GFLOP a step.
 * bert: 6 layers of width 384, 12 heads, 8 sequences of 128 tokens, one in seven masked, vocabulary
 * 30522.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx6g"})
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 2)
public class TrainingStepBenchmark {

  /** Ours, or the bare products. */
  @Param({"quadrille", "sgemm"})
  public String library;

  /** The model. */
  @Param({"gpt", "bert"})
  public String model;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private Runnable work;
  private double flops;

  /** What one second of the benchmark computes. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Floating-point operations in units of 10^9, two per multiply-add. */
    public double gigaflop;
  }

  /** Makes the model and checks that its loss is that of a guess. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    if (library.equals("sgemm")) {
      Tensor a = GaussianMatrix.of(DType.F32, 1, 1024, 1024);
      Tensor b = GaussianMatrix.of(DType.F32, 2, 1024, 1024);
      Tensor c = Tensor.zeros(DType.F32, 1024, 1024);
      work = () -> MatrixProduct.multiply(1, a, b, 0, c);
      flops = 2.0 * 1024 * 1024 * 1024;
      return;
    }
    boolean gpt = model.equals("gpt");
    Architecture architecture =
        gpt ? Architecture.gpt(256, 256, 256, 4, 4) : Architecture.bert(30522, 512, 384, 12, 6);
    int sequences = gpt ? 16 : 8;
    int length = gpt ? 256 : 128;
    Transformer transformer = Transformer.random(architecture, DType.F32, 1);
    Random random = new Random(1);
    int vocabulary = architecture.vocabulary();
    int[] tokens = random.ints((long) sequences * length, 0, vocabulary).toArray();
    int[] targets = random.ints(tokens.length, 0, vocabulary).toArray();
    int predicted = targets.length;
    for (int i = 0; !gpt && i < targets.length; i++) {
      if (i % 7 != 3) {
        targets[i] = Batch.IGNORE;
        predicted--;
      }
    }
    Objective objective =
        transformer.objective(Batch.of(tokens, sequences, length).withTargets(targets));
    Tensors gradients = transformer.parameters().zerosLike();
    double loss = objective.lossAndGradient(transformer.parameters(), gradients);
    if (!(Math.abs(loss - Math.log(vocabulary)) < 0.2)) {
      throw new IllegalStateException("loss " + loss + " of a model that knows nothing");
    }
    work = () -> objective.lossAndGradient(transformer.parameters(), gradients);
    double head =
        architecture.trainingFlops(length) - architecture.withHead(Head.NONE).trainingFlops(length);
    // Only rows with a target go through the head.
    flops = tokens.length * (architecture.trainingFlops(length) - head) + predicted * head;
  }

  /** One loss and gradient, or one product. */
  @Benchmark
  public double step(Work counted) {
    pool.run(work);
    counted.gigaflop += flops * 1e-9;
    return flops;
  }
}
