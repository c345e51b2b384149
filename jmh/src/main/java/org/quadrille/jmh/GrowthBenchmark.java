package org.quadrille.jmh;

import java.util.ArrayList;
import java.util.List;
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
import org.quadrille.growth.AxisMap;
import org.quadrille.growth.Growth;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.GrowthOrder;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.GrowthTerm;
import org.quadrille.growth.LearnedStart;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;

/**
 * Growing a checkpoint, single precision, against the bare matrix products it consists of; and a
 * step of learning the operator against a training step of the large model.
 *
 * <p>bert: 6 layers of width 512 to 12 layers of width 768 with embeddings of 30522 words, full
 * maps and mixtures, width first. step: the growth of a GPT of 2 layers of width 64 to 4 layers of
 * width 96, batch 8 of 64 tokens, start {@code [I; S]}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx6g"})
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
public class GrowthBenchmark {

  /** Ours; or for bert the bare products, for step the training step alone. */
  @Param({"quadrille", "bare"})
  public String library;

  /** What is done. */
  @Param({"bert", "step"})
  public String operation;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private WorkerPool pool;
  private Runnable work;

  /** Makes models and operators. */
  @Setup
  public void prepare() {
    pool = WorkerPool.of(threads);
    boolean ours = library.equals("quadrille");
    work = operation.equals("bert") ? checkpoint(ours) : step(ours);
  }

  private static Runnable checkpoint(boolean ours) {
    Architecture small = Architecture.bert(30522, 512, 512, 8, 6);
    Architecture large = Architecture.bert(30522, 512, 768, 12, 12);
    GrowthPlan plan = GrowthPlan.of(small, large);
    GrowthTerm term = GrowthTerm.of(GrowthOrder.WIDTH_FIRST);
    for (String name : List.of("residual", "query", "key", "value", "hidden")) {
      int[] sizes = plan.sizes(name);
      term = term.withMap(name, AxisMap.dense(random(sizes[1], sizes[0])));
    }
    for (String name : plan.depthNames()) {
      term = term.withDepth(name, AxisMap.dense(random(large.layers(), small.layers())));
    }
    if (!ours) {
      return products(plan);
    }
    Tensors weights = Transformer.random(small, DType.F32, 1).parameters();
    GrowthOperator operator = GrowthOperator.of(plan, DType.F32, term);
    Growth growth = operator.on(weights);
    return growth::grow;
  }

  /** Two products for each small matrix, the cheaper way round, and one for each mixture. */
  private static Runnable products(GrowthPlan plan) {
    List<Runnable> all = new ArrayList<>();
    int layers = plan.smallLayers();
    for (String name : plan.smallShapes().keySet()) {
      int[] from = plan.smallShapes().get(name);
      int[] to = plan.largeShapes().get(name);
      if (from.length == 2) {
        boolean rowsGrow = from[0] < to[0];
        boolean colsGrow = from[1] < to[1];
        long rowsFirst = (long) to[0] * from[1] * (from[0] + to[1]);
        long colsFirst = (long) to[1] * from[0] * (from[1] + to[0]);
        Tensor w = random(from[0], from[1]);
        Tensor b = random(to[0], from[0]);
        Tensor a = random(to[1], from[1]);
        Tensor out = Tensor.zeros(DType.F32, to[0], to[1]);
        if (!rowsGrow && colsGrow) {
          all.add(() -> MatrixProduct.multiply(1, w, a.transpose(), 0, out));
        } else if (rowsGrow && colsGrow && rowsFirst <= colsFirst) {
          Tensor half = Tensor.zeros(DType.F32, to[0], from[1]);
          all.add(() -> MatrixProduct.multiply(1, b, w, 0, half));
          all.add(() -> MatrixProduct.multiply(1, half, a.transpose(), 0, out));
        } else if (rowsGrow && colsGrow) {
          Tensor half = Tensor.zeros(DType.F32, from[0], to[1]);
          all.add(() -> MatrixProduct.multiply(1, w, a.transpose(), 0, half));
          all.add(() -> MatrixProduct.multiply(1, b, half, 0, out));
        }
        if (name.startsWith("layers.0.")) {
          Tensor mixture = random(plan.largeLayers(), layers);
          Tensor stack = Tensor.zeros(DType.F32, layers, to[0] * to[1]);
          Tensor mixed = Tensor.zeros(DType.F32, plan.largeLayers(), to[0] * to[1]);
          all.add(() -> MatrixProduct.multiply(1, mixture, stack, 0, mixed));
        }
      }
    }
    return () -> all.forEach(Runnable::run);
  }

  private static Runnable step(boolean ours) {
    Architecture small = Architecture.gpt(65, 64, 64, 4, 2);
    Architecture large = Architecture.gpt(65, 64, 96, 6, 4);
    Transformer model = Transformer.random(large, DType.F32, 1);
    int[] tokens = new int[8 * 64];
    int[] targets = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (7 * i + i / 5) % 65;
      targets[i] = (7 * (i + 1) + (i + 1) / 5) % 65;
    }
    Objective objective = model.objective(Batch.of(tokens, 8, 64).withTargets(targets));
    if (!ours) {
      Tensors gradients = model.parameters().zerosLike();
      return () -> objective.lossAndGradient(model.parameters(), gradients);
    }
    GrowthOperator operator =
        LearnedStart.PUBLISHED.operator(GrowthPlan.of(small, large), DType.F32, 1);
    Growth growth = operator.on(Transformer.random(small, DType.F32, 2).parameters());
    Tensors gradients = operator.parameters().zerosLike();
    Tensors none = Tensors.empty();
    return () -> {
      objective.lossAndGradient(growth.grow(), growth.largeGradients());
      growth.backward(growth.largeGradients(), gradients, none);
    };
  }

  private static Tensor random(int rows, int cols) {
    return GaussianMatrix.of(DType.F32, rows * 31L + cols, rows, cols);
  }

  /** One growth, or one step. */
  @Benchmark
  public int grow() {
    pool.run(work);
    return threads;
  }
}
