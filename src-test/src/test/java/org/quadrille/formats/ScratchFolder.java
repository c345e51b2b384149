package org.quadrille.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder for property tests, which have no injected one; deleted on close. */
final class ScratchFolder implements AutoCloseable {
  private final Path folder;

  ScratchFolder() throws IOException {
    folder = Files.createTempDirectory("quadrille-formats");
  }

  Path path() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Path write(String name, byte[] content) throws IOException {
    return Files.write(file(name), content);
  }

  /** Names of the files, hidden ones too. */
  static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
