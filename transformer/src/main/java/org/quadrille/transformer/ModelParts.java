package org.quadrille.transformer;

import java.util.Map;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Makes the maps and normalizations of a model from its parameters. */
record ModelParts(
    Architecture architecture, Tensors parameters, Map<String, LinearOperator> operators) {

  Linear linear(String name) {
    String bias = name + ".bias";
    LinearOperator operator = operators.get(name);
    return new Linear(
        name,
        operator != null ? operator : Dense.of(parameters.get(name + ".weight")),
        parameters.contains(bias) ? parameters.get(bias) : null);
  }

  Norm norm(String name) {
    Tensor shift = architecture.meanCentered() ? parameters.get(name + ".bias") : null;
    return new Norm(name, parameters.get(name + ".weight"), shift, architecture.epsilon());
  }
}
