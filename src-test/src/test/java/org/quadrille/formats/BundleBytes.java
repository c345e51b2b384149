package org.quadrille.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** TensorFlow bundles made by hand: LevelDB tables with prefix-compressed keys. */
final class BundleBytes {
  private BundleBytes() {}

  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    return (value >>> 15 | value << 17) + 0xa282ead8;
  }

  static ProtobufBytes header(int shards) {
    return new ProtobufBytes().varint(1, shards).message(3, new ProtobufBytes().varint(1, 1));
  }

  static ProtobufBytes entry(int type, long[] shape, int shard, long offset, byte[] data) {
    ProtobufBytes dims = new ProtobufBytes();
    for (long size : shape) {
      dims.message(2, new ProtobufBytes().varint(1, size));
    }
    return new ProtobufBytes()
        .varint(1, type)
        .message(2, dims)
        .varint(3, shard)
        .varint(4, offset)
        .varint(5, data.length)
        .fixed32(6, checksum(data));
  }

  /** Entries of a block, each key sharing what it can with the one before. */
  static byte[] entries(Map<String, byte[]> rows) {
    ProtobufBytes block = new ProtobufBytes();
    byte[] last = {};
    for (Map.Entry<String, byte[]> row : new TreeMap<>(rows).entrySet()) {
      byte[] key = row.getKey().getBytes(StandardCharsets.UTF_8);
      int shared = 0;
      while (shared < Math.min(last.length, key.length) && last[shared] == key[shared]) {
        shared++;
      }
      block.raw(shared).raw(key.length - shared).raw(row.getValue().length);
      block.append(java.util.Arrays.copyOfRange(key, shared, key.length)).append(row.getValue());
      last = key;
    }
    return block.toBytes();
  }

  /** Entries with one restart, followed by type and checksum. */
  static byte[] block(byte[] entries, int restarts, int type) {
    ByteBuffer content =
        ByteBuffer.allocate(entries.length + 9).order(ByteOrder.LITTLE_ENDIAN).put(entries);
    content.putInt(0).putInt(restarts).put((byte) type);
    byte[] bytes = content.array();
    return ByteBuffer.allocate(bytes.length + 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes)
        .putInt(checksum(bytes))
        .array();
  }

  /** A table of these data blocks (each as {@link #block} makes it). */
  static byte[] table(List<byte[]> dataBlocks) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ProtobufBytes index = new ProtobufBytes();
    for (int i = 0; i < dataBlocks.size(); i++) {
      byte[] handle =
          new ProtobufBytes().raw(file.size()).raw(dataBlocks.get(i).length - 5).toBytes();
      index.raw(0).raw(1).raw(handle.length).append((byte) i).append(handle);
      file.writeBytes(dataBlocks.get(i));
    }
    byte[] meta = block(new byte[0], 1, 0);
    ProtobufBytes footer = new ProtobufBytes().raw(file.size()).raw(meta.length - 5);
    file.writeBytes(meta);
    byte[] indexBlock = block(index.toBytes(), 1, 0);
    footer.raw(file.size()).raw(indexBlock.length - 5);
    file.writeBytes(indexBlock);
    ByteBuffer end = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN).put(footer.toBytes());
    file.writeBytes(end.putLong(40, 0xdb4775248b80fb57L).array());
    return file.toByteArray();
  }

  static byte[] table(Map<String, byte[]> rows) {
    return table(List.of(block(entries(rows), 1, 0)));
  }

  static final byte[] KERNEL = ProtobufBytes.floats(1, 2, 3, 4, 5, 6);
  static final byte[] TABLE = ProtobufBytes.floats(7, 8, 9, 10);

  /** Rows of a small bundle in two shards. */
  static Map<String, byte[]> sampleRows() {
    Map<String, byte[]> rows = new TreeMap<>();
    rows.put("", header(2).toBytes());
    rows.put("bert/dense/kernel", entry(1, new long[] {2, 3}, 0, 0, KERNEL).toBytes());
    rows.put("bert/embeddings", entry(1, new long[] {2, 2}, 1, 4, TABLE).toBytes());
    rows.put("bert/step", entry(9, new long[0], 0, 24, new byte[8]).toBytes());
    rows.put("graph", entry(7, new long[0], 0, 0, new byte[3]).toBytes());
    return rows;
  }

  /** Writes the shards of the sample and the given index. */
  static Path write(Path folder, byte[] index) throws IOException {
    Path file = Files.write(folder.resolve("variables.index"), index);
    byte[] first = java.util.Arrays.copyOf(KERNEL, 32);
    byte[] second = new byte[4 + TABLE.length];
    System.arraycopy(TABLE, 0, second, 4, TABLE.length);
    Files.write(folder.resolve("variables.data-00000-of-00002"), first);
    Files.write(folder.resolve("variables.data-00001-of-00002"), second);
    return file;
  }

  /** The sample in two data blocks. */
  static byte[] sampleIndex() {
    List<byte[]> blocks = new ArrayList<>();
    TreeMap<String, byte[]> rows = new TreeMap<>(sampleRows());
    blocks.add(block(entries(rows.headMap("bert/f")), 1, 0));
    blocks.add(block(entries(rows.tailMap("bert/f")), 1, 0));
    return table(blocks);
  }
}
