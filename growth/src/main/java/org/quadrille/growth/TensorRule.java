package org.quadrille.growth;

import java.util.List;

/**
 * How one kind of tensor grows: which map serves each of its axes, and which mixture of layers.
 *
 * <p>A tensor that is stored transposed ([in, out]) names its maps in that order.
 *
 * {@snippet :
 * new TensorRule("layers.{layer}.attention.query.weight", List.of("query", "residual.in"), "attention.query.weight");
 * new TensorRule("embeddings.token.weight", List.of(TensorRule.FIXED, "residual"), TensorRule.NO_LAYERS);
 * }
 *
 * @param name of the tensor, {@code {layer}} standing for the number of the layer
 * @param axes name of the map of each axis, one or two; {@link #FIXED} for an axis that stays
 * @param depth name of the mixture of layers; {@link #NO_LAYERS} for a tensor outside the layers
 */
public record TensorRule(String name, List<String> axes, String depth) {
  /** An axis that is never grown, such as the vocabulary. */
  public static final String FIXED = "";

  /** A tensor that belongs to no layer. */
  public static final String NO_LAYERS = "";

  static final String LAYER = "{layer}";

  /** Checks the number of axes and that a name with layers has a mixture. */
  public TensorRule {
    axes = List.copyOf(axes);
    if (axes.isEmpty() || axes.size() > 2) {
      throw new IllegalArgumentException(
          "rule \"" + name + "\": " + axes.size() + " axes given, expected one or two");
    }
    if (name.contains(LAYER) == depth.isEmpty()) {
      throw new IllegalArgumentException(
          "rule \""
              + name
              + "\": given mixture \""
              + depth
              + "\"; a name with {layer} needs one, another must have none");
    }
  }

  /** Whether the tensor occurs once in every layer. */
  public boolean inLayers() {
    return !depth.isEmpty();
  }

  /** Name of the tensor of a layer; the name itself outside the layers. */
  public String name(int layer) {
    return name.replace(LAYER, Integer.toString(layer));
  }
}
