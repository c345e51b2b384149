package org.quadrille.transformer;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * What a layer computes on its way forward and needs on its way back; one row for each token.
 *
 * @param first with normalization first: the normalized input; else the sum before the first
 *     normalization
 * @param query after rotary positions
 * @param key after rotary positions
 * @param context what attention gives, before the output map
 * @param middle the residual stream between attention and feedforward layer
 * @param second as first, of the feedforward layer
 * @param up before the nonlinearity
 * @param gate before the nonlinearity; null without a gate
 * @param active after the nonlinearity
 * @param out the residual stream after the layer
 */
record LayerActivations(
    Tensor first,
    Norm.Statistics firstStatistics,
    Tensor query,
    Tensor key,
    Tensor value,
    Tensor context,
    Tensor middle,
    Tensor second,
    Norm.Statistics secondStatistics,
    Tensor up,
    Tensor gate,
    Tensor active,
    Tensor out) {

  static LayerActivations of(Architecture a, DType dtype, int rows) {
    return new LayerActivations(
        Tensor.zeros(dtype, rows, a.width()),
        Norm.Statistics.of(dtype, rows),
        Tensor.zeros(dtype, rows, a.queryWidth()),
        Tensor.zeros(dtype, rows, a.keyWidth()),
        Tensor.zeros(dtype, rows, a.keyWidth()),
        Tensor.zeros(dtype, rows, a.queryWidth()),
        Tensor.zeros(dtype, rows, a.width()),
        Tensor.zeros(dtype, rows, a.width()),
        Norm.Statistics.of(dtype, rows),
        Tensor.zeros(dtype, rows, a.hidden()),
        a.activation() == Activation.SWIGLU ? Tensor.zeros(dtype, rows, a.hidden()) : null,
        Tensor.zeros(dtype, rows, a.hidden()),
        Tensor.zeros(dtype, rows, a.width()));
  }
}
