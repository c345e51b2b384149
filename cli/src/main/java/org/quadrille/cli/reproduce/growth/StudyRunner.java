package org.quadrille.cli.reproduce.growth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.reproduce.RunStore;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.GrowthLearning;
import org.quadrille.growth.LearnedGrowth;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;

/**
 * Makes runs that are not in the store yet, as many side by side as the pool has threads, each on
 * one thread: models are small, and nothing waits for anything then. Results do not depend on it.
 */
final class StudyRunner {
  /** Part of every key; another number makes all runs anew. */
  private static final String VERSION = "growth study 1";

  /** Sources, operators and targets see different data for one seed. */
  private static final long SOURCE_DATA = 1_000_003;

  private static final long LEARNING_DATA = 2_000_003;

  private final StudyText text;
  private final StudyRecipe recipe;
  private final RunStore store;
  private final long seed;

  /**
   * A runner.
   *
   * @param seed of the study; runs of different numbers under one seed are independent
   */
  StudyRunner(StudyText text, StudyRecipe recipe, RunStore store, long seed) {
    this.text = text;
    this.recipe = recipe;
    this.store = store;
    this.seed = seed;
  }

  /** Outcomes of runs, in their order. */
  Map<StudyRun, StudyOutcome> run(String label, List<StudyRun> runs, Console console) {
    double total = 0;
    Set<StudyRun> sources = new LinkedHashSet<>();
    for (StudyRun run : runs) {
      total += trainingFlops(run);
      if (!run.method().isScratch()) {
        sources.add(new StudyRun(run.setting(), null, 0, run.seed()));
      }
    }
    for (StudyRun source : sources) {
      total += sourceFlops(source.setting());
    }
    StudyOutcome[] outcomes = new StudyOutcome[runs.size()];
    try (Progress progress = console.progress(label, total * 1e-9, "GFLOP")) {
      List<StudyRun> first = List.copyOf(sources);
      WorkerPool.shared()
          .forEach(
              first.size(),
              i -> {
                checked(() -> source(first.get(i)));
                progress.advance(sourceFlops(first.get(i).setting()) * 1e-9);
              });
      WorkerPool.shared()
          .forEach(
              runs.size(),
              i -> {
                outcomes[i] = checked(() -> outcome(runs.get(i)));
                progress.advance(trainingFlops(runs.get(i)) * 1e-9);
                progress.detail(runs.get(i).series() + " " + runs.get(i).budget());
              });
    }
    Map<StudyRun, StudyOutcome> result = new LinkedHashMap<>();
    for (int i = 0; i < outcomes.length; i++) {
      result.put(runs.get(i), outcomes[i]);
    }
    return result;
  }

  private StudyOutcome outcome(StudyRun run) throws IOException {
    String key =
        String.join(
            "; ",
            run.method().isScratch() ? scratchKey(run) : startKey(run),
            training(rate(run)),
            "budget " + run.budget());
    return StudyOutcome.of(store.figures(name(run), key, () -> train(run).toJson()));
  }

  private StudyOutcome train(StudyRun run) throws IOException {
    StudySetting setting = run.setting();
    if (run.method().isScratch()) {
      Architecture large = setting.large(text, recipe);
      Tensors start = Transformer.random(large, DType.F32, random(run.seed())).parameters();
      return outcome(run, large, start, 0, 0, Double.NaN);
    }
    RunStore.Kept source = source(run);
    GrowthMethod.Start start =
        run.method()
            .start()
            .of(setting.small(text, recipe), setting.large(text, recipe), random(run.seed()));
    double loss = source.figures().number("loss");
    if (!run.method().isLearned()) {
      return outcome(
          run, start.large(), start.grow(source.weights()), 0, costs(setting).growing(), loss);
    }
    RunStore.Kept learned =
        store.weights(
            setting.name() + "-" + run.method().name() + "-" + run.seed() + "-start",
            startKey(run),
            () -> learn(run, start, source.weights()));
    int steps = learned.figures().intValue("steps");
    double cost = learned.figures().number("flops");
    return outcome(run, start.large(), learned.weights(), steps, cost, loss);
  }

  private StudyOutcome outcome(
      StudyRun run,
      Architecture large,
      Tensors start,
      int learningSteps,
      double learningFlops,
      double sourceLoss) {
    long began = System.nanoTime();
    StudyRecipe.Trained trained =
        recipe.train(
            run.setting().task(), text, large, start, random(run.seed()), run.budget(), rate(run));
    return new StudyOutcome(
        trained.before(),
        trained.after(),
        learningSteps,
        learningFlops,
        trainingFlops(run),
        run.method().isScratch() ? 0 : sourceFlops(run.setting()),
        sourceLoss,
        (System.nanoTime() - began) * 1e-9);
  }

  /** The trained small model of a run. */
  RunStore.Kept source(StudyRun run) throws IOException {
    StudySetting setting = run.setting();
    return store.weights(
        "source-"
            + setting.task().model()
            + "-"
            + setting.smallLayers()
            + "x"
            + setting.smallWidth()
            + "-"
            + run.seed(),
        sourceKey(run),
        () -> {
          Architecture small = setting.small(text, recipe);
          StudyRecipe.Trained trained =
              recipe.train(
                  setting.task(),
                  text,
                  small,
                  Transformer.random(small, DType.F32, random(run.seed())).parameters(),
                  random(run.seed()) + SOURCE_DATA,
                  recipe.sourceSteps(),
                  recipe.scratchRate());
          return new RunStore.Kept(
              trained.weights(), new JsonObject().put("loss", trained.after()));
        });
  }

  private RunStore.Kept learn(StudyRun run, GrowthMethod.Start start, Tensors small) {
    Transformer model = Transformer.random(start.large(), DType.F32, 1);
    LearnedGrowth learned =
        GrowthLearning.of(
                start.operator(),
                small,
                run.setting()
                    .task()
                    .batches(model, text, recipe, random(run.seed()) + LEARNING_DATA),
                run.method().learning())
            .run();
    StudyCosts costs = costs(run.setting());
    JsonObject figures =
        new JsonObject()
            .put("steps", learned.steps())
            .put("end", learned.end().toString())
            .put("reason", learned.reason())
            .put("flops", learned.flops(costs.learningStep()) + costs.growing())
            .put("losses", Arrays.stream(learned.losses()).boxed().toList());
    return new RunStore.Kept(learned.grow(), figures);
  }

  private StudyCosts costs(StudySetting setting) {
    return StudyCosts.of(setting, text, recipe);
  }

  private double trainingFlops(StudyRun run) {
    return run.budget() * costs(run.setting()).step();
  }

  private double sourceFlops(StudySetting setting) {
    return costs(setting).source();
  }

  private double rate(StudyRun run) {
    return run.method().isScratch() ? recipe.scratchRate() : recipe.grownRate();
  }

  /** Distinct, far apart, and a function of the study's seed and the number of the run. */
  private long random(int number) {
    return (seed + 1) * 1_000_000_007L + number * 10_007L;
  }

  private String training(double rate) {
    return "rate " + rate + ", warm-up " + recipe.warmUp() + ", " + data();
  }

  private String data() {
    return text.name()
        + " "
        + text.sha256().substring(0, 16)
        + ", "
        + recipe.batch()
        + " windows of "
        + recipe.length()
        + ", held out "
        + recipe.evaluationWindows();
  }

  private String scratchKey(StudyRun run) {
    return String.join(
        "; ",
        VERSION,
        "scratch",
        run.setting().large(text, recipe).toString(),
        "seed " + random(run.seed()));
  }

  private String sourceKey(StudyRun run) {
    return String.join(
        "; ",
        VERSION,
        "source",
        run.setting().small(text, recipe).toString(),
        "steps " + recipe.sourceSteps(),
        training(recipe.scratchRate()),
        "seed " + random(run.seed()));
  }

  private String startKey(StudyRun run) {
    List<String> parts = new ArrayList<>();
    parts.add(sourceKey(run));
    parts.add(run.setting().large(text, recipe).toString());
    parts.add(run.method().name());
    parts.add(run.method().learning().toString());
    return String.join("; ", parts);
  }

  private static String name(StudyRun run) {
    StudySetting to = run.setting();
    // From scratch the source does not matter: settings with one target share the run.
    String setting =
        run.method().isScratch()
            ? to.task().model() + "-" + to.largeLayers() + "x" + to.largeWidth()
            : to.name();
    return setting + "-" + run.method().name() + "-" + run.seed() + "-" + run.budget();
  }

  private static <T> T checked(RunStore.Work<T> work) {
    try {
      return work.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
