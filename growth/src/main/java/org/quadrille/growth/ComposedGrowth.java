package org.quadrille.growth;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Two operators after each other as one: {@code (A2 (x) B2)(A1 (x) B1) = (A2 A1) (x) (B2 B1)} for
 * the maps, {@code w2 w1} for the mixtures; a sum of terms after a sum of terms has all their
 * pairs. Copies after copies stay copies, all else becomes full matrices.
 */
final class ComposedGrowth {
  private final GrowthOperator second;
  private final GrowthOperator first;
  private final GrowthPlan plan;

  ComposedGrowth(GrowthOperator second, GrowthOperator first) {
    this.second = second;
    this.first = first;
    this.plan = first.plan().followedBy(second.plan());
    if (!first.coupled().isEmpty() || !second.coupled().isEmpty()) {
      throw new IllegalArgumentException(
          "coupled terms have no product of their own form; apply the operators after each other");
    }
    if (first.dtype() != second.dtype()) {
      throw new IllegalArgumentException(
          "operators of " + first.dtype() + " and " + second.dtype() + ", expected one dtype");
    }
  }

  GrowthOperator operator() {
    List<GrowthTerm> terms = new ArrayList<>();
    for (GrowthTerm outer : second.terms()) {
      for (GrowthTerm inner : first.terms()) {
        terms.add(term(outer, inner));
      }
    }
    // M2 (M1 x + r1) + r2
    Map<String, LinearOperator> parts = new LinkedHashMap<>(second.additive());
    if (!first.additive().isEmpty()) {
      Tensors free = Tensors.empty();
      first
          .plan()
          .largeShapes()
          .forEach((name, shape) -> free.put(name, Tensor.zeros(first.dtype(), shape)));
      first
          .additive()
          .forEach((name, part) -> StructuredMap.matrix(free.get(name)).assign(part.toDense()));
      second
          .apply(free)
          .forEach((name, part) -> parts.put(name, Dense.of(StructuredMap.matrix(part))));
    }
    return GrowthOperator.of(plan, first.dtype(), terms.toArray(GrowthTerm[]::new)).plus(parts);
  }

  private GrowthTerm term(GrowthTerm outer, GrowthTerm inner) {
    GrowthTerm term =
        GrowthTerm.of(order(outer, inner))
            .only(rule -> outer.appliesTo(rule) && inner.appliesTo(rule));
    IdentityHashMap<LinearOperator, Map<LinearOperator, LinearOperator>> known =
        new IdentityHashMap<>();
    for (String name : plan.mapNames()) {
      List<LinearOperator> b2 = outer.resolve(name, second.plan());
      List<LinearOperator> b1 = inner.resolve(name, first.plan());
      if (b2 != null || b1 != null) {
        term = term.withMaps(name, products(b2, b1, known));
      }
    }
    for (String name : plan.depthNames()) {
      LinearOperator w2 = outer.resolveDepth(name);
      LinearOperator w1 = inner.resolveDepth(name);
      if (w2 != null || w1 != null) {
        term = term.withDepth(name, product(w2, w1));
      }
    }
    return term;
  }

  private static GrowthOrder order(GrowthTerm outer, GrowthTerm inner) {
    boolean innerShared = isShared(inner);
    boolean outerShared = isShared(outer);
    if (innerShared && outerShared) {
      return GrowthOrder.CHEAPER;
    }
    boolean small = outerShared && inner.order() == GrowthOrder.WIDTH_FIRST;
    boolean large = innerShared && outer.order() == GrowthOrder.DEPTH_FIRST;
    if (!small && !large) {
      throw new IllegalArgumentException(
          "maps that differ by the layers in the middle cannot be combined into one operator;"
              + " apply the two after each other");
    }
    return small ? GrowthOrder.WIDTH_FIRST : GrowthOrder.DEPTH_FIRST;
  }

  private static boolean isShared(GrowthTerm term) {
    return term.maps().values().stream().allMatch(maps -> maps.size() == 1);
  }

  private static List<LinearOperator> products(
      List<LinearOperator> second,
      List<LinearOperator> first,
      IdentityHashMap<LinearOperator, Map<LinearOperator, LinearOperator>> known) {
    int count = Math.max(second == null ? 1 : second.size(), first == null ? 1 : first.size());
    List<LinearOperator> products = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      LinearOperator b2 = at(second, l);
      LinearOperator b1 = at(first, l);
      // One product for all names that share both maps.
      products.add(
          known
              .computeIfAbsent(b2, key -> new IdentityHashMap<>())
              .computeIfAbsent(b1, key -> product(b2, b1)));
    }
    return products;
  }

  private static LinearOperator at(List<LinearOperator> maps, int layer) {
    return maps == null ? null : maps.size() == 1 ? maps.getFirst() : maps.get(layer);
  }

  private static LinearOperator product(LinearOperator second, LinearOperator first) {
    if (second == null || first == null) {
      return second == null ? first : second;
    }
    if (second instanceof Selection outer && first instanceof Selection inner) {
      int[] source = outer.indices();
      for (int j = 0; j < source.length; j++) {
        source[j] = inner.indices()[source[j]];
      }
      return Selection.of(first.dtype(), inner.cols(), source);
    }
    return Dense.of(MatrixProduct.multiply(second.toDense(), first.toDense()));
  }
}
