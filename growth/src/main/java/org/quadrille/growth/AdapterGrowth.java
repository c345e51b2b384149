package org.quadrille.growth;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

/**
 * Growth of low-rank adapters without making them dense: {@code B (U V) A^T = (B U) (A V^T)^T}, and
 * a mixture of layers is a longer product, {@code sum_j w_j B_j U_j V_j A_j^T = [w_1 B_1 U_1, ...]
 * [V_1 A_1^T; ...]}. Exact; ranks of all layers and terms that take part add up, layers of weight 0
 * do not.
 */
final class AdapterGrowth {
  private AdapterGrowth() {}

  static List<LowRank> grow(GrowthOperator operator, TensorRule rule, List<LowRank> small) {
    GrowthPlan plan = operator.plan();
    check(operator, rule, small);
    int layers = rule.inLayers() ? plan.largeLayers() : 1;
    List<LowRank> grown = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      List<Tensor> left = new ArrayList<>();
      List<Tensor> right = new ArrayList<>();
      for (GrowthTerm term : operator.terms()) {
        if (term.appliesTo(rule)) {
          collect(plan, term, rule, l, small, left, right);
        }
      }
      int[] to = plan.largeShapes().get(rule.name(l));
      grown.add(joined(operator, left, right, to));
    }
    return grown;
  }

  private static void collect(
      GrowthPlan plan,
      GrowthTerm term,
      TensorRule rule,
      int layer,
      List<LowRank> small,
      List<Tensor> left,
      List<Tensor> right) {
    LinearOperator depth = OperatorBorder.depth(plan, term, rule);
    List<LinearOperator> rows = OperatorBorder.maps(plan, term, rule, 0);
    List<LinearOperator> cols = OperatorBorder.maps(plan, term, rule, 1);
    Tensor mixture = depth == null ? null : depth.toDense();
    for (int j = 0; j < small.size(); j++) {
      double w = mixture == null ? (j == layer ? 1 : 0) : mixture.get(layer, j);
      if (w != 0) {
        int owner = term.order() == GrowthOrder.DEPTH_FIRST ? layer : j;
        LowRank adapter = small.get(j);
        Tensor u = Arithmetic.scale(w * adapter.scale(), adapter.left().copy());
        Tensor v = adapter.right();
        left.add(rows == null ? u : at(rows, owner).apply(u));
        right.add(cols == null ? v : at(cols, owner).apply(v.transpose()).transpose());
      }
    }
  }

  private static LowRank joined(
      GrowthOperator operator, List<Tensor> left, List<Tensor> right, int... shape) {
    int rank = left.stream().mapToInt(u -> u.size(1)).sum();
    Tensor u = Tensor.zeros(operator.dtype(), shape[0], rank);
    Tensor v = Tensor.zeros(operator.dtype(), rank, shape[1]);
    int at = 0;
    for (int i = 0; i < left.size(); i++) {
      int next = at + left.get(i).size(1);
      u.slice(1, at, next).assign(left.get(i));
      v.slice(0, at, next).assign(right.get(i));
      at = next;
    }
    return LowRank.of(u, v);
  }

  private static LinearOperator at(List<LinearOperator> maps, int layer) {
    return maps.size() == 1 ? maps.getFirst() : maps.get(layer);
  }

  private static void check(GrowthOperator operator, TensorRule rule, List<LowRank> small) {
    GrowthPlan plan = operator.plan();
    if (!plan.rules().contains(rule) || rule.axes().size() != 2) {
      throw new IllegalArgumentException(
          "rule \"" + rule.name() + "\": expected one of the plan, of a matrix");
    }
    int layers = rule.inLayers() ? plan.smallLayers() : 1;
    int[] shape = plan.smallShapes().get(rule.name(0));
    boolean fit = small.size() == layers;
    for (LowRank adapter : small) {
      fit &=
          adapter.rows() == shape[0]
              && adapter.cols() == shape[1]
              && adapter.dtype() == operator.dtype();
    }
    if (!fit) {
      throw new IllegalArgumentException(
          "adapters of \""
              + rule.name()
              + "\": given "
              + small
              + ", expected "
              + layers
              + " of shape ["
              + shape[0]
              + ", "
              + shape[1]
              + "] and "
              + operator.dtype());
    }
    if (operator.coupled().stream().anyMatch(term -> term.covers(rule))) {
      throw new IllegalArgumentException(
          "adapters of \"" + rule.name() + "\": a coupled term mixes them with other kinds");
    }
  }
}
