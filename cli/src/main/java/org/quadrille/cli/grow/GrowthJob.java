package org.quadrille.cli.grow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.LearnedGrowth;
import org.quadrille.growth.LearnedStart;
import org.quadrille.growth.plan.CheckpointGrowth;
import org.quadrille.growth.plan.GrowthMethod;
import org.quadrille.growth.plan.PlannedModel;
import org.quadrille.linalg.DType;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.train.ArchitectureJson;

/** Grows one opened model into a file. */
public final class GrowthJob {
  private static final String STEP = "quadrille.step";

  private final OpenedModel source;
  private final GrowthRequest request;

  /** A job to come; the model stays open until it is done. */
  public GrowthJob(OpenedModel source, GrowthRequest request) {
    this.source = source;
    this.request = request;
  }

  /**
   * Grows, writes, and if asked reads back and runs.
   *
   * @throws IllegalArgumentException if method, sizes and model do not go together
   */
  public GrowthOutcome run(Console console) throws IOException {
    long begin = System.nanoTime();
    FixedGrowth growth = growth();
    LearnedGrowth learned = learn(growth, console);
    GrowthOperator operator = learned == null ? growth.operator() : learned.operator();
    boolean moved = learned != null && learned.steps() > 0;
    boolean exact = growth.exact() && !moved;
    String reason = moved ? "the operator was learned" : growth.reason();
    if (request.save() != null) {
      SavedOperator.write(
          new FixedGrowth(operator, growth.large(), exact, reason), source.model(), request.save());
    }
    long learning = System.nanoTime();
    CheckpointGrowth checkpoint = new CheckpointGrowth(source.model(), operator);
    long numbers = checkpoint.parameterCount();
    write(checkpoint, growth.large(), numbers, console);
    long written = System.nanoTime();
    FunctionCheck check = request.verify() ? check(operator, console) : null;
    return new GrowthOutcome(
        source.model(),
        growth.large(),
        operator.plan(),
        exact,
        reason,
        numbers,
        learned,
        check,
        (learning - begin) * 1e-9,
        (written - learning) * 1e-9,
        Files.size(request.output()));
  }

  private FixedGrowth growth() throws IOException {
    PlannedModel model = source.model();
    if (!model.plan().hasArchitecture()) {
      GrowthPlan plan = model.groupPlan(request.sizes().layers());
      if (request.operator() != null) {
        return SavedOperator.read(request.operator(), plan);
      }
      return new FixedGrowth(
          request.method().grow(model, plan, DType.F32, request.seed()),
          null,
          false,
          "not known: the plan does not say what the tensors are for");
    }
    Architecture small = model.architecture();
    if (request.operator() != null) {
      return SavedOperator.read(request.operator(), small, request.sizes());
    }
    return request.method().grow(small, request.sizes().apply(small), DType.F32, request.seed());
  }

  private LearnedGrowth learn(FixedGrowth start, Console console) throws IOException {
    if (request.learning() == null) {
      return null;
    }
    if (start.large() == null) {
      throw new IllegalArgumentException(
          "--data: plan "
              + source.model().plan().name()
              + " has no architecture, so the model cannot be run to learn by");
    }
    GrowthOperator learnable =
        request.operator() != null || request.method() == GrowthMethod.LIGO
            ? start.operator()
            : LearnedStart.from(start.operator());
    return new OperatorLearning(source, request.learning(), request.seed())
        .run(start, learnable, console);
  }

  private void write(CheckpointGrowth growth, Architecture large, long numbers, Console console)
      throws IOException {
    try (Progress progress = console.progress("growing", (double) numbers, "weights")) {
      CheckpointGrowth told = growth.telling(progress::advance);
      SafetensorsWriter writer =
          (request.store() == null ? told : told.storedAs(request.store())).writer();
      metadata(writer, large);
      Path folder = request.output().toAbsolutePath().getParent();
      Files.createDirectories(folder);
      writer.write(request.output());
    }
  }

  private void metadata(SafetensorsWriter writer, Architecture large) {
    Map<String, String> old = source.checkpoint().metadata();
    old.forEach(
        (key, value) -> {
          boolean replaced =
              key.equals(OpenedModel.ARCHITECTURE)
                  || key.equals(PretrainedModel.CONFIG)
                  || key.equals(STEP)
                  || key.equals("format");
          if (!replaced) {
            writer.metadata(key, value);
          }
        });
    writer.metadata("format", "pt");
    if (large == null) {
      return;
    }
    if (old.containsKey(OpenedModel.ARCHITECTURE)) {
      writer.metadata(OpenedModel.ARCHITECTURE, Json.write(ArchitectureJson.write(large)));
    }
    if (!source.model().plan().configNames().isEmpty()) {
      writer.metadata(PretrainedModel.CONFIG, Json.write(config(large)));
    }
  }

  /** The configuration of the large model; empty if the plan has no names for it. */
  public JsonObject config(Architecture large) {
    return GrownConfig.of(source.model(), large);
  }

  private FunctionCheck check(GrowthOperator operator, Console console) throws IOException {
    String plan =
        source.checkpoint().metadata().containsKey(OpenedModel.ARCHITECTURE) ? "auto" : null;
    try (Progress progress = console.progress("running both models", 0, "")) {
      progress.detail("");
      try (OpenedModel large =
          plan != null
              ? OpenedModel.of(request.output(), plan, null, null)
              : OpenedModel.of(request.output(), source.model().plan())) {
        return FunctionCheck.run(source.model(), operator, large.model(), request.seed());
      }
    }
  }
}
