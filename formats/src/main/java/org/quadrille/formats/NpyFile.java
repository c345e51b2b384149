package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * NumPy's npy format: one array of one type.
 *
 * <p>Reads versions 1.0 to 3.0 with little-endian {@code <f8}, {@code <f4}, {@code <f2} (as single
 * precision), in C or Fortran order; integers and booleans can be listed and their bytes read
 * through a folder opened as {@link Checkpoint}. Writes version 1.0, or 2.0 if the header needs it,
 * in C order.
 */
public final class NpyFile {
  private static final int ALIGNMENT = 64;

  private NpyFile() {}

  /**
   * Reads an array as a new tensor in C order.
   *
   * @throws FormatException if the file breaks a rule of the format or its type has no tensor
   * @throws IllegalArgumentException if it has more elements than an array holds
   */
  public static Tensor read(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = MappedFile.map(path, arena);
      StoredTensor stored = NpyHeader.parse(path, nameOf(path), file);
      if (!stored.info().type().isFloatingPoint()) {
        throw new FormatException(
            path,
            "array of " + stored.info().type() + "; expected floating point, <f4, <f8 or <f2");
      }
      return TensorBytes.read(stored);
    }
  }

  /** Type and shape of the array; the name is that of the file without its extension. */
  public static TensorInfo info(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return NpyHeader.parse(path, nameOf(path), MappedFile.map(path, arena)).info();
    }
  }

  /** Writes a tensor in its own precision. */
  public static void write(Path path, Tensor tensor) throws IOException {
    write(path, tensor, tensor.dtype() == DType.F32 ? ElementType.F32 : ElementType.F64);
  }

  /**
   * Writes a tensor as another type, rounded to nearest, ties to even.
   *
   * @param type F64 or F32 for any tensor, F16 for one of single precision
   * @throws IllegalArgumentException if the type does not fit
   */
  public static void write(Path path, Tensor tensor, ElementType type) throws IOException {
    if (type == ElementType.BF16 || !TensorBytes.canWrite(tensor, type)) {
      throw new IllegalArgumentException(
          tensor
              + " cannot be stored as "
              + type
              + " in npy; expected F64 or F32, or F16 from F32");
    }
    byte[] header = header("<f" + type.bytes(), tensor.shape());
    AtomicFile.write(
        path,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
          TensorBytes.write(channel, tensor, type);
        });
  }

  /**
   * Writes unsigned bytes, such as quantization codes.
   *
   * @param values row-major, as many as {@code shape} says, 1 to 2^31 - 1
   */
  public static void writeUnsignedBytes(Path path, byte[] values, int... shape) throws IOException {
    TensorInfo info =
        new TensorInfo(nameOf(path), ElementType.U8, Arrays.stream(shape).asLongStream().toArray());
    if (info.byteCount() != values.length) {
      throw new IllegalArgumentException(
          values.length + " values for " + info + ": expected " + info.byteCount());
    }
    byte[] header = header("|u1", shape);
    AtomicFile.write(
        path,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
          AtomicFile.writeFully(channel, ByteBuffer.wrap(values));
        });
  }

  private static byte[] header(String type, int[] shape) {
    String sizes = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    String text =
        "{'descr': '"
            + type
            + "', 'fortran_order': False, 'shape': ("
            + sizes
            + (shape.length == 1 ? ",), }" : "), }");
    int version = text.length() + ALIGNMENT < 1 << 16 ? 1 : 2;
    int start = NpyHeader.MAGIC.length + 2 + (version == 1 ? Short.BYTES : Integer.BYTES);
    // The line feed ends the header; the data begin at a multiple of 64.
    int total = (start + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer buffer = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(NpyHeader.MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      buffer.putShort((short) (total - start));
    } else {
      buffer.putInt(total - start);
    }
    buffer.put(text.getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(buffer.array(), buffer.position(), total, (byte) ' ');
    buffer.array()[total - 1] = '\n';
    return buffer.array();
  }

  /** File name without the extension. */
  static String nameOf(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(".npy") && name.length() > 4 ? name.substring(0, name.length() - 4) : name;
  }
}
