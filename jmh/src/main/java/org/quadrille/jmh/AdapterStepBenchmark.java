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
import org.quadrille.linalg.Tensors;
import org.quadrille.lowrank.adapter.AdapterConfig;
import org.quadrille.lowrank.adapter.Adapters;
import org.quadrille.lowrank.adapter.Magnitude;
import org.quadrille.optim.Adam;
import org.quadrille.optim.Objective;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/**
 * Training steps with adapters against steps that train every weight: loss, gradient and a step of
 * Adam, in milliseconds. A GPT of 2 layers of width 512, vocabulary 256, 8 sequences of 128 tokens.
 *
 * <p>Without the gradient of frozen weights about two thirds of the products are left.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
public class AdapterStepBenchmark {
  private static final int SEQUENCES = 8;
  private static final int LENGTH = 128;
  private static final int VOCABULARY = 256;

  /** Adapters, or every weight trained. */
  @Param({"quadrille", "full"})
  public String library;

  /** Kind and rank of the adapters; full training is the same for all of them. */
  @Param({"lora 8", "lora 64", "dora 8"})
  public String adapter;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private Objective objective;
  private Optimizer optimizer;
  private Tensors parameters;
  private Tensors gradients;

  /** Makes the model and checks that its loss is that of a guess. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    Transformer model =
        Transformer.random(Architecture.gpt(VOCABULARY, LENGTH, 512, 8, 2), DType.F32, 1);
    if (library.equals("full")) {
      gradients = model.parameters().zerosLike();
    } else {
      String[] words = adapter.split(" ", -1);
      AdapterConfig lora = AdapterConfig.rank(Integer.parseInt(words[1]));
      Adapters adapters =
          Adapters.attach(
              model.parameters(),
              words[0].equals("dora") ? lora.withMagnitude(Magnitude.DETACHED) : lora);
      model = adapters.into(model, Transformer::withOperator);
      gradients = adapters.parameters().zerosLike();
    }
    Random random = new Random(1);
    int[] tokens = random.ints((long) SEQUENCES * LENGTH, 0, VOCABULARY).toArray();
    int[] targets = random.ints(tokens.length, 0, VOCABULARY).toArray();
    objective = model.objective(Batch.of(tokens, SEQUENCES, LENGTH).withTargets(targets));
    parameters = model.parameters();
    optimizer = new Adam(ParameterGroups.of(1e-6));
    double loss = objective.loss(parameters);
    if (!(Math.abs(loss - Math.log(VOCABULARY)) < 0.3)) {
      throw new IllegalStateException("loss " + loss + " of a model that knows nothing");
    }
  }

  /** One step. */
  @Benchmark
  public double step() {
    return pool.call(
        () -> {
          double loss = objective.lossAndGradient(parameters, gradients);
          optimizer.step(parameters, gradients, 1);
          return loss;
        });
  }
}
