package org.quadrille.cli.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.QuantizedCheckpoint;
import org.quadrille.quant.QuantizedMatrix;
import org.quadrille.transformer.models.WeightSource;

/** The tensors of a compressed model as a reader of the file gets them: {@code Q + L1 L2}. */
final class CompressedWeights implements WeightSource {
  private final QuantizedCheckpoint file;
  private final Set<String> matrices;

  CompressedWeights(QuantizedCheckpoint file) {
    this.file = file;
    this.matrices = new HashSet<>(file.matrixNames());
  }

  @Override
  public List<String> names() {
    return Stream.concat(matrices.stream(), file.file().names().stream()).toList();
  }

  @Override
  public int[] shape(String name) {
    if (!matrices.contains(name)) {
      return Arrays.stream(file.file().info(name).shape()).mapToInt(Math::toIntExact).toArray();
    }
    try {
      QuantizedMatrix matrix = file.mapped(name);
      return new int[] {matrix.rows(), matrix.cols()};
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Tensor read(String name) throws IOException {
    if (!matrices.contains(name)) {
      return file.file().read(name);
    }
    Tensor approximation = file.quantized(name).dequantize();
    LowRank lowRank = file.lowRank(name);
    return lowRank.rank() == 0
        ? approximation
        : MatrixProduct.multiply(1, lowRank.left(), lowRank.right(), 1, approximation);
  }
}
