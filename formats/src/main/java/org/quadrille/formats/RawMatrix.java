package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Matrices as bare little-endian numbers in row-major order, without a header: {@code .f32} and
 * {@code .f64} files.
 */
public final class RawMatrix {
  private RawMatrix() {}

  /**
   * Reads a matrix.
   *
   * @param type F32 or F64
   * @param rows number of rows, at least 0
   * @param cols number of columns, at least 0
   * @throws FormatException if the file has not exactly {@code rows * cols} numbers
   */
  public static Tensor read(Path path, DType type, int rows, int cols) throws IOException {
    ElementType stored = type == DType.F32 ? ElementType.F32 : ElementType.F64;
    TensorInfo info = new TensorInfo("matrix", stored, rows, cols);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = MappedFile.map(path, arena);
      if (file.byteSize() != info.byteCount()) {
        throw new FormatException(
            path,
            "file of "
                + file.byteSize()
                + " bytes; "
                + rows
                + " x "
                + cols
                + " of "
                + type
                + " need "
                + info.byteCount()
                + ". Check the rows and columns");
      }
      return TensorBytes.read(new StoredTensor(info, file, false));
    }
  }

  /** Writes the elements of a tensor of any shape in its own precision. */
  public static void write(Path path, Tensor tensor) throws IOException {
    ElementType type = tensor.dtype() == DType.F32 ? ElementType.F32 : ElementType.F64;
    AtomicFile.write(path, channel -> TensorBytes.write(channel, tensor, type));
  }
}
