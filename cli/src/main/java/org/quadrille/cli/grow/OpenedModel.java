package org.quadrille.cli.grow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.plan.ModelPlan;
import org.quadrille.growth.plan.PlannedModel;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.text.Tokenizer;
import org.quadrille.transformer.train.ArchitectureJson;

/**
 * A checkpoint with the plan that fits it.
 *
 * @param checkpoint open
 * @param model its tensors
 * @param tokenizer of its text, or null if there is none at hand
 */
public record OpenedModel(Checkpoint checkpoint, PlannedModel model, Tokenizer tokenizer)
    implements AutoCloseable {
  /** Metadata of a model file of this library. */
  static final String ARCHITECTURE = "quadrille.architecture";

  private static final String TOKENIZER = "quadrille.tokenizer";
  private static final String AUTO = "auto";

  /**
   * Opens a model.
   *
   * @param path of the model
   * @param plan a plan's name, a JSON file, or {@code auto}
   * @param config a {@code config.json}; null for the one that goes with the model
   * @param tokenizer of its text; null for that in the file, if any
   * @throws CommandFailure if the plan does not fit, naming the tensor
   */
  public static OpenedModel of(Path path, String plan, Path config, Path tokenizer)
      throws IOException {
    Checkpoint checkpoint = Checkpoint.open(path);
    try {
      return new OpenedModel(
          checkpoint, model(checkpoint, plan, config), tokenizer(checkpoint.metadata(), tokenizer));
    } catch (IllegalArgumentException e) {
      checkpoint.close();
      throw new CommandFailure(path + ": " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /** Opens what a plan has made, with the configuration in the file. */
  static OpenedModel of(Path path, ModelPlan plan) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(path);
    try {
      return new OpenedModel(
          checkpoint, plan.bind(checkpoint, PretrainedModel.config(checkpoint)), null);
    } catch (IOException | RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  private static PlannedModel model(Checkpoint checkpoint, String plan, Path configFile)
      throws IOException {
    String own = checkpoint.metadata().get(ARCHITECTURE);
    if (plan.equals(AUTO) && own != null) {
      var architecture = ArchitectureJson.read(Json.parseObject(own));
      return ModelPlan.of(architecture).bind(checkpoint, architecture);
    }
    JsonObject config =
        configFile == null ? PretrainedModel.config(checkpoint) : Json.read(configFile);
    ModelPlan chosen =
        plan.equals(AUTO)
            ? ModelPlan.detect(checkpoint, config)
            : ModelPlan.names().contains(plan)
                ? ModelPlan.named(plan)
                : ModelPlan.read(Path.of(plan));
    return chosen.bind(checkpoint, config);
  }

  private static Tokenizer tokenizer(Map<String, String> metadata, Path file) throws IOException {
    String own = metadata.get(TOKENIZER);
    if (own != null) {
      return Tokenizer.of(Json.parseObject(own));
    }
    return file == null ? null : Tokenizer.load(file);
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
