package org.quadrille.growth.plan;

import java.util.List;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Activation;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;

/**
 * The architecture of a checkpoint: sizes from the shapes of its tensors, the rest from its
 * configuration, else from the plan.
 */
final class PlanArchitecture {
  private static final String LAYER = "layers.{layer}.";

  private final ModelPlan plan;
  private final List<StoredFamily> families;
  private final int layers;
  private final JsonObject config;

  PlanArchitecture(ModelPlan plan, List<StoredFamily> families, int layers, JsonObject config) {
    this.plan = plan;
    this.families = families;
    this.layers = layers;
    this.config = config;
  }

  Architecture read() {
    try {
      return architecture();
    } catch (FormatException e) {
      throw new IllegalArgumentException("plan " + plan.name() + ": " + e.getMessage(), e);
    }
  }

  private Architecture architecture() throws FormatException {
    boolean patches = has("patches.weight");
    boolean normFirst = bool("normFirst", false);
    int width = size(LAYER + "attention.norm.weight", 0);
    int queryWidth = size(LAYER + "attention.output.weight", 1);
    int heads = heads(width, queryWidth);
    int headSize = number("headSize", divided(queryWidth, heads, "heads"));
    int keyHeads = divided(keyWidth(queryWidth), headSize, "headSize");
    double rotaryBase = decimal("rotaryBase", 0);
    int classes = has("classifier.weight") ? size("classifier.weight", 0) : 0;
    return new Architecture(
        patches ? 0 : size("embeddings.token.weight", 0),
        rotaryBase == 0 ? size("embeddings.position.weight", 0) : number("positions", 2048),
        has("embeddings.type.weight") ? size("embeddings.type.weight", 0) : 0,
        width,
        heads,
        keyHeads,
        headSize,
        layers,
        size(LAYER + "feedforward.down.weight", 1),
        bool("meanCentered", true),
        normFirst,
        decimal("epsilon", normFirst ? 1e-5 : 1e-12),
        activation(),
        rotaryBase,
        bool("causal", false),
        has(LAYER + "attention.query.bias"),
        head(),
        classes,
        classes > 0 && has("pooler.weight"),
        patches ? size("patches.weight", 1) : 0);
  }

  private int heads(int width, int queryWidth) throws FormatException {
    JsonObject given = plan.architecture();
    JsonObject ofWidth = given.has("headsOfWidth") ? given.object("headsOfWidth") : null;
    String key = Integer.toString(width);
    int standard =
        ofWidth != null && ofWidth.has(key)
            ? ofWidth.intValue(key)
            : given.has("headSize") ? Math.max(1, queryWidth / given.intValue("headSize")) : 0;
    int heads = number("heads", standard);
    if (heads == 0) {
      throw new IllegalArgumentException(
          "the checkpoint does not tell its number of heads; give its config.json, or heads");
    }
    return heads;
  }

  /** Keys may be one part of three of a fused tensor. */
  private int keyWidth(int queryWidth) {
    String key = LAYER + "attention.key.weight";
    StoredFamily family = family(key);
    int parts = family == null ? 1 : family.rule().parts().size();
    int rows = size(key, 0);
    return parts == 1 ? rows : (rows - queryWidth) / (parts - 1);
  }

  private Head head() throws FormatException {
    if (has("masked.dense.weight")) {
      return Head.MASKED_WORDS;
    }
    if (has("head.weight")) {
      return Head.UNTIED;
    }
    return plan.architecture().has("head")
        ? Head.valueOf(checked("head", Head.values()))
        : Head.NONE;
  }

  private Activation activation() throws FormatException {
    String key = plan.configNames().get("activation");
    String name = key == null || config.get(key) == null ? "" : config.string(key);
    return switch (name) {
      case "" -> Activation.valueOf(checked("activation", Activation.values()));
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      case "silu", "swish" -> Activation.SWIGLU;
      default ->
          throw new IllegalArgumentException(
              key + " \"" + name + "\" is not supported; expected gelu, gelu_new or silu");
    };
  }

  private String checked(String key, Enum<?>[] choices) throws FormatException {
    String value = plan.architecture().has(key) ? plan.architecture().string(key) : "GELU";
    for (Enum<?> choice : choices) {
      if (choice.name().equals(value)) {
        return value;
      }
    }
    throw new FormatException(
        "architecture: "
            + key
            + " \""
            + value
            + "\", expected one of "
            + java.util.Arrays.toString(choices));
  }

  private boolean bool(String key, boolean standard) throws FormatException {
    return plan.architecture().has(key) ? plan.architecture().bool(key) : standard;
  }

  /** A number of the configuration, else of the plan for this very key. */
  private int number(String key, int standard) throws FormatException {
    double value = decimal(key, standard);
    if (value != Math.rint(value) || !(value >= 0 && value <= Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(key + ": " + value + " given, expected a whole number");
    }
    return (int) value;
  }

  private double decimal(String key, double standard) throws FormatException {
    String name = plan.configNames().get(key);
    if (name != null && config.get(name) != null) {
      return config.number(name);
    }
    // The size of a head in the plan is a habit of the family, not a fact about the file.
    return plan.architecture().has(key) && !key.equals("headSize")
        ? plan.architecture().number(key)
        : standard;
  }

  private static int divided(int whole, int parts, String what) {
    if (parts < 1 || whole % parts != 0) {
      throw new IllegalArgumentException(
          what + " " + parts + " does not divide " + whole + "; check the configuration");
    }
    return whole / parts;
  }

  private boolean has(String module) {
    return family(module) != null;
  }

  private int size(String module, int axis) {
    StoredFamily family = family(module);
    if (family == null) {
      throw new IllegalArgumentException(
          "no tensor for \"" + module + "\", from which plan " + plan.name() + " takes a size");
    }
    int[] shape = family.shape();
    if (axis >= shape.length) {
      throw new IllegalArgumentException(
          "tensor \"" + family.name(0) + "\" is a vector, expected a matrix");
    }
    return shape[axis];
  }

  private StoredFamily family(String module) {
    for (StoredFamily family : families) {
      if (family.rule().parts().stream().anyMatch(part -> part.module().equals(module))) {
        return family;
      }
    }
    return null;
  }
}
