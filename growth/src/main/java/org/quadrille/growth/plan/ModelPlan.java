package org.quadrille.growth.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Architecture;

/**
 * How the checkpoints of a family of models are laid out and grown, as written in JSON.
 *
 * <p>Members: {@code plan}, a name; {@code rules}, one for each kind of tensor; {@code
 * architecture}, what shapes do not tell, if the modules are those of {@link
 * Architecture#parameterShapes}, or else {@code groups} with sizes and {@code ties}; {@code
 * config}, the names of sizes in a model's {@code config.json}; {@code tied}, tensors that repeat a
 * module; {@code copyThrough} and {@code drop}, tensors that stay as they are or are left out.
 *
 * <p>A rule says {@code match} (name in the file, or several of which the first found counts),
 * {@code module} (name or, for a fused tensor, names in the model), {@code orientation} {@code
 * in_out} for matrices stored transposed, {@code split} (number of parts), {@code optional}, {@code
 * squeeze}, and for modules that the architecture has not, {@code out}, {@code in}, {@code depth}:
 * the maps of the axes ({@code fixed} for one that stays) and the mixture of layers.
 *
 * <pre>
 * {"plan": "gpt2",
 *  "architecture": {"normFirst": true, "causal": true, "head": "TIED", "headSize": 64},
 *  "config": {"heads": "n_head"},
 *  "rules": [
 *    {"match": "{prefix}wte.weight", "module": "embeddings.token.weight"},
 *    {"match": "{prefix}h.{layer}.attn.c_attn.weight", "split": 3, "orientation": "in_out",
 *     "module": ["layers.{layer}.attention.query.weight", ...]}, ...],
 *  "copyThrough": ["{prefix}h.{layer}.attn.bias"]}
 * </pre>
 *
 * <p>Immutable.
 */
public final class ModelPlan {
  /** Plans that come with the library, in the order in which {@link #detect} tries them. */
  private static final List<String> NAMED =
      List.of("bert", "roberta", "bert-tensorflow", "gpt2", "llama", "vit", "deit");

  private final String name;
  private final List<StoredRule> rules;
  private final JsonObject architecture;
  private final Map<String, String> config;
  private final int layersTo;
  private final Map<String, SizeGroup> groups;
  private final Map<String, String> ties;
  private final Map<NamePattern, String> tied;
  private final List<NamePattern> copyThrough;
  private final List<NamePattern> drop;

  ModelPlan(
      String name,
      List<StoredRule> rules,
      JsonObject architecture,
      Map<String, String> config,
      int layersTo,
      Map<String, SizeGroup> groups,
      Map<String, String> ties,
      Map<NamePattern, String> tied,
      List<NamePattern> copyThrough,
      List<NamePattern> drop) {
    this.name = name;
    this.rules = List.copyOf(rules);
    this.architecture = architecture;
    this.config = config;
    this.layersTo = layersTo;
    this.groups = groups;
    this.ties = Map.copyOf(ties);
    this.tied = tied;
    this.copyThrough = List.copyOf(copyThrough);
    this.drop = List.copyOf(drop);
  }

  /** Names of the plans that come with the library. */
  public static List<String> names() {
    return NAMED;
  }

  /**
   * A plan that comes with the library.
   *
   * @param name one of {@link #names()}
   */
  public static ModelPlan named(String name) {
    if (!NAMED.contains(name)) {
      throw new IllegalArgumentException(
          "no plan \"" + name + "\"; expected one of " + NAMED + ", or a file");
    }
    try (InputStream in = ModelPlan.class.getResourceAsStream(name + ".json")) {
      if (in == null) {
        throw new IllegalStateException(name + ".json is missing from the growth jar");
      }
      return parse(Json.parseObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException("plan " + name + " of the growth jar: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a plan from a file.
   *
   * @throws FormatException if it is no plan, naming what is wrong
   */
  public static ModelPlan read(Path path) throws IOException {
    JsonObject json = Json.read(path);
    try {
      return parse(json);
    } catch (FormatException e) {
      throw (FormatException) new FormatException(path, e.getMessage()).initCause(e);
    }
  }

  /**
   * A plan from JSON.
   *
   * @throws FormatException if it is no plan, naming what is wrong
   */
  public static ModelPlan parse(JsonObject json) throws FormatException {
    return PlanDocument.read(json);
  }

  /**
   * The plan of a model under this library's own names, as {@code quadrille train} writes them; the
   * state of a training run is left out.
   */
  public static ModelPlan of(Architecture architecture) {
    Set<String> modules = new LinkedHashSet<>();
    for (String parameter : architecture.parameterShapes().keySet()) {
      modules.add(parameter.replaceFirst("^layers\\.\\d+\\.", "layers.{layer}."));
    }
    List<StoredRule> rules = new ArrayList<>();
    for (String module : modules) {
      rules.add(
          new StoredRule(
              List.of(new NamePattern(module)),
              List.of(new StoredRule.Part(module, null, null, null)),
              false,
              false,
              false));
    }
    return new ModelPlan(
        "quadrille",
        rules,
        new JsonObject(),
        Map.of(),
        0,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(new NamePattern("training.{any}")));
  }

  /**
   * The first plan of the library that fits a checkpoint.
   *
   * @throws IllegalArgumentException saying what is wrong with the plan that comes nearest, if none
   *     fits
   */
  public static ModelPlan detect(Checkpoint checkpoint, JsonObject config) throws IOException {
    IllegalArgumentException nearest = null;
    for (String each : NAMED) {
      ModelPlan plan = named(each);
      try {
        plan.bind(checkpoint, config);
        return plan;
      } catch (IllegalArgumentException e) {
        if (nearest == null && plan.prefix(checkpoint.names()) != null) {
          nearest = new IllegalArgumentException("plan " + each + ": " + e.getMessage(), e);
        }
      }
    }
    throw nearest != null
        ? nearest
        : new IllegalArgumentException(
            "the names of "
                + checkpoint.names().size()
                + " tensors fit none of the plans "
                + NAMED
                + "; describe the model in a plan of its own");
  }

  /**
   * Finds the tensors of the plan in a checkpoint.
   *
   * @param checkpoint stays open as long as the result is used
   * @param config a model's {@code config.json}; may be empty
   * @throws IllegalArgumentException naming the tensor that is missing, left over, of another shape
   *     or in two rules
   * @throws IOException if a tensor that may repeat another cannot be read
   */
  public PlannedModel bind(Checkpoint checkpoint, JsonObject config) throws IOException {
    return new TensorMatching(this, checkpoint).model(config, null);
  }

  /** The same for a model whose architecture is known. */
  public PlannedModel bind(Checkpoint checkpoint, Architecture known) throws IOException {
    return new TensorMatching(this, checkpoint).model(new JsonObject(), known);
  }

  /** What stands before the names in a file; null if the first rule matches none of them. */
  String prefix(List<String> names) {
    for (NamePattern pattern : rules.getFirst().names()) {
      for (String each : names) {
        String prefix = pattern.hasPrefix() ? pattern.prefixOf(each) : null;
        if (prefix != null) {
          return prefix;
        }
        if (!pattern.hasPrefix() && pattern.layerOf(each, "") != null) {
          return "";
        }
      }
    }
    return null;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Whether the modules are those of an {@link Architecture}. */
  public boolean hasArchitecture() {
    return architecture != null;
  }

  List<StoredRule> rules() {
    return rules;
  }

  JsonObject architecture() {
    return architecture;
  }

  /** Names of sizes in a {@code config.json} by the component of the architecture. */
  public Map<String, String> configNames() {
    return new LinkedHashMap<>(config);
  }

  int layersTo() {
    return layersTo;
  }

  Map<String, SizeGroup> groups() {
    return groups;
  }

  Map<String, String> ties() {
    return ties;
  }

  Map<NamePattern, String> tied() {
    return tied;
  }

  List<NamePattern> copyThrough() {
    return copyThrough;
  }

  List<NamePattern> drop() {
    return drop;
  }

  @Override
  public String toString() {
    return "ModelPlan(" + name + ", " + rules.size() + " rules)";
  }
}
