package org.quadrille.transformer.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/**
 * A published BERT, GPT-2 or LLaMA model under this library's names.
 *
 * {@snippet :
 * PretrainedModel model = PretrainedModel.read(Path.of("model.safetensors")); // config.json beside it
 * Transformer transformer = model.transformer();
 * // train or change transformer.parameters(), then
 * model.write(Path.of("changed.safetensors")); // the names of the original
 * }
 *
 * <p>Sizes come from the shapes of the tensors. What shapes do not tell (heads, epsilon,
 * activation, rotary base) comes from a configuration in Hugging Face's words. Where that is
 * silent, BERT and GPT-2 have heads of 64 numbers, as all published ones of these families, but 12
 * heads at BERT's width 384, as all MiniLM descendants; LLaMA needs {@code num_attention_heads}.
 *
 * <p>Tensors that are not part of the forward pass (position ids, causal masks, an unused pooler)
 * are left out and listed by {@link #unused()}.
 */
public final class PretrainedModel {
  private final TensorNames names;
  private final Architecture architecture;
  private final Tensors parameters;
  private final List<String> unused;

  private PretrainedModel(
      TensorNames names, Architecture architecture, Tensors parameters, List<String> unused) {
    this.names = names;
    this.architecture = architecture;
    this.parameters = parameters;
    this.unused = unused;
  }

  /** Metadata of a safetensors file that hold the model's {@code config.json}. */
  public static final String CONFIG = "quadrille.config";

  /**
   * Reads a checkpoint of any format, with its {@link #config(Checkpoint)}.
   *
   * @throws IllegalArgumentException if it is of no known family or a tensor is missing or does not
   *     fit
   * @throws IOException if it cannot be read
   */
  public static PretrainedModel read(Path path) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      return read(WeightSource.of(checkpoint), config(checkpoint));
    }
  }

  /**
   * The configuration of a checkpoint in Hugging Face's words: that in its metadata, else the
   * {@code config.json} of its folder, else an empty one.
   *
   * @throws FormatException if it is no JSON object
   */
  public static JsonObject config(Checkpoint checkpoint) throws IOException {
    String own = checkpoint.metadata().get(CONFIG);
    if (own != null) {
      return Json.parseObject(own);
    }
    Path path = checkpoint.path();
    Path beside =
        Files.isDirectory(path) ? path.resolve("config.json") : path.resolveSibling("config.json");
    return Files.isRegularFile(beside) ? Json.read(beside) : new JsonObject();
  }

  /**
   * Reads a model.
   *
   * @param config members of a Hugging Face {@code config.json}, such as {@code
   *     num_attention_heads}; may be empty
   * @throws IllegalArgumentException if it is of no known family or a tensor is missing or does not
   *     fit
   */
  public static PretrainedModel read(WeightSource source, JsonObject config) throws IOException {
    List<String> given = source.names();
    TensorNames names = TensorNames.of(given);
    Architecture architecture = new ArchitectureReader(source, names, config).read();
    List<String> unused = new ArrayList<>(given);
    if (architecture.head() == Head.UNTIED && isTied(source, names)) {
      architecture = architecture.withHead(Head.TIED);
    }
    Tensors parameters = Tensors.empty();
    for (Map.Entry<String, int[]> wanted : architecture.parameterShapes().entrySet()) {
      StoredPlace place = names.place(wanted.getKey());
      if (!given.contains(place.name())) {
        throw new IllegalArgumentException(
            "no tensor \"" + place.name() + "\", which this " + names.family() + " model needs");
      }
      unused.remove(place.name());
      parameters.put(wanted.getKey(), taken(source.read(place.name()), place, wanted.getValue()));
    }
    return new PretrainedModel(names, architecture, parameters, List.copyOf(unused));
  }

  /**
   * A model to be written under the names of a family.
   *
   * @param parameters by canonical name, one for each of {@link Architecture#parameterShapes()};
   *     shared, not copied
   * @throws IllegalArgumentException if a tensor is missing or does not fit, or the family has no
   *     name for it
   */
  public static PretrainedModel of(
      TensorNames names, Architecture architecture, Tensors parameters) {
    Transformer.of(architecture, parameters);
    parameters.names().forEach(names::place);
    return new PretrainedModel(names, architecture, parameters, List.of());
  }

  /** Whether the head is stored but the same as the token embedding. */
  private static boolean isTied(WeightSource source, TensorNames names) throws IOException {
    String head = names.fileName("head.weight");
    String embedding = names.fileName("embeddings.token.weight");
    return Arrays.equals(source.shape(head), source.shape(embedding))
        && Arrays.equals(source.read(head).toDoubles(), source.read(embedding).toDoubles());
  }

  /** The parameter within a tensor of a file. */
  private static Tensor taken(Tensor stored, StoredPlace place, int[] shape) {
    int last = stored.rank() - 1;
    int size = stored.rank() == 0 ? 0 : stored.size(last) / place.parts();
    Tensor part =
        place.parts() == 1
            ? stored
            : stored.slice(last, place.part() * size, (place.part() + 1) * size);
    Tensor tensor = place.transposed() && part.rank() == 2 ? part.transpose() : part;
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          "tensor \""
              + place.name()
              + "\": given "
              + stored
              + ", expected the parameter in it to be "
              + Arrays.toString(shape));
    }
    return tensor.contiguous();
  }

  /** How the file names its tensors. */
  public TensorNames names() {
    return names;
  }

  /** Sizes and choices. */
  public Architecture architecture() {
    return architecture;
  }

  /** The weights by canonical name; those of {@link #transformer()} are the same tensors. */
  public Tensors parameters() {
    return parameters;
  }

  /** Names of tensors of the file that the forward pass does not use. */
  public List<String> unused() {
    return unused;
  }

  /** The model, over the live {@link #parameters()}. */
  public Transformer transformer() {
    return Transformer.of(architecture, parameters);
  }

  /**
   * The parameters under the names and in the layout of the family, as {@link
   * WeightSource#read(String)} would give them.
   */
  public Tensors export() {
    Map<String, List<Tensor>> parts = new LinkedHashMap<>();
    parameters.forEach(
        (canonical, tensor) -> {
          StoredPlace place = names.place(canonical);
          parts
              .computeIfAbsent(place.name(), name -> new ArrayList<>())
              .add(place.transposed() ? tensor.transpose() : tensor);
        });
    Tensors stored = Tensors.empty();
    parts.forEach((name, list) -> stored.put(name, joined(list)));
    return stored;
  }

  /** The tensors side by side along their last axis. */
  private static Tensor joined(List<Tensor> list) {
    if (list.size() == 1) {
      return list.getFirst().contiguous();
    }
    int[] shape = list.getFirst().shape();
    int last = shape.length - 1;
    shape[last] = list.stream().mapToInt(tensor -> tensor.size(last)).sum();
    Tensor joined = Tensor.zeros(list.getFirst().dtype(), shape);
    int at = 0;
    for (Tensor tensor : list) {
      joined.slice(last, at, at + tensor.size(last)).assign(tensor);
      at += tensor.size(last);
    }
    return joined;
  }

  /**
   * Writes {@link #export()} as safetensors. {@link #read(Path)} of the file gives the same model.
   *
   * @throws IOException if writing fails; a former file of that name is then unchanged
   */
  public void write(Path path) throws IOException {
    try {
      new SafetensorsWriter().metadata("format", "pt").addAll(export()).write(path);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
