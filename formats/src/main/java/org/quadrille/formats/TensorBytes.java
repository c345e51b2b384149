package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Copies between stored little-endian bytes and tensors, in bulk. */
final class TensorBytes {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int CHUNK_BYTES = 1 << 20;

  /** Largest array that every JVM allocates. */
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private static final int[] ONE = {1};

  private TensorBytes() {}

  /** A new contiguous tensor with the stored values, transposed if the entry says so. */
  static Tensor read(StoredTensor stored) {
    TensorInfo info = stored.info();
    if (!info.type().isFloatingPoint()) {
      throw new IllegalArgumentException(
          info + ": " + info.type() + " does not read as a tensor of F32 or F64; use bytes()");
    }
    int[] shape = intShape(info);
    if (stored.transposed()) {
      return Transposition.reversed(read(stored.data(), info.type(), reversed(shape)));
    }
    return read(stored.data(), info.type(), shape);
  }

  private static Tensor read(MemorySegment data, ElementType type, int[] shape) {
    int n = Math.toIntExact(data.byteSize() / type.bytes());
    if (type == ElementType.F64) {
      double[] values = new double[n];
      MemorySegment.copy(data, DOUBLE, 0, values, 0, n);
      return Tensor.of(values, shape);
    }
    float[] values = new float[n];
    if (type == ElementType.F32) {
      MemorySegment.copy(data, FLOAT, 0, values, 0, n);
    } else {
      HalfPrecision.widen(type, data, values);
    }
    return Tensor.of(values, shape);
  }

  private static int[] reversed(int[] shape) {
    int[] reversed = new int[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      reversed[axis] = shape[shape.length - 1 - axis];
    }
    return reversed;
  }

  /**
   * The sizes as ints.
   *
   * @throws IllegalArgumentException if the tensor is too large for one array
   */
  static int[] intShape(TensorInfo info) {
    long[] shape = info.shape();
    if (info.elementCount() > MAX_ELEMENTS
        || Arrays.stream(shape).anyMatch(size -> size > MAX_ELEMENTS)) {
      throw new IllegalArgumentException(
          info
              + ": a tensor in memory holds at most "
              + MAX_ELEMENTS
              + " elements; read this one in parts through bytes()");
    }
    return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Whether {@link #write} can store a tensor as that type: halves come from F32 only, because
   * rounding a double twice is not rounding to nearest.
   */
  static boolean canWrite(Tensor tensor, ElementType type) {
    return switch (type) {
      case F64, F32 -> true;
      case F16, BF16 -> tensor.dtype() == DType.F32;
      default -> false;
    };
  }

  /** Appends all elements in row-major order, through one buffer of a megabyte. */
  static void write(FileChannel channel, Tensor tensor, ElementType type) throws IOException {
    Tensor source = tensor.contiguous();
    int chunk = CHUNK_BYTES / type.bytes();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.min(chunk, Math.max(1, source.length())) * type.bytes());
    MemorySegment segment = MemorySegment.ofBuffer(buffer);
    for (int done = 0; done < source.length(); done += chunk) {
      int n = Math.min(chunk, source.length() - done);
      encode(source, done, n, type, segment);
      AtomicFile.writeFully(channel, buffer.clear().limit(n * type.bytes()));
    }
  }

  private static void encode(Tensor from, int start, int n, ElementType type, MemorySegment to) {
    int at = from.offset() + start;
    boolean single = from.dtype() == DType.F32;
    switch (type) {
      case F32 -> {
        float[] values =
            single ? from.floats() : Tensor.view(from.doubles(), at, new int[] {n}, ONE).toFloats();
        MemorySegment.copy(values, single ? at : 0, to, FLOAT, 0, n);
      }
      case F64 -> {
        double[] values =
            single
                ? Tensor.view(from.floats(), at, new int[] {n}, ONE).toDoubles()
                : from.doubles();
        MemorySegment.copy(values, single ? 0 : at, to, DOUBLE, 0, n);
      }
      default -> {
        float[] values = Arrays.copyOfRange(from.floats(), at, at + n);
        MemorySegment.copy(HalfPrecision.narrow(type, values), 0, to, SHORT, 0, n);
      }
    }
  }
}
