package org.quadrille.formats;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name never stands for half a file.
 *
 * <p>The content goes to a temporary name in the same folder, is forced to the disk and then moved
 * over the final name in one step. If writing fails, the temporary file is deleted and a former
 * file of that name stays as it was.
 *
 * {@snippet :
 * AtomicFile.writeText(path, writer -> writer.append("a,b\n1,2\n"));
 * }
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What fills the file, given an open channel at position 0. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to the channel; need not close it. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /** What fills a text file. */
  @FunctionalInterface
  public interface Text {
    /** Writes everything; need not flush or close. */
    void writeTo(Writer writer) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param path where it shall lie; missing folders are created
   * @param content called once
   * @throws IOException if writing or moving fails; also passes on what {@code content} throws
   */
  public static void write(Path path, Content content) throws IOException {
    Path target = path.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException(path + " is a folder; give the name of a file");
    }
    Files.createDirectories(folder);
    Path temporary = unused(folder, target.getFileName().toString());
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ,
              StandardOpenOption.CREATE_NEW)) {
        content.writeTo(channel);
        channel.force(true);
      }
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Writes a UTF-8 text file; see {@link #write}. */
  public static void writeText(Path path, Text text) throws IOException {
    write(
        path,
        channel -> {
          Writer writer =
              new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), 1 << 16);
          text.writeTo(writer);
          writer.flush();
        });
  }

  /** Writes a UTF-8 text file; see {@link #write}. */
  public static void writeText(Path path, CharSequence text) throws IOException {
    writeText(path, writer -> writer.append(text));
  }

  /** Writes all of a buffer, which a single {@link FileChannel#write} need not do. */
  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Path unused(Path folder, String name) {
    // Not Files.createTempFile: its files are readable by the owner only, even after the move.
    String unique = Long.toHexString(System.nanoTime() ^ (ProcessHandle.current().pid() << 32));
    return folder.resolve("." + name + "." + unique + ".tmp");
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
