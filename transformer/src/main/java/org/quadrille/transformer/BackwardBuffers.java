package org.quadrille.transformer;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Gradients on their way back, used by one layer after the other.
 *
 * @param stream of the residual stream
 * @param branch of a branch before it joins the stream
 */
record BackwardBuffers(
    Tensor stream,
    Tensor branch,
    Tensor context,
    Tensor query,
    Tensor key,
    Tensor value,
    Tensor active,
    Tensor gate) {

  static BackwardBuffers of(Architecture a, DType dtype, int rows) {
    return new BackwardBuffers(
        Tensor.zeros(dtype, rows, a.width()),
        Tensor.zeros(dtype, rows, a.width()),
        Tensor.zeros(dtype, rows, a.queryWidth()),
        Tensor.zeros(dtype, rows, a.queryWidth()),
        Tensor.zeros(dtype, rows, a.keyWidth()),
        Tensor.zeros(dtype, rows, a.keyWidth()),
        Tensor.zeros(dtype, rows, a.hidden()),
        a.activation() == Activation.SWIGLU ? Tensor.zeros(dtype, rows, a.hidden()) : null);
  }
}
