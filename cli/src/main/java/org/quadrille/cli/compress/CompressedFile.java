package org.quadrille.cli.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.MatrixSchedule;
import org.quadrille.quant.QuantizationError;
import org.quadrille.quant.QuantizedCheckpoint;
import org.quadrille.quant.QuantizedCheckpointWriter;
import org.quadrille.quant.QuantizedMatrix;

/** The file that a job writes, and the proof that it holds what was computed. */
final class CompressedFile {
  /**
   * How far the error measured from the file may lie from the one that the decomposition reported,
   * relative to the norm of the weight: both sum single-precision differences, whose rounding is
   * 6e-8 of the weights.
   */
  private static final double ERROR_TOLERANCE = 1e-6;

  private final Path path;

  CompressedFile(Path path) {
    this.path = path;
  }

  /**
   * Writes the decomposed weights and all other tensors in the order of the model, straight from
   * the files they lie in.
   *
   * @param compressed the names of the decomposed weights
   * @param partial where their parts lie
   */
  void write(Checkpoint model, List<String> compressed, PartialResults partial, String settings)
      throws IOException {
    Set<String> names = Set.copyOf(compressed);
    QuantizedCheckpointWriter writer = new QuantizedCheckpointWriter();
    model.metadata().forEach((key, value) -> addMetadata(writer, key, value));
    writer.metadata("compression", settings);
    List<QuantizedCheckpoint> open = new ArrayList<>();
    try {
      for (String name : model.names()) {
        if (names.contains(name)) {
          QuantizedCheckpoint parts = partial.open(name);
          open.add(parts);
          parts.matrixNames().forEach(matrix -> writer.add(parts, matrix));
        } else {
          writer.addUnchanged(model, name);
        }
      }
      writer.write(path);
    } finally {
      open.forEach(QuantizedCheckpoint::close);
    }
  }

  /** Keeps what the model says about itself, except what this file says about itself. */
  private static void addMetadata(QuantizedCheckpointWriter writer, String key, String value) {
    if (!key.startsWith("quadrille.") && !key.equals("compression")) {
      writer.metadata(key, value);
    }
  }

  /**
   * Reads the file back: every dequantized value and every factor must have the bits that were
   * computed, and the error is measured again, against the weights of the model.
   *
   * @return the outcomes with the errors of the file
   * @throws CommandFailure if anything differs; the file is then not to be used
   */
  List<MatrixOutcome> verify(Checkpoint model, List<MatrixOutcome> outcomes) throws IOException {
    MatrixOutcome[] verified = new MatrixOutcome[outcomes.size()];
    try (QuantizedCheckpoint file = QuantizedCheckpoint.open(path)) {
      MatrixSchedule.forEach(
          outcomes.stream().mapToLong(MatrixOutcome::weights).toArray(),
          i -> verified[i] = verify(file, model, outcomes.get(i)));
    }
    return Arrays.asList(verified);
  }

  private MatrixOutcome verify(QuantizedCheckpoint file, Checkpoint model, MatrixOutcome outcome) {
    try {
      QuantizedMatrix quantized = file.quantized(outcome.name());
      LowRank lowRank = file.lowRank(outcome.name());
      Tensor approximation = quantized.dequantize();
      String digest = MatrixOutcome.digest(approximation, lowRank);
      if (!digest.equals(outcome.figures().digest())) {
        throw failure(outcome, "the values read back differ from those computed");
      }
      if (lowRank.rank() > 0) {
        MatrixProduct.multiply(1, lowRank.left(), lowRank.right(), 1, approximation);
      }
      double error =
          QuantizationError.between(model.read(outcome.name()), approximation).frobeniusError();
      double expected = outcome.figures().error();
      if (Math.abs(error - expected) > ERROR_TOLERANCE * outcome.figures().norm()) {
        throw failure(outcome, "the error is " + error + ", expected " + expected);
      }
      return outcome.withError(error);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private CommandFailure failure(MatrixOutcome outcome, String what) {
    return new CommandFailure(
        path
            + ": "
            + outcome.name()
            + ": "
            + what
            + "; delete the file, check disk and memory, and run the same command again");
  }
}
