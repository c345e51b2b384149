package org.quadrille.growth;

import java.util.IdentityHashMap;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.linalg.Triangular;

/**
 * The way back through a growth operator in least squares. The pseudoinverse of a Kronecker product
 * is the product of the pseudoinverses, {@code (w (x) A (x) B)^+ = w^+ (x) A^+ (x) B^+}, each by a
 * QR factorization, computed once for each map.
 */
final class LeftInverse {
  private final GrowthOperator operator;
  private final GrowthTerm term;
  private final IdentityHashMap<LinearOperator, Tensor> inverses = new IdentityHashMap<>();

  LeftInverse(GrowthOperator operator) {
    this.operator = operator;
    this.term = operator.terms().getFirst();
    if (operator.terms().size() != 1 || !operator.coupled().isEmpty()) {
      throw new IllegalArgumentException(
          "a sum of "
              + (operator.terms().size() + operator.coupled().size())
              + " terms given; only an operator of one term can be inverted factor by factor");
    }
    boolean shared = term.maps().values().stream().allMatch(maps -> maps.size() == 1);
    boolean mixed =
        operator.plan().depthNames().stream().anyMatch(name -> term.resolveDepth(name) != null);
    if (!shared && mixed && term.order() != GrowthOrder.WIDTH_FIRST) {
      throw new IllegalArgumentException(
          "maps of the large layers after a mixture cannot be inverted factor by factor; expected"
              + " maps that all layers share, or maps of the small layers (WIDTH_FIRST)");
    }
  }

  Tensors shrink(Tensors large) {
    GrowthPlan plan = operator.plan();
    Tensors found = Tensors.empty();
    for (TensorRule rule : plan.rules()) {
      if (!term.appliesTo(rule)) {
        throw new IllegalArgumentException(
            "tensor \"" + rule.name() + "\": the operator makes it from nothing");
      }
      int to = rule.inLayers() ? plan.largeLayers() : 1;
      Tensor stack =
          GrowthOperator.stack(operator.dtype(), to, plan.largeShapes().get(rule.name(0)));
      for (int l = 0; l < to; l++) {
        Tensor given = large.get(rule.name(l));
        requireShape(rule.name(l), given, plan.largeShapes().get(rule.name(l)));
        stack.row(l).assign(StructuredMap.matrix(given));
        LinearOperator part = operator.additive().get(rule.name(l));
        if (part != null) {
          Arithmetic.axpy(-1, part.toDense(), stack.row(l));
        }
      }
      narrow(rule, stack, found);
    }
    Tensors ordered = Tensors.empty();
    plan.smallShapes().keySet().forEach(name -> ordered.put(name, found.get(name)));
    return ordered;
  }

  private void narrow(TensorRule rule, Tensor stack, Tensors found) {
    GrowthPlan plan = operator.plan();
    LinearOperator depth = OperatorBorder.depth(plan, term, rule);
    List<LinearOperator> rows = OperatorBorder.maps(plan, term, rule, 0);
    List<LinearOperator> cols = OperatorBorder.maps(plan, term, rule, 1);
    Tensor mixed = stack;
    if (depth != null) {
      Tensor flat = stack.reshape(stack.size(0), stack.size(1) * stack.size(2));
      mixed =
          MatrixProduct.multiply(inverse("mixture \"" + rule.depth() + "\"", depth), flat)
              .reshape(depth.cols(), stack.size(1), stack.size(2));
    }
    for (int l = 0; l < mixed.size(0); l++) {
      // W = B^+ Theta (A^+)^T
      Tensor w = mixed.row(l);
      if (rows != null) {
        w = MatrixProduct.multiply(inverse("map of rows of " + rule.name(l), at(rows, l)), w);
      }
      if (cols != null) {
        Tensor right = inverse("map of columns of " + rule.name(l), at(cols, l));
        w = MatrixProduct.multiply(w, right.transpose());
      }
      int[] shape = plan.smallShapes().get(rule.name(l));
      found.put(rule.name(l), Tensor.zeros(operator.dtype(), shape));
      StructuredMap.matrix(found.get(rule.name(l))).assign(w);
    }
  }

  private static LinearOperator at(List<LinearOperator> maps, int layer) {
    return maps.size() == 1 ? maps.getFirst() : maps.get(layer);
  }

  private Tensor inverse(String what, LinearOperator map) {
    return inverses.computeIfAbsent(map, key -> leftInverse(what, key.toDense()));
  }

  /** R^-1 Q^T, shape [cols, rows]. */
  private static Tensor leftInverse(String what, Tensor matrix) {
    Qr qr = Qr.decompose(matrix);
    double largest = Norms.max(qr.r());
    double unit = matrix.dtype().bits() == 32 ? 0x1p-24 : 0x1p-53;
    for (int i = 0; i < matrix.size(1); i++) {
      if (!(Math.abs(qr.r().get(i, i)) > largest * unit * matrix.size(0))) {
        throw new IllegalArgumentException(
            what
                + ": columns "
                + "depend on each other (column "
                + i
                + " on those before), so that the small weights cannot be told from the large");
      }
    }
    Tensor inverse = qr.q().transpose().copy();
    return Triangular.upper(qr.r()).solveInPlace(inverse);
  }

  private static void requireShape(String name, Tensor given, int... shape) {
    if (!java.util.Arrays.equals(given.shape(), shape)) {
      throw new IllegalArgumentException(
          "tensor \""
              + name
              + "\": given "
              + given
              + ", expected shape "
              + java.util.Arrays.toString(shape));
    }
  }
}
