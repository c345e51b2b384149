package org.quadrille.growth.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Architecture;

/** Which tensors of a checkpoint the rules of a plan mean. */
final class TensorMatching {
  private final ModelPlan plan;
  private final Checkpoint checkpoint;
  private final String prefix;

  /** For each rule the names by layer; -1 outside the layers. */
  private final Map<StoredRule, TreeMap<Integer, String>> found = new LinkedHashMap<>();

  /** The pattern of each rule that the file's names have. */
  private final Map<StoredRule, NamePattern> spelling = new HashMap<>();

  private final List<String> unmatched = new ArrayList<>();
  private final List<String> copied = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private final Map<String, String> repeats = new LinkedHashMap<>();

  TensorMatching(ModelPlan plan, Checkpoint checkpoint) {
    this.plan = plan;
    this.checkpoint = checkpoint;
    this.prefix = plan.prefix(checkpoint.names());
    if (prefix == null) {
      throw new IllegalArgumentException(
          "no tensor \""
              + plan.rules().getFirst()
              + "\", the first of plan "
              + plan.name()
              + ", among "
              + checkpoint.names().size()
              + " tensors");
    }
  }

  PlannedModel model(JsonObject config, Architecture known) throws IOException {
    findRepeats();
    for (StoredRule rule : plan.rules()) {
      match(rule);
    }
    requireNoDoubles();
    sortOthers();
    int layers = requireLayers();
    List<StoredFamily> families = new ArrayList<>();
    for (Map.Entry<StoredRule, TreeMap<Integer, String>> entry : found.entrySet()) {
      families.add(
          new StoredFamily(
              entry.getKey(), spelling.get(entry.getKey()), prefix, layers, checkpoint));
    }
    return new PlannedModel(plan, checkpoint, families, layers, copies(), dropped, config, known);
  }

  /** The first of the names of the rule that the file has. */
  private void match(StoredRule rule) {
    for (NamePattern pattern : rule.names()) {
      TreeMap<Integer, String> layers = new TreeMap<>();
      for (String name : checkpoint.names()) {
        Integer layer = repeats.containsKey(name) ? null : pattern.layerOf(name, prefix);
        if (layer != null) {
          layers.put(layer, name);
        }
      }
      if (!layers.isEmpty()) {
        found.put(rule, layers);
        spelling.put(rule, pattern);
        return;
      }
    }
    if (!rule.optional()) {
      throw new IllegalArgumentException(
          "no tensor \""
              + rule.names().getFirst().name(prefix, 0)
              + "\", which plan "
              + plan.name()
              + " needs; mark its rule optional if models may be without it");
    }
  }

  private void requireNoDoubles() {
    Map<String, StoredRule> owner = new HashMap<>();
    found.forEach(
        (rule, layers) ->
            layers
                .values()
                .forEach(
                    name -> {
                      StoredRule other = owner.put(name, rule);
                      if (other != null) {
                        throw new IllegalArgumentException(
                            "tensor \"" + name + "\" is in two rules: " + other + " and " + rule);
                      }
                    }));
    checkpoint.names().stream()
        .filter(name -> !owner.containsKey(name) && !repeats.containsKey(name))
        .forEach(unmatched::add);
  }

  private void sortOthers() {
    List<String> over = new ArrayList<>();
    for (String name : unmatched) {
      if (matches(plan.copyThrough(), name)) {
        copied.add(name);
      } else if (matches(plan.drop(), name)) {
        dropped.add(name);
      } else {
        over.add(name);
      }
    }
    dropped.addAll(repeats.keySet());
    if (!over.isEmpty()) {
      throw new IllegalArgumentException(
          over.size()
              + " tensors have no rule in plan "
              + plan.name()
              + ", the first \""
              + over.getFirst()
              + "\"; add rules, or name them under copyThrough or drop");
    }
  }

  private boolean matches(List<NamePattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.layerOf(name, prefix) != null);
  }

  /** Tensors that say again, bit for bit, what another says, such as a tied decoder. */
  private void findRepeats() throws IOException {
    for (Map.Entry<NamePattern, String> entry : plan.tied().entrySet()) {
      String name = entry.getKey().name(prefix, 0);
      String original = original(entry.getValue());
      if (checkpoint.names().contains(name)
          && original != null
          && !name.equals(original)
          && checkpoint.bytes(name).mismatch(checkpoint.bytes(original)) < 0) {
        repeats.put(name, original);
      }
    }
  }

  private String original(String module) {
    for (StoredRule rule : plan.rules()) {
      if (rule.parts().size() == 1 && rule.parts().getFirst().module().equals(module)) {
        for (NamePattern pattern : rule.names()) {
          String name = pattern.name(prefix, 0);
          if (checkpoint.names().contains(name)) {
            return name;
          }
        }
      }
    }
    return null;
  }

  private int requireLayers() {
    int layers = 0;
    for (TreeMap<Integer, String> each : found.values()) {
      layers = Math.max(layers, each.lastKey() + 1);
    }
    for (Map.Entry<StoredRule, TreeMap<Integer, String>> entry : found.entrySet()) {
      for (int l = 0; entry.getKey().inLayers() && l < layers; l++) {
        if (!entry.getValue().containsKey(l)) {
          throw new IllegalArgumentException(
              "no tensor of rule \""
                  + entry.getKey()
                  + "\" in layer "
                  + l
                  + " of "
                  + layers
                  + ", though other layers have it");
        }
      }
    }
    return layers;
  }

  /** What is copied; a tensor in layers serves new layers too. */
  private List<CopiedTensor> copies() {
    List<CopiedTensor> copies = new ArrayList<>();
    for (String name : copied) {
      for (NamePattern pattern : plan.copyThrough()) {
        Integer layer = pattern.layerOf(name, prefix);
        if (layer != null) {
          copies.add(new CopiedTensor(name, layer < 0 ? null : pattern, prefix, layer));
          break;
        }
      }
    }
    return copies;
  }
}
