package org.quadrille.growth;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.quadrille.linalg.LinearOperator;

/**
 * One term of a growth operator: maps of the axes and mixtures of the layers, by the names of a
 * {@link GrowthPlan}.
 *
 * {@snippet :
 * GrowthTerm term = GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
 *     .withMap("residual", AxisMap.identityOver(s))
 *     .withMap("query", AxisMap.dense(q))
 *     .withDepth(GrowthPlan.ALL, Dense.of(w));
 * }
 */
public final class GrowthTerm {
  private final GrowthOrder order;
  private final Map<String, List<LinearOperator>> maps;
  private final Map<String, LinearOperator> depths;
  private final Predicate<TensorRule> applies;

  private GrowthTerm(
      GrowthOrder order,
      Map<String, List<LinearOperator>> maps,
      Map<String, LinearOperator> depths,
      Predicate<TensorRule> applies) {
    this.order = order;
    this.maps = maps;
    this.depths = depths;
    this.applies = applies;
  }

  /** A term without maps: axes of equal size are copied. */
  public static GrowthTerm of(GrowthOrder order) {
    return new GrowthTerm(order, Map.of(), Map.of(), rule -> true);
  }

  /** The same with a map that all layers share. */
  public GrowthTerm withMap(String name, LinearOperator map) {
    return withMaps(name, List.of(map));
  }

  /**
   * The same with a map for each layer, small layers if width comes first, else large ones.
   *
   * @param perLayer as many as there are layers, or one
   */
  public GrowthTerm withMaps(String name, List<? extends LinearOperator> perLayer) {
    Map<String, List<LinearOperator>> all = new LinkedHashMap<>(maps);
    all.put(name, List.copyOf(perLayer));
    return new GrowthTerm(order, all, depths, applies);
  }

  /**
   * The same with a mixture of layers.
   *
   * @param mixture shape [large layers, small layers]
   */
  public GrowthTerm withDepth(String name, LinearOperator mixture) {
    Map<String, LinearOperator> all = new LinkedHashMap<>(depths);
    all.put(name, mixture);
    return new GrowthTerm(order, maps, all, applies);
  }

  /** The same for some tensors only; it adds nothing to the others. */
  public GrowthTerm only(Predicate<TensorRule> newApplies) {
    return new GrowthTerm(order, maps, depths, newApplies);
  }

  /** Width or depth first. */
  public GrowthOrder order() {
    return order;
  }

  /** The maps by name, one for all layers or one each. */
  public Map<String, List<LinearOperator>> maps() {
    return maps;
  }

  /** The mixtures by name. */
  public Map<String, LinearOperator> depths() {
    return depths;
  }

  boolean appliesTo(TensorRule rule) {
    return applies.test(rule);
  }

  /** The maps of a name or of its parents; null if none is given. */
  List<LinearOperator> resolve(String name, GrowthPlan plan) {
    for (String at = name; at != null; at = plan.parent(at)) {
      if (maps.containsKey(at)) {
        return maps.get(at);
      }
    }
    return null;
  }

  /** The mixture of a name or of its parents; null if none is given. */
  LinearOperator resolveDepth(String name) {
    for (String at = name; at != null; at = GrowthPlan.depthParent(at)) {
      if (depths.containsKey(at)) {
        return depths.get(at);
      }
    }
    return null;
  }
}
