package org.quadrille.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;

/**
 * Which tensors there are before and after growth, and which map serves which axis.
 *
 * <p>A map that an operator does not give is taken from its parent, so that ties are what is left
 * out: {@code residual.in} (what reads the residual stream) from {@code residual} (what writes it),
 * {@code value.in} from {@code value}, {@code hidden.in} from {@code hidden}, the scales and shifts
 * of normalizations from {@code residual}; the mixture {@code x.bias} from {@code x.weight}, and
 * every mixture from {@code all}.
 *
 * {@snippet :
 * GrowthPlan plan = GrowthPlan.of(Architecture.gpt(65, 64, 64, 4, 2), Architecture.gpt(65, 64, 96, 6, 4));
 * }
 */
public final class GrowthPlan {
  /** The mixture of layers that stands for all that are not given. */
  public static final String ALL = "all";

  private final List<TensorRule> rules;
  private final Map<String, String> parents;
  private final Map<String, int[]> small;
  private final Map<String, int[]> large;
  private final int smallLayers;
  private final int largeLayers;
  private final boolean tiedDecoder;
  private final int headSize;

  private GrowthPlan(
      List<TensorRule> rules,
      Map<String, String> parents,
      Map<String, int[]> small,
      Map<String, int[]> large,
      int[] layers,
      boolean tiedDecoder,
      int headSize) {
    this.rules = List.copyOf(rules);
    this.parents = Map.copyOf(parents);
    this.small = small;
    this.large = large;
    this.smallLayers = layers[0];
    this.largeLayers = layers[1];
    this.tiedDecoder = tiedDecoder;
    this.headSize = headSize;
    check(small, smallLayers, "small");
    check(large, largeLayers, "large");
    for (TensorRule rule : rules) {
      checkSizes(rule);
    }
  }

  /**
   * The plan from one architecture to a larger one of the same kind.
   *
   * @throws IllegalArgumentException if the second is smaller in anything, or differs in what
   *     growth does not change (kind, vocabulary, positions, size of a head)
   */
  public static GrowthPlan of(Architecture small, Architecture large) {
    ArchitectureRules.requireSameKind(small, large);
    return new GrowthPlan(
        ArchitectureRules.rules(small),
        ArchitectureRules.parents(small),
        small.parameterShapes(),
        large.parameterShapes(),
        new int[] {small.layers(), large.layers()},
        small.head() == Head.MASKED_WORDS,
        small.headSize());
  }

  /**
   * A plan for any model.
   *
   * @param rules one for each kind of tensor
   * @param parents where a map that is not given comes from; may be empty
   * @param small shape of every small tensor by name
   * @param large shape of every large tensor by name
   * @throws IllegalArgumentException naming the tensor that no rule covers, that is missing, or
   *     whose shape does not fit
   */
  public static GrowthPlan of(
      List<TensorRule> rules,
      Map<String, String> parents,
      Map<String, int[]> small,
      Map<String, int[]> large,
      int smallLayers,
      int largeLayers) {
    if (smallLayers < 0 || largeLayers < smallLayers) {
      throw new IllegalArgumentException(
          "layers: from "
              + smallLayers
              + " to "
              + largeLayers
              + " given; growth does not remove layers");
    }
    return new GrowthPlan(
        rules,
        parents,
        new LinkedHashMap<>(small),
        new LinkedHashMap<>(large),
        new int[] {smallLayers, largeLayers},
        false,
        0);
  }

  /** The rules in order. */
  public List<TensorRule> rules() {
    return rules;
  }

  /** Layers before growth. */
  public int smallLayers() {
    return smallLayers;
  }

  /** Layers after growth. */
  public int largeLayers() {
    return largeLayers;
  }

  /** Shape of every small tensor, by name, in order. */
  public Map<String, int[]> smallShapes() {
    return new LinkedHashMap<>(small);
  }

  /** Shape of every large tensor, by name, in order. */
  public Map<String, int[]> largeShapes() {
    return new LinkedHashMap<>(large);
  }

  /**
   * The plan of growing by this one and then by another.
   *
   * @throws IllegalArgumentException if the other does not begin where this one ends
   */
  GrowthPlan followedBy(GrowthPlan next) {
    boolean meets =
        next.smallLayers == largeLayers
            && next.rules.equals(rules)
            && next.small.keySet().equals(large.keySet());
    for (String name : meets ? large.keySet() : Set.<String>of()) {
      meets &= Arrays.equals(large.get(name), next.small.get(name));
    }
    if (!meets) {
      throw new IllegalArgumentException(
          "the second operator does not begin where the first ends; expected a plan of the same"
              + " tensors from "
              + largeLayers
              + " layers and the sizes that the first one makes");
    }
    int[] layers = {smallLayers, next.largeLayers};
    return new GrowthPlan(rules, parents, small, next.large, layers, tiedDecoder, headSize);
  }

  /** Names of all maps that the rules mention. */
  public Set<String> mapNames() {
    Set<String> names = new LinkedHashSet<>();
    for (TensorRule rule : rules) {
      names.addAll(rule.axes());
    }
    names.remove(TensorRule.FIXED);
    return names;
  }

  /** Names of all mixtures of layers that the rules mention. */
  public Set<String> depthNames() {
    Set<String> names = new LinkedHashSet<>();
    for (TensorRule rule : rules) {
      names.add(rule.depth());
    }
    names.remove(TensorRule.NO_LAYERS);
    return names;
  }

  /**
   * Sizes of the axis that a map serves, before and after growth. A map that ties mention but no
   * tensor uses, such as that of the shifts of normalizations that have none, has the sizes of what
   * is tied to it, else of what stands in for it; null if nothing of these is used.
   *
   * @throws IllegalArgumentException if neither rules nor ties mention the map
   */
  public int[] sizes(String map) {
    int[] used = usedSizes(map);
    for (String at = parents.get(map); used == null && at != null; at = parents.get(at)) {
      used = usedSizes(at);
    }
    if (used == null && !parents.containsKey(map) && !parents.containsValue(map)) {
      throw new IllegalArgumentException(
          "map \"" + map + "\": no rule mentions it; there are " + mapNames());
    }
    return used;
  }

  private int[] usedSizes(String map) {
    for (TensorRule rule : rules) {
      int axis = rule.axes().indexOf(map);
      // Layer 0 stands for all.
      if (axis >= 0 && small.containsKey(rule.name(0))) {
        return new int[] {small.get(rule.name(0))[axis], large.get(rule.name(0))[axis]};
      }
    }
    for (Map.Entry<String, String> tie : parents.entrySet()) {
      int[] sizes = tie.getValue().equals(map) ? usedSizes(tie.getKey()) : null;
      if (sizes != null) {
        return sizes;
      }
    }
    return null;
  }

  /**
   * Shape after growth of a tensor of a rule, of this plan or beside it.
   *
   * @param small its shape before
   * @throws IllegalArgumentException naming the tensor if an axis has not the size of its map
   */
  public int[] largeShape(TensorRule rule, int... small) {
    return FamilyGrowth.largeShape(this, rule, small);
  }

  /** The map that stands in for one that is not given; null if there is none. */
  String parent(String map) {
    return parents.get(map);
  }

  /** Whether the decoder of a word-prediction head is the token embedding. */
  boolean tiedDecoder() {
    return tiedDecoder;
  }

  /** Elements of an attention head; 0 if the plan does not know. */
  int headSize() {
    return headSize;
  }

  /** The mixture that stands in for one that is not given; null if there is none. */
  static String depthParent(String depth) {
    if (depth.equals(ALL)) {
      return null;
    }
    return depth.endsWith(".bias")
        ? depth.substring(0, depth.length() - ".bias".length()) + ".weight"
        : ALL;
  }

  /**
   * Checks that these are the weights of the small model.
   *
   * @throws IllegalArgumentException naming the tensor that is missing, left over, of another shape
   *     or not finite
   */
  public void requireSmall(Tensors given) {
    small.forEach(
        (name, shape) -> {
          if (!given.contains(name)) {
            throw new IllegalArgumentException(
                "no tensor \"" + name + "\" in the small model; given " + given);
          }
          if (!Arrays.equals(given.get(name).shape(), shape)) {
            throw new IllegalArgumentException(
                "tensor \""
                    + name
                    + "\": given "
                    + given.get(name)
                    + ", expected shape "
                    + Arrays.toString(shape));
          }
          if (!given.get(name).isFinite()) {
            throw new IllegalArgumentException(
                "tensor \"" + name + "\" has a NaN or infinite element; repair the small model");
          }
        });
    Set<String> over = new LinkedHashSet<>(given.names());
    over.removeAll(small.keySet());
    if (!over.isEmpty()) {
      throw new IllegalArgumentException(
          "tensors " + over + " of the small model are in no rule; add rules or leave them out");
    }
  }

  private void check(Map<String, int[]> shapes, int layers, String which) {
    Map<String, TensorRule> owner = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (TensorRule rule : rules) {
      for (int l = 0; l < (rule.inLayers() ? layers : 1); l++) {
        if (owner.put(rule.name(l), rule) != null) {
          throw new IllegalArgumentException("tensor \"" + rule.name(l) + "\" is in two rules");
        }
        if (!shapes.containsKey(rule.name(l))) {
          missing.add(rule.name(l));
        }
      }
    }
    Set<String> over = new LinkedHashSet<>(shapes.keySet());
    over.removeAll(owner.keySet());
    if (!missing.isEmpty() || !over.isEmpty()) {
      throw new IllegalArgumentException(
          "the "
              + which
              + " model lacks tensors "
              + missing
              + " that rules name, and has tensors "
              + over
              + " that no rule names");
    }
  }

  private void checkSizes(TensorRule rule) {
    for (int l = 0; l < (rule.inLayers() ? largeLayers : 1); l++) {
      if (rule.inLayers() && smallLayers == 0) {
        return;
      }
      int[] from = small.get(rule.name(rule.inLayers() ? Math.min(l, smallLayers - 1) : 0));
      int[] first = small.get(rule.name(0));
      int[] to = large.get(rule.name(l));
      boolean fits =
          from.length == rule.axes().size()
              && to.length == from.length
              && Arrays.equals(from, first)
              && Arrays.equals(to, large.get(rule.name(0)));
      for (int axis = 0; fits && axis < from.length; axis++) {
        boolean fixed = rule.axes().get(axis).equals(TensorRule.FIXED);
        fits = fixed ? to[axis] == from[axis] : to[axis] >= from[axis];
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "tensor \""
                + rule.name(l)
                + "\": from "
                + Arrays.toString(from)
                + " to "
                + Arrays.toString(to)
                + " does not fit the axes "
                + rule.axes()
                + "; fixed axes keep their size, others do not shrink, all layers are alike");
      }
    }
  }
}
