package org.quadrille.growth;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/** Growth of one kind of tensor by itself, so that a model need not be in memory as a whole. */
final class FamilyGrowth {
  private FamilyGrowth() {}

  static List<Tensor> grow(GrowthOperator operator, TensorRule rule, List<Tensor> small) {
    if (operator.coupled().stream().anyMatch(term -> term.covers(rule))) {
      throw new IllegalArgumentException(
          "tensor \""
              + rule.name()
              + "\": a coupled term mixes it with other kinds; grow the model as a whole");
    }
    int[] from = check(operator, rule, small);
    int[] to = largeShape(operator.plan(), rule, from);
    Tensor stack = GrowthOperator.stack(operator.dtype(), small.size(), from);
    for (int l = 0; l < small.size(); l++) {
      stack.row(l).assign(StructuredMap.matrix(small.get(l)));
    }
    int layers = rule.inLayers() ? operator.plan().largeLayers() : 1;
    Tensor large = GrowthOperator.stack(operator.dtype(), layers, to);
    double beta = 0;
    for (GrowthTerm term : operator.terms()) {
      if (term.appliesTo(rule)) {
        use(operator.plan(), term, rule, from, to).forward(stack, beta, large, false);
        beta = 1;
      }
    }
    List<Tensor> grown = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      LinearOperator part = operator.additive().get(rule.name(l));
      if (part != null) {
        Arithmetic.axpy(1, entries(part), large.row(l));
      }
      grown.add(large.row(l).reshape(to));
    }
    return grown;
  }

  private static Tensor entries(LinearOperator part) {
    return part instanceof Dense dense ? dense.weight() : part.toDense();
  }

  private static TermUse use(
      GrowthPlan plan, GrowthTerm term, TensorRule rule, int[] from, int[] to) {
    return new TermUse(
        OperatorBorder.maps(plan, term, rule, 0),
        OperatorBorder.maps(plan, term, rule, 1),
        OperatorBorder.depth(plan, term, rule),
        term.order(),
        GrowthOperator.matrixShape(from),
        GrowthOperator.matrixShape(to));
  }

  static int[] largeShape(GrowthPlan plan, TensorRule rule, int... from) {
    int[] to = from.clone();
    for (int axis = 0; axis < to.length; axis++) {
      String map = rule.axes().get(axis);
      if (!map.equals(TensorRule.FIXED)) {
        int[] sizes = plan.sizes(map);
        if (sizes == null || sizes[0] != from[axis]) {
          throw new IllegalArgumentException(
              "tensor \""
                  + rule.name()
                  + "\": axis "
                  + axis
                  + " has size "
                  + from[axis]
                  + ", but \""
                  + map
                  + "\" has "
                  + (sizes == null ? "no size" : "size " + sizes[0]));
        }
        to[axis] = sizes[1];
      }
    }
    return to;
  }

  private static int[] check(GrowthOperator operator, TensorRule rule, List<Tensor> small) {
    int layers = rule.inLayers() ? operator.plan().smallLayers() : 1;
    if (small.size() != layers || layers == 0) {
      throw new IllegalArgumentException(
          "tensor \""
              + rule.name()
              + "\": "
              + small.size()
              + " given, expected one for each of "
              + layers
              + " layers, and at least one layer");
    }
    int[] shape = small.getFirst().shape();
    for (int l = 0; l < layers; l++) {
      Tensor tensor = small.get(l);
      if (tensor.dtype() != operator.dtype()
          || tensor.rank() != rule.axes().size()
          || !java.util.Arrays.equals(tensor.shape(), shape)) {
        throw new IllegalArgumentException(
            "tensor \""
                + rule.name(l)
                + "\": given "
                + tensor
                + ", expected "
                + rule.axes().size()
                + " axes like the first layer and "
                + operator.dtype());
      }
      if (!tensor.isFinite()) {
        throw new IllegalArgumentException(
            "tensor \""
                + rule.name(l)
                + "\" has a NaN or infinite element; repair the small model");
      }
    }
    return shape;
  }
}
