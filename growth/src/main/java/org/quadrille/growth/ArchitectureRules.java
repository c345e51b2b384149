package org.quadrille.growth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.transformer.Architecture;

/**
 * Growth of the tensors of an {@link Architecture} (P. Wang et al., ICLR 2023, algorithm 1, with
 * the tables for ViT and LLaMA that follow from it): residual stream, query, key, value, hidden
 * units of the feedforward layer, and the ends of the model.
 */
final class ArchitectureRules {
  private static final String FIXED = TensorRule.FIXED;

  private ArchitectureRules() {}

  static List<TensorRule> rules(Architecture architecture) {
    List<TensorRule> rules = new ArrayList<>();
    String first = "layers.0.";
    for (Map.Entry<String, int[]> entry : architecture.parameterShapes().entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(first)) {
        String tail = name.substring(first.length());
        rules.add(new TensorRule("layers." + TensorRule.LAYER + "." + tail, layerAxes(tail), tail));
      } else if (!name.startsWith("layers.")) {
        rules.add(new TensorRule(name, axes(name, architecture), TensorRule.NO_LAYERS));
      }
    }
    return rules;
  }

  /** Which map an axis uses if its own is not given. */
  static Map<String, String> parents(Architecture architecture) {
    Map<String, String> parents = new HashMap<>();
    parents.put("residual.in", "residual");
    parents.put("hidden.in", "hidden");
    parents.put("norm.weight", "residual");
    parents.put("norm.bias", "residual");
    parents.put("final.weight", "norm.weight");
    parents.put("final.bias", "norm.bias");
    parents.put("head.in", "residual.in");
    parents.put("masked", "residual");
    parents.put("masked.in", "masked");
    parents.put("masked.norm.weight", "masked");
    parents.put("masked.norm.bias", "masked");
    parents.put("pooler", "residual");
    parents.put("pooler.in", "pooler");
    if (architecture.keyHeads() == architecture.heads()) {
      // With grouped queries the output map reads query heads, which the value map does not reach.
      parents.put("value.in", "value");
    }
    return parents;
  }

  static void requireSameKind(Architecture small, Architecture large) {
    boolean sizes =
        large.width() >= small.width()
            && large.layers() >= small.layers()
            && large.hidden() >= small.hidden()
            && large.heads() >= small.heads()
            && large.keyHeads() >= small.keyHeads();
    if (!sizes) {
      throw new IllegalArgumentException(
          "growth from " + small + " to " + large + ": a size gets smaller; growth cannot shrink");
    }
    Architecture resized =
        new Architecture(
            small.vocabulary(),
            small.positions(),
            small.types(),
            large.width(),
            large.heads(),
            large.keyHeads(),
            small.headSize(),
            large.layers(),
            large.hidden(),
            small.meanCentered(),
            small.normFirst(),
            large.epsilon(),
            small.activation(),
            small.rotaryBase(),
            small.causal(),
            small.biases(),
            small.head(),
            small.classes(),
            small.pooled(),
            small.patchInputs());
    if (!resized.equals(large)) {
      throw new IllegalArgumentException(
          "growth from "
              + small
              + " to "
              + large
              + ": only width, heads, layers, hidden width and epsilon may differ; the size of a"
              + " head stays");
    }
  }

  /** The same architecture with another number of layers. */
  static Architecture withLayers(Architecture a, int layers) {
    return new Architecture(
        a.vocabulary(),
        a.positions(),
        a.types(),
        a.width(),
        a.heads(),
        a.keyHeads(),
        a.headSize(),
        layers,
        a.hidden(),
        a.meanCentered(),
        a.normFirst(),
        a.epsilon(),
        a.activation(),
        a.rotaryBase(),
        a.causal(),
        a.biases(),
        a.head(),
        a.classes(),
        a.pooled(),
        a.patchInputs());
  }

  private static List<String> layerAxes(String tail) {
    return switch (tail) {
      case "attention.query.weight" -> List.of("query", "residual.in");
      case "attention.query.bias" -> List.of("query");
      case "attention.key.weight" -> List.of("key", "residual.in");
      case "attention.key.bias" -> List.of("key");
      case "attention.value.weight" -> List.of("value", "residual.in");
      case "attention.value.bias" -> List.of("value");
      case "attention.output.weight" -> List.of("residual", "value.in");
      case "feedforward.up.weight", "feedforward.gate.weight" -> List.of("hidden", "residual.in");
      case "feedforward.up.bias", "feedforward.gate.bias" -> List.of("hidden");
      case "feedforward.down.weight" -> List.of("residual", "hidden.in");
      case "attention.output.bias", "feedforward.down.bias" -> List.of("residual");
      case "attention.norm.weight", "feedforward.norm.weight" -> List.of("norm.weight");
      case "attention.norm.bias", "feedforward.norm.bias" -> List.of("norm.bias");
      default -> throw unknown(tail);
    };
  }

  private static List<String> axes(String name, Architecture architecture) {
    return switch (name) {
      case "embeddings.token.weight", "embeddings.position.weight", "embeddings.type.weight" ->
          List.of(FIXED, "residual");
      case "embeddings.norm.weight" -> List.of("norm.weight");
      case "embeddings.norm.bias" -> List.of("norm.bias");
      case "final.norm.weight" -> List.of("final.weight");
      case "final.norm.bias" -> List.of("final.bias");
      case "head.weight" -> List.of(FIXED, "head.in");
      case "masked.dense.weight" -> List.of("masked", "residual.in");
      case "masked.dense.bias" -> List.of("masked");
      case "masked.decoder.weight" -> List.of(FIXED, "masked.in");
      case "masked.norm.weight" -> List.of("masked.norm.weight");
      case "masked.norm.bias" -> List.of("masked.norm.bias");
      case "pooler.weight" -> List.of("pooler", "residual.in");
      case "pooler.bias" -> List.of("pooler");
      case "classifier.weight" -> List.of(FIXED, architecture.pooled() ? "pooler.in" : "head.in");
      case "masked.bias", "classifier.bias", "head.bias" -> List.of(FIXED);
      case "patches.weight" -> List.of("residual", FIXED);
      case "patches.bias", "class.token" -> List.of("residual");
      default -> throw unknown(name);
    };
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "tensor \"" + name + "\": no rule for it; describe the model with rules of its own");
  }
}
