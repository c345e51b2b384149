package org.quadrille.federated.model;

import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * {@code y = x W + b}; parameters are W, shape [inputs, outputs] row by row, then b.
 *
 * @param inputs length of x
 * @param outputs length of y
 * @param hasBias whether there is a b
 */
public record Affine(int inputs, int outputs, boolean hasBias) implements Layer {

  /** Checks the sizes. */
  public Affine {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "affine layer: "
              + inputs
              + " inputs and "
              + outputs
              + " outputs given, expected 1 or more");
    }
    Math.addExact(Math.multiplyExact(inputs, outputs), outputs);
  }

  @Override
  public int parameters() {
    return inputs * outputs + (hasBias ? outputs : 0);
  }

  /**
   * Normal numbers of variance {@code 2 / (inputs + outputs)} (Glorot and Bengio 2010), zero bias.
   */
  @Override
  public void initialize(Tensor theta, RandomKey key) {
    double deviation = Math.sqrt(2.0 / (inputs + outputs));
    RandomStream stream = key.stream();
    theta.fill(0);
    for (int i = 0; i < inputs * outputs; i++) {
      theta.set(deviation * stream.normal(), i);
    }
  }

  @Override
  public LayerPass pass(DType dtype, int rows) {
    return new Pass(dtype, rows);
  }

  private final class Pass extends LayerPass {
    private final DType dtype;
    private final int capacity;
    private final Tensor y;
    private Tensor x;
    private Tensor dx;
    private Tensor squaredInputs;
    private Tensor squaredGradients;

    Pass(DType dtype, int rows) {
      this.dtype = dtype;
      this.capacity = rows;
      this.y = Tensor.zeros(dtype, rows, outputs);
    }

    @Override
    Tensor forward(Tensor theta, Tensor input) {
      x = input;
      Tensor out = y.slice(0, 0, x.size(0));
      if (!hasBias) {
        return MatrixProduct.multiply(1, x, weights(theta), 0, out);
      }
      RowLoops.setRows(out, bias(theta));
      return MatrixProduct.multiply(1, x, weights(theta), 1, out);
    }

    @Override
    Tensor backward(Tensor theta, Tensor dy, boolean needsInput, Tensor gradient, double beta) {
      // dW = x' dy, db = 1' dy
      MatrixProduct.multiply(1, x.transpose(), dy, beta, weights(gradient));
      if (hasBias) {
        RowLoops.sumRows(dy, beta, bias(gradient));
      }
      return inputGradient(theta, dy, needsInput);
    }

    @Override
    Tensor backwardSquares(
        Tensor theta, Tensor dy, boolean needsInput, Tensor weights, Tensor squares) {
      if (squaredGradients == null) {
        squaredGradients = Tensor.zeros(dtype, capacity, outputs);
      }
      Tensor dySquared = Elementwise.multiply(dy, dy, squaredGradients.slice(0, 0, dy.size(0)));
      if (weights != null) {
        RowLoops.scaleRows(dySquared, weights);
      }
      addVariances(dySquared, squares);
      return inputGradient(theta, dy, needsInput);
    }

    /** The squared gradient of an outer product {@code x dy'} is the outer product of squares. */
    @Override
    void addVariances(Tensor dySquared, Tensor squares) {
      if (squaredInputs == null) {
        squaredInputs = Tensor.zeros(dtype, capacity, inputs);
      }
      Tensor xSquared = Elementwise.multiply(x, x, squaredInputs.slice(0, 0, x.size(0)));
      MatrixProduct.multiply(1, xSquared.transpose(), dySquared, 1, weights(squares));
      if (hasBias) {
        RowLoops.sumRows(dySquared, 1, bias(squares));
      }
    }

    private Tensor inputGradient(Tensor theta, Tensor dy, boolean needsInput) {
      if (!needsInput) {
        return null;
      }
      if (dx == null) {
        dx = Tensor.zeros(dtype, capacity, inputs);
      }
      Tensor out = dx.slice(0, 0, dy.size(0));
      return MatrixProduct.multiply(1, dy, weights(theta).transpose(), 0, out);
    }

    private Tensor weights(Tensor parameters) {
      return parameters.slice(0, 0, inputs * outputs).reshape(inputs, outputs);
    }

    private Tensor bias(Tensor parameters) {
      return parameters.slice(0, inputs * outputs, inputs * outputs + outputs);
    }
  }
}
