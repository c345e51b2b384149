package org.quadrille.formats;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A minimal protobuf writer, independent of the reader under test. */
final class ProtobufBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtobufBytes varint(int field, long value) {
    return tag(field, 0).raw(value);
  }

  ProtobufBytes bytes(int field, byte[] value) {
    tag(field, 2).raw(value.length);
    out.writeBytes(value);
    return this;
  }

  ProtobufBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufBytes message(int field, ProtobufBytes value) {
    return bytes(field, value.toBytes());
  }

  ProtobufBytes fixed32(int field, int value) {
    tag(field, 5);
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  ProtobufBytes fixed64(int field, long value) {
    tag(field, 1);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  ProtobufBytes packed(int field, long... values) {
    ProtobufBytes content = new ProtobufBytes();
    for (long value : values) {
      content.raw(value);
    }
    return message(field, content);
  }

  ProtobufBytes tag(int field, int wireType) {
    return raw((long) field << 3 | wireType);
  }

  /** A varint without a tag. */
  ProtobufBytes raw(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  ProtobufBytes append(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }
}
