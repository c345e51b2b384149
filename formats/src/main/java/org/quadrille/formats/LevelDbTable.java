package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sorted string table of LevelDB, as far as TensorFlow uses it: uncompressed blocks.
 *
 * <p>The last 48 bytes are the footer: two block handles (varint offset, varint size), padding, and
 * the magic number. The second handle is that of the index block, whose values are the handles of
 * the data blocks. Each block is followed by a type byte and the masked CRC-32C of both.
 */
final class LevelDbTable {
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final long MAGIC = 0xDB4775248B80FB57L;

  /**
   * All keys together may be this many times as long as the file. Keys share prefixes, which a
   * hostile file could use to make few bytes stand for very many; real tables stay below 4.
   */
  private static final long MAX_EXPANSION = 64;

  private static final int MAX_KEY_BYTES = 1 << 20;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MemorySegment file;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
  private byte[] lastKey;
  private long keyBytes;

  private LevelDbTable(Path path, MemorySegment file) {
    this.path = path;
    this.file = file;
  }

  /**
   * All entries in the order of keys; the values are parts of the file.
   *
   * @throws FormatException if the file breaks a rule of the format or a checksum does not match
   */
  static Map<String, MemorySegment> read(Path path, MemorySegment file) throws FormatException {
    LevelDbTable table = new LevelDbTable(path, file);
    table.readAll();
    return table.entries;
  }

  private void readAll() throws FormatException {
    long footerStart = file.byteSize() - FOOTER_BYTES;
    if (footerStart < 0 || file.get(LONG, file.byteSize() - Long.BYTES) != MAGIC) {
      throw new FormatException(
          path, Math.max(0, footerStart), "no LevelDB table: its magic number is not at the end");
    }
    ProtobufReader footer =
        new ProtobufReader(path, file.asSlice(footerStart, FOOTER_BYTES - Long.BYTES), footerStart);
    footer.packedVarint();
    footer.packedVarint();
    MemorySegment index = block(footer);
    long[] end = {0};
    forEachEntry(
        index,
        (_, value) -> {
          ProtobufReader handle = new ProtobufReader(path, value, offsetOf(value));
          MemorySegment data = block(handle);
          // Ascending blocks keep a hostile index from naming one block many times.
          if (offsetOf(data) < end[0]) {
            throw new FormatException(path, offsetOf(value), "data blocks overlap");
          }
          end[0] = offsetOf(data) + data.byteSize();
          forEachEntry(data, this::add);
        });
  }

  private void add(byte[] key, MemorySegment value) throws FormatException {
    if (lastKey != null && Arrays.compareUnsigned(lastKey, key) >= 0) {
      throw new FormatException(path, offsetOf(value), "keys do not ascend");
    }
    lastKey = key;
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      entries.put(name, value);
    } catch (CharacterCodingException e) {
      FormatException wrapped = new FormatException(path, offsetOf(value), "key is not UTF-8");
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  /** The block of a handle, once its type and checksum have been checked. */
  private MemorySegment block(ProtobufReader handle) throws FormatException {
    long offset = handle.packedVarint();
    long size = handle.packedVarint();
    if (offset < 0
        || size < Integer.BYTES
        || offset > file.byteSize()
        || size > file.byteSize() - offset - TRAILER_BYTES) {
      throw new FormatException(
          path, handle.position(), "block of " + size + " bytes at " + offset + " is not possible");
    }
    byte type = file.get(ValueLayout.JAVA_BYTE, offset + size);
    if (type != 0) {
      throw new FormatException(
          path,
          offset + size,
          "the block is compressed (type " + type + "); only uncompressed tables are read");
    }
    int expected = file.get(INT, offset + size + 1);
    int actual = MaskedChecksum.of(file.asSlice(offset, size + 1));
    if (actual != expected) {
      throw new FormatException(path, offset, "the checksum of the block does not match");
    }
    return file.asSlice(offset, size);
  }

  @FunctionalInterface
  private interface EntryAction {
    void accept(byte[] key, MemorySegment value) throws FormatException;
  }

  /** Entry: varint shared key length, varint rest, varint value length, rest of key, value. */
  private void forEachEntry(MemorySegment block, EntryAction action) throws FormatException {
    long restarts = Integer.toUnsignedLong(block.get(INT, block.byteSize() - Integer.BYTES));
    long end = block.byteSize() - Integer.BYTES * (restarts + 1);
    if (end < 0) {
      throw new FormatException(path, offsetOf(block), restarts + " restarts do not fit the block");
    }
    ProtobufReader entries = new ProtobufReader(path, block.asSlice(0, end), offsetOf(block));
    byte[] key = {};
    while (!entries.atEnd()) {
      long shared = entries.packedVarint();
      long rest = entries.packedVarint();
      long valueLength = entries.packedVarint();
      MemorySegment suffix = entries.take(rest);
      if (shared < 0 || shared > key.length) {
        throw entries.error("key shares " + shared + " bytes with one of " + key.length);
      }
      if (rest > MAX_KEY_BYTES - shared) {
        throw entries.error("key of more than " + MAX_KEY_BYTES + " bytes");
      }
      keyBytes += shared + rest;
      if (keyBytes > MAX_EXPANSION * file.byteSize()) {
        throw entries.error("the keys are more than " + MAX_EXPANSION + " times the file");
      }
      key = Arrays.copyOf(key, (int) (shared + rest));
      MemorySegment.copy(suffix, ValueLayout.JAVA_BYTE, 0, key, (int) shared, (int) rest);
      action.accept(key, entries.take(valueLength));
    }
  }

  private long offsetOf(MemorySegment part) {
    return part.address() - file.address();
  }
}
