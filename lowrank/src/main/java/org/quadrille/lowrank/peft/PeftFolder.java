package org.quadrille.lowrank.peft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * The adapters of a model in one folder, as the PEFT library of Hugging Face keeps them.
 *
 * {@snippet :
 * PeftFolder folder = PeftFolder.read(Path.of("my-adapter"));
 * for (PeftAdapter adapter : folder.adapters()) {
 *   Tensor merged = adapter.mergedInto(model.read(adapter.module() + ".weight"));
 * }
 * }
 *
 * @param config scale rules and patterns
 * @param adapters in the order of the file
 * @param others tensors of the file that belong to no adapter, such as a trained head, under their
 *     names in the base model
 * @param baseSha256 digest of the base these adapters were made for; empty if the file, as those of
 *     PEFT, does not tell
 */
public record PeftFolder(
    PeftConfig config, List<PeftAdapter> adapters, Tensors others, String baseSha256) {
  /** Name of the file of tensors. */
  public static final String MODEL_FILE = "adapter_model.safetensors";

  /** Name of the configuration. */
  public static final String CONFIG_FILE = "adapter_config.json";

  private static final String PREFIX = "base_model.model.";
  private static final String BASE_KEY = "quadrille.base_sha256";
  private static final Pattern FACTOR = Pattern.compile("(.+)\\.lora_([AB])(?:\\.[^.]+)?\\.weight");
  private static final Pattern MAGNITUDE =
      Pattern.compile("(.+)\\.lora_magnitude_vector(?:\\.[^.]+)?(?:\\.weight)?");

  /** Copies the list. */
  public PeftFolder {
    adapters = List.copyOf(adapters);
  }

  /**
   * Reads a folder. Half precision becomes single.
   *
   * @throws FormatException if a file breaks its rules, half of a pair is missing, or a rank is not
   *     what the configuration says
   * @throws IOException if a file cannot be read
   */
  public static PeftFolder read(Path folder) throws IOException {
    Path model = folder.resolve(MODEL_FILE);
    Path configuration = folder.resolve(CONFIG_FILE);
    if (!Files.exists(model) || !Files.exists(configuration)) {
      throw new FormatException(
          folder,
          "expected "
              + MODEL_FILE
              + " and "
              + CONFIG_FILE
              + (Files.exists(folder.resolve("adapter_model.bin"))
                  ? "; adapter_model.bin is not read, save it again with safe_serialization"
                  : ""));
    }
    PeftConfig config;
    try {
      config = PeftConfig.parse(Json.read(configuration));
    } catch (FormatException e) {
      throw inFile(configuration, e);
    }
    try (SafetensorsFile file = SafetensorsFile.open(model)) {
      Parts parts = Parts.of(file);
      List<PeftAdapter> adapters = new ArrayList<>();
      for (String module : parts.modules()) {
        adapters.add(parts.adapter(model, module, config));
      }
      String base = file.metadata().getOrDefault(BASE_KEY, "");
      return new PeftFolder(config, adapters, parts.others, base);
    }
  }

  private static FormatException inFile(Path path, FormatException e) {
    FormatException named = new FormatException(path, e.problem());
    named.initCause(e);
    return named;
  }

  /**
   * Writes a folder that {@link #read} and PEFT read, each file complete or not at all.
   *
   * @param folder created if need be
   * @param adapters at least one, of one scale rule, all with magnitudes or none
   * @param baseModel name or path of the base, noted in the configuration
   * @param baseSha256 digest of the base, noted in the file of tensors; empty to leave it out
   * @throws IllegalArgumentException if there is no adapter or kinds are mixed
   * @throws IOException if writing fails
   */
  public static void write(
      Path folder, List<PeftAdapter> adapters, String baseModel, String baseSha256)
      throws IOException {
    if (adapters.isEmpty()) {
      throw new IllegalArgumentException("adapters: given none, expected at least one");
    }
    JsonObject config = PeftConfig.of(adapters, baseModel).toJson();
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    if (!baseSha256.isEmpty()) {
      writer.metadata(BASE_KEY, baseSha256);
    }
    for (PeftAdapter adapter : adapters) {
      String name = PREFIX + adapter.module();
      writer.add(name + ".lora_A.weight", adapter.a());
      writer.add(name + ".lora_B.weight", adapter.b());
      adapter.magnitude().ifPresent(m -> writer.add(name + ".lora_magnitude_vector", m));
    }
    Files.createDirectories(folder);
    writer.write(folder.resolve(MODEL_FILE));
    AtomicFile.writeText(folder.resolve(CONFIG_FILE), Json.writeIndented(config));
  }

  /** The adapter of a module, if there is one. */
  public Optional<PeftAdapter> adapter(String module) {
    return adapters.stream().filter(adapter -> adapter.module().equals(module)).findFirst();
  }

  /** The tensors of a file, sorted by what they are. */
  private record Parts(
      Map<String, Tensor> a, Map<String, Tensor> b, Map<String, Tensor> magnitude, Tensors others) {

    static Parts of(SafetensorsFile file) throws IOException {
      Parts parts =
          new Parts(
              new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), Tensors.empty());
      for (String stored : file.names()) {
        String name = stored.startsWith(PREFIX) ? stored.substring(PREFIX.length()) : stored;
        Matcher factor = FACTOR.matcher(name);
        Matcher magnitude = MAGNITUDE.matcher(name);
        if (name.contains("lora_embedding_")) {
          throw new FormatException(
              file.path(), stored, -1, "adapters of embedding tables are not supported");
        }
        if (factor.matches()) {
          Map<String, Tensor> side = factor.group(2).equals("A") ? parts.a : parts.b;
          if (side.putIfAbsent(factor.group(1), file.read(stored)) != null) {
            throw new FormatException(
                file.path(), stored, -1, "a second adapter of one module; expected one a folder");
          }
        } else if (magnitude.matches()) {
          parts.magnitude.put(magnitude.group(1), file.read(stored));
        } else {
          parts.others.put(name, file.read(stored));
        }
      }
      return parts;
    }

    Set<String> modules() {
      Set<String> modules = new LinkedHashSet<>(a.keySet());
      modules.addAll(b.keySet());
      modules.addAll(magnitude.keySet());
      return modules;
    }

    PeftAdapter adapter(Path path, String module, PeftConfig config) throws FormatException {
      Tensor first = a.get(module);
      Tensor second = b.get(module);
      if (first == null || second == null) {
        throw new FormatException(
            path, module, -1, "has only one of lora_A and lora_B; expected both");
      }
      if (first.rank() == 2 && first.size(0) != config.rankOf(module)) {
        throw new FormatException(
            path,
            module,
            -1,
            "lora_A is "
                + first
                + ", expected rank "
                + config.rankOf(module)
                + " as the configuration says");
      }
      Optional<Tensor> lengths = Optional.ofNullable(magnitude.get(module)).map(Parts::flat);
      if (config.magnitudes() && lengths.isEmpty()) {
        throw new FormatException(
            path, module, -1, "use_dora is true, expected lora_magnitude_vector");
      }
      try {
        return new PeftAdapter(
            module, first, second, config.alphaOf(module), config.rankStabilized(), lengths);
      } catch (IllegalArgumentException e) {
        FormatException wrapped = new FormatException(path, e.getMessage());
        wrapped.initCause(e);
        throw wrapped;
      }
    }

    /** Some versions store the magnitudes as a column or a row. */
    private static Tensor flat(Tensor magnitude) {
      return magnitude.contiguous().reshape(magnitude.length());
    }
  }
}
