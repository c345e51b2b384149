package org.quadrille.quant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;

/**
 * Writes adapters as a folder that the PEFT library of Hugging Face loads: {@code
 * adapter_model.safetensors} with the tensors {@code base_model.model.MODULE.lora_A.weight} and
 * {@code .lora_B.weight}, and {@code adapter_config.json}.
 *
 * <p>MODULE is the name of the weight without a trailing {@code .weight}. Adapters of different
 * rank or alpha become entries of {@code rank_pattern} and {@code alpha_pattern}.
 */
public final class LoraAdapterFolder {
  private static final String PREFIX = "base_model.model.";
  private static final String WEIGHT = ".weight";

  private LoraAdapterFolder() {}

  /**
   * Writes the two files, creating the folder if need be.
   *
   * @param folder to write to
   * @param adapters by the names of their weights; at least one
   * @param baseModel where the quantized base is, noted in the configuration
   * @throws IllegalArgumentException if there is none, or only some are rank-stabilized
   * @throws IOException if writing fails
   */
  public static void write(Path folder, Map<String, LoraAdapter> adapters, String baseModel)
      throws IOException {
    if (adapters.isEmpty()) {
      throw new IllegalArgumentException("adapters: given none, expected at least one");
    }
    JsonObject config = config(adapters, baseModel);
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    adapters.forEach(
        (name, adapter) -> {
          writer.add(PREFIX + module(name) + ".lora_A.weight", adapter.a());
          writer.add(PREFIX + module(name) + ".lora_B.weight", adapter.b());
        });
    Files.createDirectories(folder);
    writer.write(folder.resolve("adapter_model.safetensors"));
    AtomicFile.writeText(folder.resolve("adapter_config.json"), Json.writeIndented(config));
  }

  private static String module(String name) {
    return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
  }

  private static JsonObject config(Map<String, LoraAdapter> adapters, String baseModel) {
    LoraAdapter first = adapters.values().iterator().next();
    JsonObject ranks = new JsonObject();
    JsonObject alphas = new JsonObject();
    adapters.forEach(
        (name, adapter) -> {
          if (adapter.rankStabilized() != first.rankStabilized()) {
            throw new IllegalArgumentException(
                "adapter "
                    + name
                    + " differs from the first in being rank-stabilized; expected all or none");
          }
          if (adapter.rank() != first.rank()) {
            ranks.put(module(name), adapter.rank());
          }
          if (adapter.alpha() != first.alpha()) {
            alphas.put(module(name), adapter.alpha());
          }
        });
    List<String> modules = adapters.keySet().stream().map(LoraAdapterFolder::module).toList();
    return new JsonObject()
        .put("peft_type", "LORA")
        .put("base_model_name_or_path", baseModel)
        .put("r", first.rank())
        .put("lora_alpha", first.alpha())
        .put("use_rslora", first.rankStabilized())
        .put("lora_dropout", 0.0)
        .put("bias", "none")
        .put("fan_in_fan_out", false)
        .put("inference_mode", false)
        .put("rank_pattern", ranks)
        .put("alpha_pattern", alphas)
        .put("target_modules", modules);
  }
}
