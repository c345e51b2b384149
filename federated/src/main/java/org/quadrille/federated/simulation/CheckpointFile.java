package org.quadrille.federated.simulation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.quadrille.formats.AtomicFile;

/**
 * The frame of a checkpoint: magic, version, length, content, CRC-32C of the content. Written to a
 * temporary name, forced to the disk and moved into place.
 */
final class CheckpointFile {
  private static final int MAGIC = 0x51464544;
  private static final int VERSION = 1;
  private static final int FRAME = 3 * Integer.BYTES;

  /** Writes the content. */
  interface Writer {
    void to(DataOutput out) throws IOException;
  }

  /** Reads the content. */
  interface Reader {
    void from(DataInput in) throws IOException;
  }

  private CheckpointFile() {}

  static void write(Path path, Writer writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    writer.to(new DataOutputStream(bytes));
    byte[] content = bytes.toByteArray();
    ByteBuffer file =
        ByteBuffer.allocate(content.length + FRAME + Integer.BYTES)
            .putInt(MAGIC)
            .putInt(VERSION)
            .putInt(content.length)
            .put(content)
            .putInt(checksum(content, 0, content.length))
            .flip();
    AtomicFile.write(
        path,
        channel -> {
          while (file.hasRemaining()) {
            channel.write(file);
          }
        });
  }

  static void read(Path path, Reader reader) throws IOException {
    byte[] file = Files.readAllBytes(path);
    ByteBuffer header = ByteBuffer.wrap(file);
    if (file.length < FRAME + Integer.BYTES || header.getInt() != MAGIC) {
      throw new IOException(path + ": not a checkpoint of a federated simulation");
    }
    int version = header.getInt();
    if (version != VERSION) {
      throw new IOException(path + ": checkpoint of version " + version + ", expected " + VERSION);
    }
    int length = header.getInt();
    if (length != file.length - FRAME - Integer.BYTES
        || header.getInt(FRAME + length) != checksum(file, FRAME, length)) {
      throw new IOException(path + ": the checkpoint is damaged; delete it to start again");
    }
    reader.from(new DataInputStream(new ByteArrayInputStream(file, FRAME, length)));
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
