package org.quadrille.quant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.quadrille.lowrank.peft.PeftAdapter;
import org.quadrille.lowrank.peft.PeftFolder;

/**
 * Writes adapters as a folder that the PEFT library of Hugging Face loads: {@code
 * adapter_model.safetensors} with the tensors {@code base_model.model.MODULE.lora_A.weight} and
 * {@code .lora_B.weight}, and {@code adapter_config.json}.
 *
 * <p>MODULE is the name of the weight without a trailing {@code .weight}. Adapters of different
 * rank or alpha become entries of {@code rank_pattern} and {@code alpha_pattern}. {@link
 * PeftFolder} reads such folders.
 */
public final class LoraAdapterFolder {
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
    List<PeftAdapter> all = new ArrayList<>();
    adapters.forEach(
        (name, adapter) ->
            all.add(
                PeftAdapter.of(
                    module(name),
                    adapter.a(),
                    adapter.b(),
                    adapter.alpha(),
                    adapter.rankStabilized())));
    PeftFolder.write(folder, all, baseModel, "");
  }

  private static String module(String name) {
    return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
  }
}
