package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Tensor;

/**
 * Named tensors in a file or folder, memory-mapped and read one at a time.
 *
 * <p><b>Orientation.</b> Frameworks disagree on how the weight of a linear layer is stored. Here
 * one rule holds for every format: {@link #info} and {@link #read} show a linear weight as {@code
 * [out, in]}, so that the layer is {@code y = W x + b}. A format that stores {@code [in, out]}
 * (ONNX, TensorFlow) transposes such a matrix on reading. Embeddings and everything else keep their
 * stored shape. {@link #bytes} is always what the file holds.
 *
 * {@snippet :
 * try (Checkpoint model = Checkpoint.open(path)) {
 *   for (String name : model.matrixNames()) {
 *     Tensor weight = model.read(name); // [out, in]
 *   }
 * }
 * }
 *
 * <p>Safe for reading from several threads. After {@link #close} nothing can be read and segments
 * are invalid; tensors that were read stay valid, they are copies.
 */
public interface Checkpoint extends AutoCloseable {
  /**
   * Opens a model of any known format: a {@code .safetensors} or {@code .onnx} file, a TensorFlow
   * bundle (its {@code .index} file, the folder that holds it, or a saved model's folder) or a
   * folder of {@code .npy} files.
   *
   * @throws FormatException if the format is not known or the file breaks its rules
   * @throws IOException if it cannot be read
   */
  static Checkpoint open(Path path) throws IOException {
    return CheckpointFormats.open(path);
  }

  /** The names of all tensors in the order of the file. */
  List<String> names();

  /**
   * Type and shape of one tensor.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  TensorInfo info(String name);

  /**
   * Reads one tensor: F64 as double precision, F32, F16 and BF16 as single precision (exactly).
   *
   * @throws IllegalArgumentException if there is no tensor of that name, it has an integer type
   *     (read {@link #bytes} instead) or more than 2^31 - 1 elements
   * @throws IOException if the data cannot be read
   */
  Tensor read(String name) throws IOException;

  /**
   * The stored little-endian bytes of one tensor: a read-only view of the memory map, valid until
   * {@link #close}.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  MemorySegment bytes(String name);

  /**
   * Whether a tensor is the weight of a linear layer: a floating-point matrix, not an embedding
   * table. Each format documents how it can tell.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  boolean isLinearWeight(String name);

  /** The names of all linear weights in the order of the file. */
  default List<String> matrixNames() {
    return names().stream().filter(this::isLinearWeight).toList();
  }

  /** Free text that the file carries beside the tensors; empty if it has none. */
  Map<String, String> metadata();

  /** The file or folder. */
  Path path();

  /** Releases the memory map. A second call has no effect. */
  @Override
  void close();
}
