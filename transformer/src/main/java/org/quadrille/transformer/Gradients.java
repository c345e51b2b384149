package org.quadrille.transformer;

import java.util.HashMap;
import java.util.Map;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Where the backward pass writes: the gradients that are wanted, by parameter name. What is not
 * wanted is frozen, and its gradient is not computed.
 */
final class Gradients {
  private final Tensors wanted;
  private final Map<String, Tensors> ofOperators = new HashMap<>();
  private final Map<String, Tensor> scratch = new HashMap<>();

  Gradients(Tensors wanted) {
    this.wanted = wanted;
  }

  boolean belongsTo(Tensors gradients) {
    return wanted == gradients;
  }

  void clear() {
    wanted.forEach((name, tensor) -> tensor.fill(0));
  }

  boolean wants(String name) {
    return wanted.contains(name);
  }

  /** Whether any parameter is wanted whose name begins so. */
  boolean wantsAny(String prefix) {
    return wanted.names().stream().anyMatch(name -> name.startsWith(prefix));
  }

  Tensor of(String name) {
    return wanted.get(name);
  }

  /** The gradient if it is wanted, else a place whose contents nobody reads. */
  Tensor orScratch(String name, Tensor parameter) {
    return wanted.contains(name)
        ? wanted.get(name)
        : scratch.computeIfAbsent(name, n -> Tensor.zeros(parameter.dtype(), parameter.shape()));
  }

  /** The gradients of the operator called {@code name}, or null if none is wanted. */
  Tensors of(String name, ParametricOperator operator) {
    if (ofOperators.containsKey(name)) {
      return ofOperators.get(name);
    }
    Tensors gradients = Tensors.empty();
    boolean[] any = {false};
    operator
        .parameters()
        .forEach(
            (part, tensor) -> {
              any[0] |= wants(name + "." + part);
              gradients.put(part, orScratch(name + "." + part, tensor));
            });
    Tensors result = any[0] ? gradients : null;
    ofOperators.put(name, result);
    return result;
  }
}
