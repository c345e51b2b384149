package org.quadrille.transformer;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * The buffers of one forward pass, and of the backward pass if it is for training, for batches of
 * one size; kept from batch to batch.
 *
 * @param sums embedding before its normalization; the same as embedded if there is none
 * @param patches images: the mapped patches, else null
 * @param layers activations of each layer; all the same object if not for training
 * @param last with normalization first: the normalized stream after the last layer, else null
 * @param backward null if not for training
 */
record Pass(
    int sequences,
    int length,
    boolean training,
    Tensor sums,
    Tensor embedded,
    Norm.Statistics embeddedStatistics,
    Tensor patches,
    LayerActivations[] layers,
    Tensor last,
    Norm.Statistics lastStatistics,
    BackwardBuffers backward) {

  static Pass of(Architecture a, DType dtype, Batch batch, boolean training) {
    int rows = batch.rows();
    Tensor sums = Tensor.zeros(dtype, rows, a.width());
    LayerActivations[] layers = new LayerActivations[a.layers()];
    for (int l = 0; l < layers.length; l++) {
      // Two sets are enough where nothing is kept: a layer reads the stream of the one before.
      layers[l] = training || l < 2 ? LayerActivations.of(a, dtype, rows) : layers[l - 2];
    }
    int perImage = batch.length() - 1;
    return new Pass(
        batch.sequences(),
        batch.length(),
        training,
        sums,
        a.normFirst() ? sums : Tensor.zeros(dtype, rows, a.width()),
        Norm.Statistics.of(dtype, rows),
        a.patchInputs() == 0 ? null : Tensor.zeros(dtype, batch.sequences() * perImage, a.width()),
        layers,
        a.normFirst() ? Tensor.zeros(dtype, rows, a.width()) : null,
        Norm.Statistics.of(dtype, rows),
        training ? BackwardBuffers.of(a, dtype, rows) : null);
  }

  boolean fits(Batch batch, boolean forTraining) {
    return sequences == batch.sequences() && length == batch.length() && (training || !forTraining);
  }

  /** The stream before a layer; after the last one for {@code layer = layers.length}. */
  Tensor stream(int layer) {
    return layer == 0 ? embedded : layers[layer - 1].out();
  }
}
