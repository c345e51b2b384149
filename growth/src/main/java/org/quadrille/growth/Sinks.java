package org.quadrille.growth;

import java.util.IdentityHashMap;
import java.util.Map;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Where the gradients of operators go: every use of an operator adds its contribution, so that one
 * that serves several tensors gets the sum of all.
 */
final class Sinks {
  static final Sinks NONE = new Sinks(Map.of(), Tensors.empty());

  private final IdentityHashMap<ParametricOperator, Tensors> local = new IdentityHashMap<>();

  /**
   * @param owned the operators, with the global name of each of their parameters by its own name
   * @param gradients the wanted gradients by global name
   */
  Sinks(Map<ParametricOperator, Map<String, String>> owned, Tensors gradients) {
    owned.forEach(
        (operator, names) -> {
          if (names.values().stream().anyMatch(gradients::contains)) {
            Tensors mine = Tensors.empty();
            operator
                .parameters()
                .forEach(
                    (name, parameter) ->
                        mine.put(
                            name,
                            gradients.contains(names.get(name))
                                ? gradients.get(names.get(name))
                                : Tensor.zeros(parameter.dtype(), parameter.shape())));
            local.put(operator, mine);
          }
        });
  }

  /** Whether a gradient of this operator is wanted. */
  boolean wants(LinearOperator operator) {
    return operator instanceof ParametricOperator p && local.containsKey(p);
  }

  /** Adds the contribution of one use {@code y = A x}, if it is wanted. */
  void accumulate(LinearOperator operator, Tensor x, Tensor gradY) {
    if (operator instanceof ParametricOperator p && local.containsKey(p)) {
      p.accumulateGradients(x, gradY, local.get(p));
    }
  }
}
