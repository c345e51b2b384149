package org.quadrille.federated.model;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** A layer without parameters that maps every element by itself, its derivative known from y. */
abstract class ActivationPass extends LayerPass {
  private final Tensor y;
  private final Tensor dx;
  private Tensor last;

  ActivationPass(DType dtype, int rows, int width) {
    this.y = Tensor.zeros(dtype, rows, width);
    this.dx = Tensor.zeros(dtype, rows, width);
  }

  /** {@code y := f(x)}. */
  abstract void activate(Tensor x, Tensor out);

  /** {@code dx := f'(x) dy}, from {@code y = f(x)}. */
  abstract void differentiate(Tensor out, Tensor dy, Tensor gradient);

  @Override
  final Tensor forward(Tensor theta, Tensor x) {
    last = y.slice(0, 0, x.size(0));
    activate(x, last);
    return last;
  }

  @Override
  final Tensor backward(Tensor theta, Tensor dy, boolean needsInput, Tensor gradient, double beta) {
    if (!needsInput) {
      return null;
    }
    Tensor out = dx.slice(0, 0, dy.size(0));
    differentiate(last, dy, out);
    return out;
  }

  @Override
  final Tensor backwardSquares(
      Tensor theta, Tensor dy, boolean needsInput, Tensor weights, Tensor squares) {
    return backward(theta, dy, needsInput, squares, 1);
  }
}
