package org.quadrille.cli.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.FisherFile;
import org.quadrille.quant.allocation.MatrixSource;

/**
 * The weights of an open model that are to be compressed.
 *
 * @param model stays open as long as this is used
 * @param names of the weights
 * @param fisherFile Fisher matrices of all of them, or null
 */
record CheckpointWeights(Checkpoint model, List<String> names, FisherFile fisherFile)
    implements MatrixSource {

  /** Checks that there is a Fisher matrix for every weight, if there are any. */
  CheckpointWeights {
    List<String> missing =
        names.stream().filter(name -> fisherFile != null && !fisherFile.has(name)).toList();
    if (!missing.isEmpty()) {
      throw new CommandFailure(
          fisherFile.path()
              + " has no Fisher matrix for "
              + missing.size()
              + " of "
              + names.size()
              + " weights, such as "
              + missing.getFirst()
              + "; expected tensors named like the weights, or leave these out with --exclude");
    }
  }

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

  @Override
  public Optional<Fisher> fisher(String name) {
    try {
      return fisherFile == null
          ? Optional.empty()
          : Optional.of(fisherFile.read(name, rows(name), cols(name)));
    } catch (FormatException e) {
      throw new CommandFailure(e.getMessage(), e);
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
