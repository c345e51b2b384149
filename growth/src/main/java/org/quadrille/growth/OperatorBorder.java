package org.quadrille.growth;

import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Norms;

/** Checks of an operator against its plan, with messages that name the map or the tensor. */
final class OperatorBorder {
  private OperatorBorder() {}

  static void check(GrowthOperator operator) {
    for (CoupledTerm term : operator.coupled()) {
      if (term.dtype() != operator.dtype()
          || !term.members().equals(CoupledTerm.members(operator.plan()))) {
        throw new IllegalArgumentException(
            "coupled term of "
                + term.dtype()
                + " for "
                + term.members()
                + ", expected one made for this plan and "
                + operator.dtype());
      }
    }
    if (operator.terms().isEmpty()) {
      throw new IllegalArgumentException("operator: no terms given, expected at least one");
    }
    for (GrowthTerm term : operator.terms()) {
      checkMaps(operator, term);
      checkDepths(operator, term);
      checkTie(operator, term);
    }
    checkAdditive(operator);
  }

  private static void checkMaps(GrowthOperator operator, GrowthTerm term) {
    GrowthPlan plan = operator.plan();
    int layers =
        switch (term.order()) {
          case WIDTH_FIRST -> plan.smallLayers();
          case DEPTH_FIRST -> plan.largeLayers();
          case CHEAPER -> 1;
        };
    for (Map.Entry<String, List<LinearOperator>> entry : term.maps().entrySet()) {
      int[] sizes = plan.sizes(entry.getKey());
      if (entry.getValue().size() != 1 && entry.getValue().size() != layers) {
        throw new IllegalArgumentException(
            "map \""
                + entry.getKey()
                + "\": "
                + entry.getValue().size()
                + " given, expected one, or one for each of "
                + layers
                + " layers ("
                + term.order()
                + ")");
      }
      for (LinearOperator map : sizes == null ? List.<LinearOperator>of() : entry.getValue()) {
        StructuredMap.requireSize(
            "map \"" + entry.getKey() + "\"", map, sizes[1], sizes[0], operator.dtype());
      }
    }
  }

  private static void checkDepths(GrowthOperator operator, GrowthTerm term) {
    GrowthPlan plan = operator.plan();
    term.depths()
        .forEach(
            (name, w) -> {
              boolean known =
                  name.equals(GrowthPlan.ALL)
                      || plan.depthNames().stream()
                          .anyMatch(d -> d.equals(name) || name.equals(GrowthPlan.depthParent(d)));
              if (!known) {
                throw new IllegalArgumentException(
                    "mixture \""
                        + name
                        + "\": no rule mentions it; there are "
                        + plan.depthNames());
              }
              StructuredMap.requireSize(
                  "mixture \"" + name + "\"",
                  w,
                  plan.largeLayers(),
                  plan.smallLayers(),
                  operator.dtype());
            });
  }

  /** A decoder that is the token embedding reads what the residual map makes. */
  private static void checkTie(GrowthOperator operator, GrowthTerm term) {
    if (!operator.plan().tiedDecoder() || !term.maps().containsKey("masked")) {
      return;
    }
    List<LinearOperator> masked = term.maps().get("masked");
    List<LinearOperator> residual = term.maps().get("residual");
    boolean same =
        residual != null
            && Norms.max(
                    Arithmetic.subtract(residual.getFirst().toDense(), masked.getFirst().toDense()))
                == 0;
    if (!same) {
      throw new IllegalArgumentException(
          "map \"masked\" differs from \"residual\", but the decoder is the token embedding and"
              + " would need both; leave \"masked\" out");
    }
  }

  private static void checkAdditive(GrowthOperator operator) {
    Map<String, int[]> large = operator.plan().largeShapes();
    operator
        .additive()
        .forEach(
            (name, part) -> {
              if (!large.containsKey(name)) {
                throw new IllegalArgumentException(
                    "free part of \"" + name + "\": the large model has no such tensor");
              }
              int[] shape = GrowthOperator.matrixShape(large.get(name));
              if (part.rows() != shape[0]
                  || part.cols() != shape[1]
                  || part.dtype() != operator.dtype()) {
                throw new IllegalArgumentException(
                    "free part of \""
                        + name
                        + "\": given "
                        + part
                        + ", expected shape ["
                        + shape[0]
                        + ", "
                        + shape[1]
                        + "] and dtype "
                        + operator.dtype());
              }
            });
  }

  /** The maps of an axis; null for the identity. */
  static List<LinearOperator> maps(GrowthPlan plan, GrowthTerm term, TensorRule rule, int axis) {
    if (axis >= rule.axes().size() || rule.axes().get(axis).equals(TensorRule.FIXED)) {
      return null;
    }
    String name = rule.axes().get(axis);
    List<LinearOperator> maps = term.resolve(name, plan);
    int[] sizes = plan.sizes(name);
    if (maps == null) {
      if (sizes[0] != sizes[1]) {
        throw new IllegalArgumentException(
            "tensor \""
                + rule.name()
                + "\": axis "
                + axis
                + " grows from "
                + sizes[0]
                + " to "
                + sizes[1]
                + ", but no map \""
                + name
                + "\" is given");
      }
      return null;
    }
    if (maps.size() > 1 && !rule.inLayers()) {
      throw new IllegalArgumentException(
          "tensor \""
              + rule.name()
              + "\" is in no layer, but map \""
              + name
              + "\" differs by layer");
    }
    LinearOperator first = maps.getFirst();
    if (first.rows() != sizes[1] || first.cols() != sizes[0]) {
      throw new IllegalArgumentException(
          "tensor \""
              + rule.name()
              + "\": axis "
              + axis
              + " grows from "
              + sizes[0]
              + " to "
              + sizes[1]
              + ", the map that stands in for \""
              + name
              + "\" is "
              + first);
    }
    return maps;
  }

  /** The mixture of layers of a tensor; null for the identity. */
  static LinearOperator depth(GrowthPlan plan, GrowthTerm term, TensorRule rule) {
    if (!rule.inLayers()) {
      return null;
    }
    LinearOperator depth = term.resolveDepth(rule.depth());
    if (depth == null && plan.smallLayers() != plan.largeLayers()) {
      throw new IllegalArgumentException(
          "tensor \""
              + rule.name()
              + "\": layers grow from "
              + plan.smallLayers()
              + " to "
              + plan.largeLayers()
              + ", but no mixture \""
              + rule.depth()
              + "\" is given");
    }
    return depth;
  }
}
