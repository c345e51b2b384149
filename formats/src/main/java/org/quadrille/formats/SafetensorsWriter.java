package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Writes a safetensors file in one pass: the header first, then each tensor in the order of adding.
 *
 * <p>Tensors added through a {@link Source} are produced only when their turn comes, so a model
 * larger than memory can be written. The header is padded with blanks to a multiple of 8 bytes. The
 * file appears under its name only when it is complete.
 *
 * {@snippet :
 * new SafetensorsWriter()
 *     .metadata("format", "pt")
 *     .add("layer.weight", weight)
 *     .add(new TensorInfo("layer.codes", ElementType.U8, codes.length), codes)
 *     .write(path);
 * }
 *
 * <p>Not thread safe.
 */
public final class SafetensorsWriter {
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Pending> tensors = new LinkedHashMap<>();

  private record Pending(TensorInfo info, Writer writer) {}

  @FunctionalInterface
  private interface Writer {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Produces the little-endian bytes of one tensor when it is written. */
  @FunctionalInterface
  public interface Source {
    /** The bytes, exactly as many as the tensor's info says. */
    MemorySegment bytes() throws IOException;
  }

  /** Produces one tensor when it is written. */
  @FunctionalInterface
  public interface TensorSource {
    /** The tensor, of as many elements as the info says. */
    Tensor tensor() throws IOException;
  }

  /** A writer without tensors. */
  public SafetensorsWriter() {}

  /** Adds one line of free text to the header. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds a tensor in its own precision. The data are read when the file is written. */
  public SafetensorsWriter add(String name, Tensor tensor) {
    return add(name, tensor, tensor.dtype() == DType.F32 ? ElementType.F32 : ElementType.F64);
  }

  /** Adds all tensors in their order and their own precision. */
  public SafetensorsWriter addAll(Tensors tensors) {
    tensors.forEach(this::add);
    return this;
  }

  /**
   * Adds a tensor to be stored as another type, rounded to nearest, ties to even.
   *
   * @param type F64 or F32 for any tensor, F16 or BF16 for one of single precision
   * @throws IllegalArgumentException if the type does not fit or the name is taken
   */
  public SafetensorsWriter add(String name, Tensor tensor, ElementType type) {
    if (!TensorBytes.canWrite(tensor, type)) {
      throw new IllegalArgumentException(
          "tensor \""
              + name
              + "\" of "
              + tensor.dtype()
              + " cannot be stored as "
              + type
              + "; expected F64 or F32, or F16 or BF16 after to(DType.F32)");
    }
    long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
    return add(
        new Pending(
            new TensorInfo(name, type, shape),
            channel -> TensorBytes.write(channel, tensor, type)));
  }

  /** Adds bytes as they are; see {@link #add(TensorInfo, Source)}. Not copied. */
  public SafetensorsWriter add(TensorInfo info, byte[] bytes) {
    return add(info, () -> MemorySegment.ofArray(bytes));
  }

  /**
   * Adds a tensor whose bytes are asked for when the file is written.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public SafetensorsWriter add(TensorInfo info, Source source) {
    return add(new Pending(info, channel -> writeSource(channel, info, source)));
  }

  /**
   * Adds a tensor that is asked for when the file is written, rounded to the type of the info as by
   * {@link #add(String, Tensor, ElementType)}.
   *
   * @throws IllegalArgumentException if the name is taken; while writing, if the tensor has another
   *     number of elements or cannot be stored as that type
   */
  public SafetensorsWriter addLater(TensorInfo info, TensorSource source) {
    return add(
        new Pending(
            info,
            channel -> {
              Tensor tensor = source.tensor();
              if (tensor.length() != info.elementCount()
                  || !TensorBytes.canWrite(tensor, info.type())) {
                throw new IllegalArgumentException(
                    info + ": given " + tensor + ", which cannot be stored so");
              }
              TensorBytes.write(channel, tensor, info.type());
            }));
  }

  /**
   * Adds a tensor of another file under its name, with the values and the type it has there; linear
   * weights as {@code [out, in]}, whatever the other format stores. Read when the file is written.
   *
   * @throws IllegalArgumentException if there is no such tensor or the name is taken
   */
  public SafetensorsWriter addFrom(Checkpoint source, String name) {
    TensorInfo info = source.info(name);
    return source.isLinearWeight(name)
        ? addLater(info, () -> source.read(name))
        : add(info, () -> source.bytes(name));
  }

  private SafetensorsWriter add(Pending pending) {
    String name = pending.info.name();
    if (name.equals(SafetensorsFile.METADATA)) {
      throw new IllegalArgumentException(
          "name " + name + " is reserved; call metadata(key, value)");
    }
    if (tensors.putIfAbsent(name, pending) != null) {
      throw new IllegalArgumentException("tensor \"" + name + "\" has been added before");
    }
    return this;
  }

  /**
   * Writes the file; can be called again for another path.
   *
   * @throws IllegalArgumentException if the header exceeds {@link SafetensorsFile#MAX_HEADER_BYTES}
   *     or a source gave another number of bytes than announced
   * @throws IOException if writing fails; a former file of that name is then unchanged
   */
  public void write(Path path) throws IOException {
    byte[] header = header();
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer start =
              ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
          AtomicFile.writeFully(channel, start.putLong(header.length).put(header).flip());
          for (Pending pending : tensors.values()) {
            pending.writer.writeTo(channel);
          }
        });
  }

  private byte[] header() {
    JsonObject header = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject text = new JsonObject();
      metadata.forEach(text::put);
      header.put(SafetensorsFile.METADATA, text);
    }
    long at = 0;
    for (Pending pending : tensors.values()) {
      long end = Math.addExact(at, pending.info.byteCount());
      header.put(
          pending.info.name(),
          new JsonObject()
              .put("dtype", pending.info.type())
              .put("shape", pending.info.shape())
              .put("data_offsets", new long[] {at, end}));
      at = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, (text.length + 7) & ~7);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    if (padded.length > SafetensorsFile.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "header of "
              + padded.length
              + " bytes; readers accept "
              + SafetensorsFile.MAX_HEADER_BYTES
              + ". Split the file");
    }
    return padded;
  }

  private static void writeSource(FileChannel channel, TensorInfo info, Source source)
      throws IOException {
    MemorySegment bytes = source.bytes();
    if (bytes.byteSize() != info.byteCount()) {
      throw new IllegalArgumentException(
          info + ": given " + bytes.byteSize() + " bytes, expected " + info.byteCount());
    }
    long chunk = 1 << 20;
    try (Arena arena = Arena.ofConfined()) {
      // A copy through one buffer: heap segments need not be byte arrays and may exceed 2 GB.
      MemorySegment buffer = arena.allocate(Math.max(1, Math.min(chunk, bytes.byteSize())));
      for (long at = 0; at < bytes.byteSize(); at += chunk) {
        long n = Math.min(chunk, bytes.byteSize() - at);
        MemorySegment.copy(bytes, at, buffer, 0, n);
        AtomicFile.writeFully(channel, buffer.asSlice(0, n).asByteBuffer());
      }
    }
  }
}
