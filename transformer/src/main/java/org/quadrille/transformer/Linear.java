package org.quadrille.transformer;

import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A linear map of rows, {@code Y = X W^T + b}. W is any operator: dense, low-rank adapted or
 * quantized weights go through the same lines.
 */
final class Linear {
  private final String name;
  private final LinearOperator operator;
  private final Tensor bias;
  private final String biasName;
  private Tensor ones;

  /**
   * A map called {@code name}.
   *
   * @param operator shape [out, in]
   * @param bias shape [out], or null
   */
  Linear(String name, LinearOperator operator, Tensor bias) {
    this(name, operator, bias, name + ".bias");
  }

  /** As above with a bias that is called something else. */
  Linear(String name, LinearOperator operator, Tensor bias, String biasName) {
    this.name = name;
    this.operator = operator;
    this.bias = bias;
    this.biasName = biasName;
  }

  /** {@code y := x W^T + b}. */
  void forward(Tensor x, Tensor y) {
    if (bias == null) {
      operator.apply(x.transpose(), y.transpose());
    } else {
      RowLoops.fill(bias, y);
      operator.apply(1, x.transpose(), 1, y.transpose());
    }
  }

  /** {@code y := residual + x W^T + b}. */
  void forward(Tensor residual, Tensor x, Tensor y) {
    if (bias == null) {
      y.assign(residual);
    } else {
      RowLoops.addRow(residual, bias, y);
    }
    operator.apply(1, x.transpose(), 1, y.transpose());
  }

  /**
   * Adds the gradients of the parameters, and {@code dx := dy W + beta dx}.
   *
   * @param x what went in
   * @param dy gradient of what came out
   * @param dx gradient of what went in, or null if nobody needs it
   * @param beta 0 to overwrite dx, 1 to add to it
   */
  void backward(Tensor x, Tensor dy, Tensor dx, double beta, Gradients gradients) {
    if (bias != null && gradients.wants(biasName)) {
      addColumnSums(dy, gradients.of(biasName));
    }
    if (operator instanceof ParametricOperator parametric) {
      Tensors ofOperator = gradients.of(name, parametric);
      if (ofOperator != null) {
        parametric.accumulateGradients(x.transpose(), dy.transpose(), ofOperator);
      }
    }
    if (dx != null) {
      operator.applyTransposed(1, dy.transpose(), beta, dx.transpose());
    }
  }

  private void addColumnSums(Tensor dy, Tensor target) {
    if (ones == null || ones.size(0) != dy.size(0)) {
      ones = Tensor.zeros(dy.dtype(), dy.size(0)).fill(1);
    }
    MatrixProduct.multiply(1, dy.transpose(), ones, 1, target);
  }
}
