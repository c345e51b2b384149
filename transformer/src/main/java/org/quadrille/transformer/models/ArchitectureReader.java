package org.quadrille.transformer.models;

import java.util.Set;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Activation;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;

/**
 * The architecture of a checkpoint: sizes from the shapes of its tensors, the rest as configured.
 */
final class ArchitectureReader {
  private final WeightSource source;
  private final Set<String> names;
  private final TensorNames spelling;
  private final JsonObject config;

  ArchitectureReader(WeightSource source, TensorNames spelling, JsonObject config) {
    this.source = source;
    this.names = Set.copyOf(source.names());
    this.spelling = spelling;
    this.config = config;
  }

  Architecture read() throws FormatException {
    return switch (spelling.family()) {
      case BERT, BERT_TENSORFLOW -> bert();
      case GPT2 -> gpt();
      case LLAMA -> llama();
    };
  }

  private Architecture bert() throws FormatException {
    int width = width();
    int heads = number("num_attention_heads", width == 384 ? 12 : Math.max(1, width / 64));
    int classes = has("classifier.weight") ? size("classifier.weight", 0) : 0;
    return new Architecture(
        size("embeddings.token.weight", 0),
        size("embeddings.position.weight", 0),
        has("embeddings.type.weight") ? size("embeddings.type.weight", 0) : 0,
        width,
        heads,
        heads,
        headSize(width, heads),
        layers(),
        size("layers.0.feedforward.up.weight", 0),
        true,
        false,
        decimal("layer_norm_eps", 1e-12),
        activation("hidden_act", Activation.GELU),
        0,
        false,
        true,
        has("masked.dense.weight") ? Head.MASKED_WORDS : Head.NONE,
        classes,
        classes > 0 && has("pooler.weight"),
        0);
  }

  private Architecture gpt() throws FormatException {
    int width = width();
    int heads = number("n_head", Math.max(1, width / 64));
    return new Architecture(
        size("embeddings.token.weight", 0),
        size("embeddings.position.weight", 0),
        0,
        width,
        heads,
        heads,
        headSize(width, heads),
        layers(),
        // Matrices are [in, out] in the file.
        source.shape(spelling.fileName("layers.0.feedforward.up.weight"))[1],
        true,
        true,
        decimal("layer_norm_epsilon", 1e-5),
        activation("activation_function", Activation.GELU_TANH),
        0,
        true,
        true,
        has("head.weight") ? Head.UNTIED : Head.TIED,
        0,
        false,
        0);
  }

  private Architecture llama() throws FormatException {
    int width = width();
    if (!config.has("num_attention_heads")) {
      throw new IllegalArgumentException(
          "a LLaMA checkpoint does not tell its number of heads; give its config.json, or"
              + " num_attention_heads");
    }
    int heads = number("num_attention_heads", 0);
    int queryWidth = size("layers.0.attention.query.weight", 0);
    int size = number("head_dim", headSize(queryWidth, heads));
    if (config.get("rope_scaling") != null) {
      throw new IllegalArgumentException(
          "rope_scaling " + config.get("rope_scaling") + " is not supported, only plain rotations");
    }
    return new Architecture(
        size("embeddings.token.weight", 0),
        number("max_position_embeddings", 2048),
        0,
        width,
        heads,
        size("layers.0.attention.key.weight", 0) / size,
        size,
        layers(),
        size("layers.0.feedforward.up.weight", 0),
        false,
        true,
        decimal("rms_norm_eps", 1e-6),
        Activation.SWIGLU,
        decimal("rope_theta", 10000),
        true,
        has("layers.0.attention.query.bias"),
        has("head.weight") ? Head.UNTIED : Head.TIED,
        0,
        false,
        0);
  }

  private int width() {
    return size("embeddings.token.weight", 1);
  }

  private int layers() {
    int layers = 0;
    while (has("layers." + layers + ".attention.norm.weight")) {
      layers++;
    }
    if (layers == 0) {
      throw new IllegalArgumentException(
          "no \""
              + spelling.fileName("layers.0.attention.norm.weight")
              + "\" among the tensors, so there is no layer");
    }
    return layers;
  }

  private static int headSize(int width, int heads) {
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          heads + " heads do not divide the width " + width + "; check num_attention_heads");
    }
    return width / heads;
  }

  private Activation activation(String key, Activation standard) throws FormatException {
    String name = config.get(key) == null ? "" : config.string(key);
    return switch (name) {
      case "" -> standard;
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      default ->
          throw new IllegalArgumentException(
              key + " \"" + name + "\" is not supported; expected gelu or gelu_new");
    };
  }

  private int number(String key, int standard) throws FormatException {
    if (config.get(key) == null) {
      return standard;
    }
    double value = config.number(key);
    if (value != Math.rint(value) || !(value >= 1 && value <= Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          key + ": " + value + " given, expected a positive integer");
    }
    return (int) value;
  }

  private double decimal(String key, double standard) throws FormatException {
    return config.get(key) == null ? standard : config.number(key);
  }

  private boolean has(String canonical) {
    try {
      return names.contains(spelling.fileName(canonical));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private int size(String canonical, int axis) {
    String name = spelling.fileName(canonical);
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "no tensor \"" + name + "\", which a " + spelling.family() + " model needs");
    }
    int[] shape = source.shape(name);
    if (shape.length != 2) {
      throw new IllegalArgumentException(
          "tensor \"" + name + "\" has " + shape.length + " axes, expected a matrix");
    }
    return shape[axis];
  }
}
