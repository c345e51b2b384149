package org.quadrille.quant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Fisher matrices of a model on disk: a {@code .safetensors} file or a folder of {@code .npy} files
 * whose tensors are named like the weights they belong to.
 *
 * <p>The tensor X has the shape of the weight X, {@code [out, in]}, in F64, F32, F16 or BF16. In
 * its place there may be two vectors, {@code X.row_energy} of length out and {@code
 * X.column_energy} of length in, whose products it is. Matrices are read one at a time from the
 * memory map, and nothing in them is believed.
 *
 * {@snippet :
 * FisherFile.write(path, Map.of("encoder.weight", fisher));
 * try (FisherFile file = FisherFile.open(path)) {
 *   Fisher same = file.read("encoder.weight", rows, cols);
 * }
 * }
 *
 * <p>Safe for reading from several threads.
 */
public final class FisherFile implements AutoCloseable {
  private static final String ROW_ENERGY = ".row_energy";
  private static final String COLUMN_ENERGY = ".column_energy";

  private final Checkpoint file;
  private final List<String> names;

  private FisherFile(Checkpoint file) {
    this.file = file;
    this.names = file.names();
  }

  /**
   * Opens a file or folder.
   *
   * @throws FormatException if its format is not known or broken
   * @throws IOException if it cannot be read
   */
  public static FisherFile open(Path path) throws IOException {
    return new FisherFile(Checkpoint.open(path));
  }

  /** The file or folder. */
  public Path path() {
    return file.path();
  }

  /** The names of the weights that have Fisher matrices, in the order of the file. */
  public List<String> names() {
    return names.stream()
        .filter(name -> !name.endsWith(COLUMN_ENERGY))
        .map(
            name ->
                name.endsWith(ROW_ENERGY)
                    ? name.substring(0, name.length() - ROW_ENERGY.length())
                    : name)
        .toList();
  }

  /** Whether there is a Fisher matrix for the weight. */
  public boolean has(String name) {
    return names.contains(name) || names.contains(name + ROW_ENERGY);
  }

  /**
   * Reads the Fisher matrix of a weight.
   *
   * @param name of the weight
   * @param rows of the weight
   * @param cols of the weight
   * @throws FormatException naming the file and the tensor if it is missing, has another shape or
   *     no floating-point type, or an element is negative or not finite, or all are 0
   * @throws IOException if it cannot be read
   */
  public Fisher read(String name, int rows, int cols) throws IOException {
    try {
      if (names.contains(name)) {
        return Fisher.of(matrix(name, rows, cols));
      }
      if (names.contains(name + ROW_ENERGY)) {
        return Fisher.ofFactors(
            vector(name + ROW_ENERGY, rows), vector(name + COLUMN_ENERGY, cols));
      }
    } catch (FormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      FormatException wrapped = new FormatException(path(), name, -1, e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
    throw new FormatException(
        path(),
        name,
        -1,
        "it is missing; expected a Fisher matrix named like the weight, there are "
            + names.size()
            + (names.isEmpty() ? "" : " tensors, the first " + names.getFirst()));
  }

  private Tensor matrix(String name, int rows, int cols) throws IOException {
    TensorInfo info = floatingPoint(name);
    if (info.rank() != 2 || info.size(0) != rows || info.size(1) != cols) {
      String hint =
          info.rank() == 2 && info.size(0) == cols && info.size(1) == rows
              ? "; transpose it, weights are [out, in]"
              : "";
      throw new FormatException(
          path(), name, -1, info + "; the weight has shape [" + rows + ", " + cols + "]" + hint);
    }
    return file.read(name);
  }

  private double[] vector(String name, int length) throws IOException {
    if (!names.contains(name)) {
      throw new FormatException(path(), name, -1, "it is missing beside its partner");
    }
    TensorInfo info = floatingPoint(name);
    if (info.rank() != 1 || info.size(0) != length) {
      throw new FormatException(path(), name, -1, info + "; expected shape [" + length + "]");
    }
    return file.read(name).toDoubles();
  }

  private TensorInfo floatingPoint(String name) throws FormatException {
    TensorInfo info = file.info(name);
    if (!info.type().isFloatingPoint()) {
      throw new FormatException(path(), name, -1, info + "; expected F64, F32, F16 or BF16");
    }
    return info;
  }

  /**
   * Writes Fisher matrices as a safetensors file: in single precision where its range suffices for
   * the mean, products of energies as two vectors in double precision.
   *
   * @param path of the file, which appears only when it is complete
   * @param matrices by the names of their weights
   * @throws IOException if writing fails
   */
  public static void write(Path path, Map<String, Fisher> matrices) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    matrices.forEach((name, fisher) -> add(writer, name, fisher));
    writer.write(path);
  }

  private static void add(SafetensorsWriter writer, String name, Fisher fisher) {
    if (fisher instanceof FactoredFisher factored) {
      writer.add(name + ROW_ENERGY, Tensor.of(factored.rowEnergy(), fisher.rows()));
      writer.add(name + COLUMN_ENERGY, Tensor.of(factored.columnEnergy(), fisher.cols()));
      return;
    }
    double mean = fisher.mean();
    boolean single = mean > 0x1p-100 && mean < 0x1p90;
    writer.add(
        name,
        single ? fisher.toTensor().to(DType.F32) : fisher.toTensor(),
        single ? ElementType.F32 : ElementType.F64);
  }

  /** Releases the memory map. Matrices that were read stay valid. */
  @Override
  public void close() {
    file.close();
  }
}
