package org.quadrille.linalg;

import java.util.List;

/** The parameters of composite operators: those of part i carry the prefix {@code "i."}. */
final class Parts {
  private Parts() {}

  /** Checks that there is at least one part and that all have one dtype. */
  static List<LinearOperator> check(String kind, List<? extends LinearOperator> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(kind + ": given no operators, expected at least one");
    }
    for (LinearOperator part : parts) {
      if (part.dtype() != parts.getFirst().dtype()) {
        throw new IllegalArgumentException(
            kind + ": given " + parts.getFirst() + " and " + part + ", expected one dtype");
      }
    }
    return List.copyOf(parts);
  }

  /** All parameters, the tensors shared. */
  static Tensors parameters(List<LinearOperator> parts) {
    Tensors all = Tensors.empty();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof ParametricOperator parametric) {
        String prefix = i + ".";
        parametric.parameters().forEach((name, tensor) -> all.put(prefix + name, tensor));
      }
    }
    return all;
  }

  /** Lets part i, if it is parametric, add to its share of the gradients. */
  static void accumulate(
      List<LinearOperator> parts, int i, Tensor x, Tensor gradY, Tensors gradients) {
    if (parts.get(i) instanceof ParametricOperator parametric) {
      Tensors share = Tensors.empty();
      for (String name : parametric.parameters().names()) {
        share.put(name, gradients.get(i + "." + name));
      }
      parametric.accumulateGradients(x, gradY, share);
    }
  }
}
