package org.quadrille.federated.model;

import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/**
 * {@code y = tanh(x)}, a smooth activation.
 *
 * @param inputs length of x and y
 */
public record TanhLayer(int inputs) implements Layer {

  /** Checks the size. */
  public TanhLayer {
    if (inputs < 1) {
      throw new IllegalArgumentException("tanh: " + inputs + " inputs given, expected 1 or more");
    }
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public int parameters() {
    return 0;
  }

  @Override
  public void initialize(Tensor theta, RandomKey key) {}

  @Override
  public LayerPass pass(DType dtype, int rows) {
    return new ActivationPass(dtype, rows, inputs) {
      @Override
      void activate(Tensor x, Tensor y) {
        Elementwise.apply(ElementFunction.TANH, x, y);
      }

      @Override
      void differentiate(Tensor y, Tensor dy, Tensor dx) {
        // dx = dy (1 - y^2) = -(dy y^2) + dy
        Elementwise.multiply(y, y, dx);
        Elementwise.multiply(dx, dy, dx);
        Arithmetic.scale(-1, dx);
        Arithmetic.axpy(1, dy, dx);
      }
    };
  }
}
