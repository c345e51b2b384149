package org.quadrille.cli.reproduce.lora;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.DecayRule;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.train.TextTask;
import org.quadrille.transformer.train.Trainer;

/**
 * Makes runs that are not in the store yet, as many side by side as the pool has threads, each on
 * one thread: the models are small, and nothing waits for anything then. Results do not depend on
 * it.
 */
final class TuningRunner {
  /** Part of every key; another number makes all runs anew. */
  private static final String VERSION = "lora study 1";

  private static final double BASE_DECAY = 0.1;

  /** Runs differ from those of the base in their batches. */
  private static final long TUNING = 5_000_003;

  private final StudyTexts texts;
  private final RunStore store;
  private final long seed;

  TuningRunner(StudyTexts texts, RunStore store, long seed) {
    this.texts = texts;
    this.store = store;
    this.seed = seed;
  }

  /**
   * One run.
   *
   * @param scale sizes
   * @param method how
   * @param number of the repetition, from 1; the same base and batches for all methods
   */
  record Run(StudyScale scale, TuningMethod method, int number) {}

  /** Outcomes of runs, in their order. */
  Map<Run, TuningOutcome> run(String label, List<Run> runs, Console console) {
    Set<Run> bases = new LinkedHashSet<>();
    double total = 0;
    for (Run run : runs) {
      bases.add(new Run(run.scale(), null, run.number()));
      total += flops(run);
    }
    for (Run base : bases) {
      total += flops(base);
    }
    List<Run> first = List.copyOf(bases);
    TuningOutcome[] outcomes = new TuningOutcome[runs.size()];
    try (Progress progress = console.progress(label, total * 1e-9, "GFLOP")) {
      WorkerPool.shared()
          .forEach(
              first.size(),
              i -> {
                base(first.get(i));
                progress.advance(flops(first.get(i)) * 1e-9);
              });
      WorkerPool.shared()
          .forEach(
              runs.size(),
              i -> {
                Run run = runs.get(i);
                outcomes[i] = outcome(run);
                progress.advance(flops(run) * 1e-9);
                progress.detail(run.scale().name() + " " + run.method().label());
              });
    }
    Map<Run, TuningOutcome> result = new LinkedHashMap<>();
    for (int i = 0; i < outcomes.length; i++) {
      result.put(runs.get(i), outcomes[i]);
    }
    return result;
  }

  private double flops(Run run) {
    double step = run.scale().stepFlops(texts.vocabulary());
    return step * (run.method() == null ? run.scale().baseSteps() : run.scale().tuningSteps());
  }

  TuningOutcome outcome(Run run) {
    try {
      String name =
          run.scale().name()
              + "-"
              + run.method().name().replaceAll("[^A-Za-z0-9]+", "-")
              + "-"
              + run.method().rate()
              + "-"
              + run.number();
      JsonObject json =
          store.figures(
              name,
              key(run) + "; " + run.method().key(),
              () ->
                  new Tuning(
                          run.scale(),
                          texts,
                          run.method(),
                          base(run),
                          random(run.number()) + TUNING)
                      .run()
                      .toJson());
      return TuningOutcome.of(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Weights after training on the source text. */
  Tensors base(Run run) {
    try {
      return store
          .weights(run.scale().name() + "-base-" + run.number(), key(run), () -> trained(run))
          .weights();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunStore.Kept trained(Run run) {
    StudyScale scale = run.scale();
    long random = random(run.number());
    Transformer model =
        Transformer.random(scale.architecture(texts.vocabulary()), DType.F32, random);
    TextTask task =
        TextTask.nextToken(model, texts.source(), scale.batch(), scale.length(), random);
    long began = System.nanoTime();
    new Trainer(
            model.parameters(),
            task,
            Tuning.optimizer(scale.baseRate(), BASE_DECAY, DecayRule.PYTORCH),
            Tuning.plan(scale.baseSteps()))
        .run();
    return new RunStore.Kept(
        model.parameters(),
        new JsonObject()
            .put("source", task.evaluate(scale.windows()))
            .put("seconds", (System.nanoTime() - began) * 1e-9));
  }

  private String key(Run run) {
    return VERSION + "; " + run.scale() + "; " + texts.digest() + "; seed " + random(run.number());
  }

  private long random(int number) {
    return seed * 1_000_000_007L + number * 10_007L;
  }
}
