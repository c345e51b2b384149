package org.quadrille.growth;

import java.util.List;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * The memory of Adam for a grown model: means of gradients through the operator itself, means of
 * squares through the operator of squared entries, so that they stay positive and have the right
 * size for independent gradients. The count of steps goes on.
 *
 * {@snippet :
 * Tensors state = OptimizerGrowth.adam(operator, optimizer.state());
 * Adam larger = new Adam(groups);
 * larger.load(state);
 * }
 *
 * <p>The other way is to start a new optimizer. Which is better is a matter of measurement: a grown
 * model has other gradients than the small one.
 */
public final class OptimizerGrowth {
  private static final String MEAN = "mean.";
  private static final String SQUARE = "square.";
  private static final String STEP = "step";

  private OptimizerGrowth() {}

  /**
   * State of Adam for the large model.
   *
   * @param operator from the small to the large weights; its free part does not count
   * @param state of an Adam that trained all small weights; not modified
   * @throws IllegalArgumentException if the state lacks the moments of a weight, or the operator
   *     has coupled terms
   */
  public static Tensors adam(GrowthOperator operator, Tensors state) {
    Tensors grown = Tensors.empty();
    if (!state.contains(STEP)) {
      throw new IllegalArgumentException(
          "state of the optimizer: no \"" + STEP + "\" in " + state + "; expected that of Adam");
    }
    grown.put(STEP, state.get(STEP).copy());
    GrowthOperator linear =
        GrowthOperator.of(
            operator.plan(), operator.dtype(), operator.terms().toArray(GrowthTerm[]::new));
    if (!operator.coupled().isEmpty()) {
      throw new IllegalArgumentException(
          "coupled terms have no operator of squared entries of the same form; start a new"
              + " optimizer");
    }
    linear
        .apply(part(operator.plan(), state, MEAN))
        .forEach((name, tensor) -> grown.put(MEAN + name, tensor));
    squared(linear)
        .apply(part(operator.plan(), state, SQUARE))
        .forEach((name, tensor) -> grown.put(SQUARE + name, tensor));
    return grown;
  }

  private static Tensors part(GrowthPlan plan, Tensors state, String prefix) {
    Tensors part = Tensors.empty();
    for (String name : plan.smallShapes().keySet()) {
      if (!state.contains(prefix + name)) {
        throw new IllegalArgumentException(
            "state of the optimizer: no \""
                + prefix
                + name
                + "\"; expected that of an Adam that trained every weight");
      }
      part.put(name, state.get(prefix + name));
    }
    return part;
  }

  /** The operator of squared entries; terms are taken as independent. */
  static GrowthOperator squared(GrowthOperator operator) {
    GrowthTerm[] terms = new GrowthTerm[operator.terms().size()];
    for (int t = 0; t < terms.length; t++) {
      GrowthTerm given = operator.terms().get(t);
      GrowthTerm term = GrowthTerm.of(given.order()).only(given::appliesTo);
      for (String name : given.maps().keySet()) {
        List<LinearOperator> maps =
            given.maps().get(name).stream().map(OptimizerGrowth::squared).toList();
        term = term.withMaps(name, maps);
      }
      for (String name : given.depths().keySet()) {
        term = term.withDepth(name, squared(given.depths().get(name)));
      }
      terms[t] = term;
    }
    return GrowthOperator.of(operator.plan(), operator.dtype(), terms);
  }

  private static LinearOperator squared(LinearOperator map) {
    if (map instanceof Selection || map instanceof IdentityMap || map instanceof ZeroPadding) {
      return map;
    }
    if (map instanceof ScaledSelection scaled) {
      Tensor scale = scaled.parameters().get("scale");
      return AxisMap.scaledSelection(scaled.cols(), scaled.source(), squared(scale));
    }
    if (map instanceof IdentityOver over) {
      return AxisMap.identityOver(squared(over.parameters().get("new")));
    }
    return Dense.of(squared(map.toDense()));
  }

  private static Tensor squared(Tensor x) {
    return Elementwise.multiply(x, x, Tensor.zeros(x.dtype(), x.shape()));
  }
}
