package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One variable in the index of a TensorFlow bundle (BundleEntryProto).
 *
 * @param name name of the variable
 * @param dataType TensorFlow's number of the type
 * @param shape sizes, outermost first
 * @param shard number of the data file
 * @param offset first byte in it
 * @param size number of bytes
 * @param checksum masked CRC-32C of the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record BundleEntry(
    String name, long dataType, long[] shape, long shard, long offset, long size, int checksum) {
  private static final int MAX_RANK = 254;
  private static final long TEXT = 7;

  /** 1 dtype, 2 shape, 3 shard_id, 4 offset, 5 size, 6 crc32c, 7 slices. */
  static BundleEntry parse(Path path, String name, MemorySegment value) throws FormatException {
    ProtobufReader fields = new ProtobufReader(path, value, -1);
    long dataType = 0;
    long[] shape = {};
    long shard = 0;
    long offset = 0;
    long size = 0;
    int checksum = 0;
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> dataType = fields.varint();
        case 2 -> shape = shape(fields.message());
        case 3 -> shard = fields.varint();
        case 4 -> offset = fields.varint();
        case 5 -> size = fields.varint();
        case 6 -> checksum = fields.fixed32();
        case 7 ->
            throw new FormatException(
                path, name, -1, "is partitioned; save the model without partitioned variables");
        default -> fields.skip();
      }
    }
    return new BundleEntry(name, dataType, shape, shard, offset, size, checksum);
  }

  /** TensorShapeProto: repeated 2 dim, each with 1 size. */
  private static long[] shape(ProtobufReader fields) throws FormatException {
    long[] shape = {};
    while (fields.next()) {
      if (fields.field() != 2) {
        fields.skip();
        continue;
      }
      if (shape.length == MAX_RANK) {
        throw fields.error("more than " + MAX_RANK + " axes");
      }
      shape = Arrays.copyOf(shape, shape.length + 1);
      ProtobufReader dim = fields.message();
      while (dim.next()) {
        if (dim.field() == 1) {
          shape[shape.length - 1] = dim.varint();
        } else {
          dim.skip();
        }
      }
    }
    return shape;
  }

  /** Whether the variable holds strings. */
  boolean isText() {
    return dataType == TEXT;
  }

  TensorInfo info(Path path) throws FormatException {
    ElementType type =
        switch (Math.clamp(dataType, 0, Integer.MAX_VALUE)) {
          case 1 -> ElementType.F32;
          case 2 -> ElementType.F64;
          case 3 -> ElementType.I32;
          case 4 -> ElementType.U8;
          case 5 -> ElementType.I16;
          case 6 -> ElementType.I8;
          case 9 -> ElementType.I64;
          case 10 -> ElementType.BOOL;
          case 14 -> ElementType.BF16;
          case 19 -> ElementType.F16;
          default -> throw error(path, "data type " + dataType + " is not supported");
        };
    try {
      return new TensorInfo(name, type, shape);
    } catch (IllegalArgumentException e) {
      FormatException wrapped = error(path, e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  FormatException error(Path path, String problem) {
    return new FormatException(path, name, -1, problem);
  }
}
