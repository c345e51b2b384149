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

  /** What {@link #parsed} calls: maps files and turns them into a checkpoint. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(Arena arena) throws IOException;
  }

  /** Opens an arena and parses in it; what it maps is released again if that fails. */
  @SuppressWarnings("MustBeClosedChecker") // the result of the parser owns the arena
  static <T> T parsed(Parser<T> parser) throws IOException {
    Arena arena = Arena.ofShared();
    boolean done = false;
    try {
      T result = parser.parse(arena);
      done = true;
      return result;
    } finally {
      if (!done) {
        arena.close();
      }
    }
  }
}
