package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Data of a TensorProto in a typed field, packed or one by one: float_data, int32_data, int64_data
 * or double_data.
 *
 * <p>One packed run of floats stays where it is in the file. All else is collected into
 * little-endian bytes, at most eight for each byte of the file.
 */
final class OnnxNumbers {
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int DOUBLE_DATA = 10;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final int field;
  private MemorySegment only;
  private ByteBuffer collected = ByteBuffer.allocate(0);

  OnnxNumbers(int field) {
    this.field = field;
  }

  int field() {
    return field;
  }

  /** Takes one occurrence of the field. */
  void read(ProtobufReader fields) throws FormatException {
    boolean isFloatingPoint = field == FLOAT_DATA || field == DOUBLE_DATA;
    if (!fields.isBytes()) {
      put(fields, isFloatingPoint ? fixed(fields) : fields.varint());
    } else if (isFloatingPoint) {
      append(fields, fields.bytes());
    } else {
      ProtobufReader packed = fields.message();
      while (!packed.atEnd()) {
        put(packed, packed.packedVarint());
      }
    }
  }

  private long fixed(ProtobufReader fields) throws FormatException {
    return field == FLOAT_DATA ? fields.fixed32() : fields.fixed64();
  }

  private void append(ProtobufReader fields, MemorySegment bytes) throws FormatException {
    if (only == null && collected.position() == 0) {
      only = bytes;
    } else {
      collectOnly(fields);
      reserve(fields, bytes.byteSize());
      collected.put(bytes.asByteBuffer());
    }
  }

  private void put(ProtobufReader fields, long value) throws FormatException {
    collectOnly(fields);
    reserve(fields, Long.BYTES);
    if (field == FLOAT_DATA || field == INT32_DATA) {
      collected.putInt((int) value);
    } else {
      collected.putLong(value);
    }
  }

  private void collectOnly(ProtobufReader fields) throws FormatException {
    if (only != null) {
      reserve(fields, only.byteSize());
      collected.put(only.asByteBuffer());
      only = null;
    }
  }

  private void reserve(ProtobufReader fields, long more) throws FormatException {
    long needed = collected.position() + more;
    if (needed > MAX_BYTES) {
      throw fields.error("more than 2 GB of data in pieces; store them as raw_data");
    }
    if (needed > collected.capacity()) {
      int capacity = (int) Math.min(2 * needed + 64, MAX_BYTES);
      ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
      collected = larger.put(collected.flip());
    }
  }

  /** Whether the field may hold that type; int32_data hold any smaller type, one in each. */
  boolean canHold(ElementType type) {
    return switch (field) {
      case FLOAT_DATA -> type == ElementType.F32;
      case INT64_DATA -> type == ElementType.I64;
      case DOUBLE_DATA -> type == ElementType.F64;
      default -> type.bytes() < Long.BYTES && type != ElementType.F32;
    };
  }

  /** The numbers as the bytes of that type. */
  MemorySegment littleEndian(ElementType type) {
    if (only != null) {
      return only;
    }
    MemorySegment whole = MemorySegment.ofBuffer(collected.asReadOnlyBuffer().flip());
    int width = type.bytes();
    if (field != INT32_DATA || width == Integer.BYTES) {
      return whole;
    }
    byte[] narrow = new byte[collected.position() / Integer.BYTES * width];
    for (int i = 0; i < narrow.length; i++) {
      long at = (long) (i / width) * Integer.BYTES + i % width;
      narrow[i] = whole.get(ValueLayout.JAVA_BYTE, at);
    }
    return MemorySegment.ofArray(narrow).asReadOnly();
  }
}
