package org.quadrille.cli.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.allocation.MatrixSource;

/**
 * The weights of an open model that are to be compressed.
 *
 * @param model stays open as long as this is used
 * @param names of the weights
 */
record CheckpointWeights(Checkpoint model, List<String> names) implements MatrixSource {
  @Override
  public int rows(String name) {
    return Math.toIntExact(model.info(name).shape()[0]);
  }

  @Override
  public int cols(String name) {
    return Math.toIntExact(model.info(name).shape()[1]);
  }

  @Override
  public Tensor read(String name) {
    try {
      return model.read(name);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  /** Number of elements of a weight. */
  long weights(String name) {
    return model.info(name).elementCount();
  }

  /** Number of elements of all weights. */
  long totalWeights() {
    return names.stream().mapToLong(this::weights).sum();
  }
}
