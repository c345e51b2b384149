package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Read-only memory maps of whole files. */
final class MappedFile {
  private MappedFile() {}

  /** Maps a file for as long as the arena lives. */
  static MemorySegment map(Path path, Arena arena) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FormatException(path, "this is a folder; expected a file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** What {@link #parsed} calls: turns an open map into a checkpoint. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(MemorySegment file, Arena arena) throws IOException;
  }

  /** Maps a file and parses it; the map is released again if that fails. */
  @SuppressWarnings("MustBeClosedChecker") // the result of the parser owns the arena
  static <T> T parsed(Path path, Parser<T> parser) throws IOException {
    Arena arena = Arena.ofShared();
    boolean done = false;
    try {
      T result = parser.parse(map(path, arena), arena);
      done = true;
      return result;
    } finally {
      if (!done) {
        arena.close();
      }
    }
  }
}
