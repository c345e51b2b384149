package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.input.MatrixInput;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.FisherFile;

/** Reads the Fisher matrix that belongs to a matrix on the command line. */
final class FisherInput {
  private FisherInput() {}

  /**
   * The Fisher matrix of {@code weights}.
   *
   * @param path a matrix file of the same shape, or a .safetensors file or folder of several
   * @param input what named the weights: its file name chooses among several
   * @param weights the matrix itself
   * @throws CommandFailure if there is none that fits
   */
  static Fisher read(Path path, MatrixInput input, Tensor weights) throws IOException {
    String file = path.getFileName().toString();
    if (file.endsWith(".npy") || file.endsWith(".f32") || file.endsWith(".f64")) {
      try {
        return Fisher.of(input.read(path)).requireShape(weights.size(0), weights.size(1));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(path + ": " + e.getMessage(), e);
      }
    }
    try (FisherFile matrices = FisherFile.open(path)) {
      List<String> names = matrices.names();
      String name =
          names.size() == 1
              ? names.getFirst()
              : input.file().getFileName().toString().replaceFirst("[.][^.]+$", "");
      return matrices.read(name, weights.size(0), weights.size(1));
    }
  }
}
