package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Walks the fields of one protobuf message in a memory map, without copying.
 *
 * <p>After {@link #next} exactly one of the value methods or {@link #skip} must be called. Nested
 * messages are readers of a part of the same bytes, so a length can never reach beyond its parent.
 */
final class ProtobufReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private final Path path;
  private final MemorySegment message;
  private final long start;
  private long at;
  private int field;
  private int wireType;

  /**
   * A reader of a whole message.
   *
   * @param start byte of the file at which the message begins, for error messages; negative if not
   *     known
   */
  ProtobufReader(Path path, MemorySegment message, long start) {
    this.path = path;
    this.message = message;
    this.start = start;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws FormatException {
    if (at == message.byteSize()) {
      return false;
    }
    long tag = rawVarint();
    wireType = (int) tag & 7;
    if (tag >>> 3 == 0 || tag >>> 3 >= 1 << 29) {
      throw error("field number " + (tag >>> 3) + " is not possible");
    }
    field = (int) (tag >>> 3);
    return true;
  }

  /** Number of the current field. */
  int field() {
    return field;
  }

  /** Whether the current field holds bytes: a string, a message or packed numbers. */
  boolean isBytes() {
    return wireType == BYTES;
  }

  /** Byte of the file at which this reader stands; negative if that is not known. */
  long position() {
    return start < 0 ? -1 : start + at;
  }

  long varint() throws FormatException {
    require(VARINT);
    return rawVarint();
  }

  int fixed32() throws FormatException {
    require(FIXED32);
    return (int) fixed(Integer.BYTES);
  }

  long fixed64() throws FormatException {
    require(FIXED64);
    return fixed(Long.BYTES);
  }

  MemorySegment bytes() throws FormatException {
    require(BYTES);
    return take(rawVarint());
  }

  /** The next bytes as they are, whatever they belong to. */
  MemorySegment take(long length) throws FormatException {
    if (length < 0 || length > message.byteSize() - at) {
      throw error(
          "a length claims "
              + Long.toUnsignedString(length)
              + " bytes, "
              + (message.byteSize() - at)
              + " are left");
    }
    MemorySegment bytes = message.asSlice(at, length);
    at += length;
    return bytes;
  }

  ProtobufReader message() throws FormatException {
    MemorySegment bytes = bytes();
    return new ProtobufReader(path, bytes, start < 0 ? -1 : position() - bytes.byteSize());
  }

  String string() throws FormatException {
    byte[] utf8 = bytes().toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      FormatException wrapped = error("field " + field + " is not valid UTF-8");
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  void skip() throws FormatException {
    switch (wireType) {
      case VARINT -> rawVarint();
      case FIXED64 -> fixed(Long.BYTES);
      case FIXED32 -> fixed(Integer.BYTES);
      case BYTES -> bytes();
      default -> throw error("wire type " + wireType + " of field " + field + " is not supported");
    }
  }

  /** The next varint where numbers follow each other without tags, as in a packed field. */
  long packedVarint() throws FormatException {
    return rawVarint();
  }

  /** Whether everything has been read. */
  boolean atEnd() {
    return at == message.byteSize();
  }

  FormatException error(String problem) {
    return new FormatException(path, position(), problem);
  }

  private void require(int expected) throws FormatException {
    if (wireType != expected) {
      throw error("field " + field + " has wire type " + wireType + ", expected " + expected);
    }
  }

  private long fixed(int size) throws FormatException {
    if (message.byteSize() - at < size) {
      throw error("field " + field + " is cut off");
    }
    long value =
        size == Integer.BYTES
            ? message.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at)
            : message.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at);
    at += size;
    return value;
  }

  private long rawVarint() throws FormatException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES && at < message.byteSize(); i++) {
      byte b = message.get(ValueLayout.JAVA_BYTE, at++);
      // The tenth byte has room for one bit.
      if (i == MAX_VARINT_BYTES - 1 && b > 1) {
        break;
      }
      value |= (b & 0x7FL) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw error("a number is cut off or longer than 64 bits");
  }
}
