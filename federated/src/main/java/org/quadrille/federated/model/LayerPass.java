package org.quadrille.federated.model;

import org.quadrille.linalg.Tensor;

/**
 * The workspace of one layer: what forward leaves behind for backward.
 *
 * <p>Not thread safe. Rows are examples; all calls between two forwards speak of the same ones.
 */
public abstract class LayerPass {

  LayerPass() {}

  /**
   * The outputs for some rows.
   *
   * @param theta the layer's parameters, shape [parameters], not modified
   * @param x shape [rows, inputs], kept until the next call, not modified
   * @return shape [rows, outputs], in the workspace
   */
  abstract Tensor forward(Tensor theta, Tensor x);

  /**
   * The gradient of the last forward.
   *
   * @param dy shape [rows, outputs], not modified
   * @param needsInput whether the gradient with respect to the inputs is wanted
   * @param gradient shape [parameters]
   * @param beta 0 to overwrite the gradient, 1 to add to it
   * @return shape [rows, inputs] in the workspace, or null if not wanted
   */
  abstract Tensor backward(
      Tensor theta, Tensor dy, boolean needsInput, Tensor gradient, double beta);

  /**
   * Adds the sum over examples of weight times squared gradient.
   *
   * @param dy shape [rows, outputs], not modified
   * @param weights shape [rows], or null for ones
   * @param squares shape [parameters], accumulated into
   * @return as {@link #backward}
   */
  abstract Tensor backwardSquares(
      Tensor theta, Tensor dy, boolean needsInput, Tensor weights, Tensor squares);

  /**
   * Adds the expected squared gradients for outputs whose gradients are independent of the
   * example's parameters: for affine layers that stand alone.
   *
   * @param variances shape [rows, outputs], the expected squares of the gradient of each output
   * @param squares shape [parameters], accumulated into
   */
  void addVariances(Tensor variances, Tensor squares) {
    throw new IllegalStateException("only an affine layer knows squared gradients from variances");
  }
}
