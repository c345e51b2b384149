package org.quadrille.transformer;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Start values of training from scratch: N(0, 0.02^2) for matrices (GPT-2), divided by sqrt(2 L)
 * for the maps that write to the residual stream if normalization comes first; scales 1, shifts and
 * biases 0.
 */
final class Initialization {
  private static final double DEVIATION = 0.02;

  private Initialization() {}

  static Tensors of(Architecture architecture, DType dtype, long seed) {
    Tensors parameters = Tensors.empty();
    architecture
        .parameterShapes()
        .forEach(
            (name, shape) ->
                parameters.put(
                    name,
                    start(architecture, name, shape, dtype, seed * 1_000_003 + parameters.size())));
    return parameters;
  }

  private static Tensor start(
      Architecture architecture, String name, int[] shape, DType dtype, long seed) {
    if (name.endsWith("norm.weight")) {
      return Tensor.zeros(dtype, shape).fill(1);
    }
    if (name.endsWith("bias")) {
      return Tensor.zeros(dtype, shape);
    }
    boolean writesStream =
        name.endsWith("attention.output.weight") || name.endsWith("feedforward.down.weight");
    double deviation =
        architecture.normFirst() && writesStream
            ? DEVIATION / Math.sqrt(2.0 * architecture.layers())
            : DEVIATION;
    int rows = shape.length == 1 ? 1 : shape[0];
    int cols = shape.length == 1 ? shape[0] : shape[1];
    return Arithmetic.scale(deviation, GaussianMatrix.of(dtype, seed, rows, cols)).reshape(shape);
  }
}
