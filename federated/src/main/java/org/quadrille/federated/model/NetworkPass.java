package org.quadrille.federated.model;

import java.util.List;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * The workspace of a network for a number of examples: outputs, gradients, squared gradients.
 *
 * <p>Cost of forward 2 d flops an example for dense layers, of backward twice that. Not thread
 * safe.
 */
public final class NetworkPass {
  private final Network network;
  private final LayerPass[] passes;
  private final int[] starts;

  /**
   * A workspace.
   *
   * @param rows examples at once, at least 1
   */
  public NetworkPass(Network network, DType dtype, int rows) {
    this.network = network;
    List<Layer> layers = network.layers();
    passes = new LayerPass[layers.size()];
    starts = new int[layers.size() + 1];
    for (int i = 0; i < passes.length; i++) {
      passes[i] = layers.get(i).pass(dtype, rows);
      starts[i + 1] = starts[i] + layers.get(i).parameters();
    }
  }

  /**
   * The outputs for some rows.
   *
   * @param theta shape [d], not modified
   * @param x shape [rows, inputs], not modified and kept for the gradient
   * @return shape [rows, outputs], in the workspace until the next call
   */
  public Tensor forward(Tensor theta, Tensor x) {
    Tensor y = x;
    for (int i = 0; i < passes.length; i++) {
      y = passes[i].forward(part(theta, i), y);
    }
    return y;
  }

  /**
   * The gradient of the last forward.
   *
   * @param theta as in forward
   * @param dy shape [rows, outputs], the gradient of the outputs, not modified
   * @param gradient shape [d]
   * @param beta 0 to overwrite the gradient, 1 to add to it
   */
  public void backward(Tensor theta, Tensor dy, Tensor gradient, double beta) {
    Tensor d = dy;
    for (int i = passes.length - 1; i >= 0; i--) {
      d = passes[i].backward(part(theta, i), d, i > 0, part(gradient, i), beta);
    }
  }

  /**
   * Adds the sum over the rows of weight times squared gradient of the last forward.
   *
   * @param dy shape [rows, outputs], not modified
   * @param weights shape [rows], or null for ones
   * @param squares shape [d], accumulated into
   */
  public void backwardSquares(Tensor theta, Tensor dy, Tensor weights, Tensor squares) {
    Tensor d = dy;
    for (int i = passes.length - 1; i >= 0; i--) {
      d = passes[i].backwardSquares(part(theta, i), d, i > 0, weights, part(squares, i));
    }
  }

  /**
   * Adds the expected squared gradients of a single affine layer.
   *
   * @param variances shape [rows, outputs], expected squares of the gradient of each output
   * @param squares shape [d], accumulated into
   * @throws IllegalStateException if the network is more than one affine layer
   */
  public void addVariances(Tensor variances, Tensor squares) {
    if (!network.isAffine()) {
      throw new IllegalStateException(
          "expected squares from variances need a single affine layer, the network has "
              + passes.length
              + " layers");
    }
    passes[0].addVariances(variances, squares);
  }

  private Tensor part(Tensor flat, int layer) {
    return flat.slice(0, starts[layer], starts[layer + 1]);
  }
}
