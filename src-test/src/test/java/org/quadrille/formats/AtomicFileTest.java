package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void replacesTheFileAndLeavesNothingElse() throws IOException {
    Path path = folder.resolve("a.txt");
    AtomicFile.writeText(path, "one \u00e9");
    AtomicFile.writeText(path, writer -> writer.append("two \u00e9"));
    assertEquals("two \u00e9", Files.readString(path));
    assertEquals(List.of("a.txt"), ScratchFolder.namesIn(folder));
  }

  @Test
  void theNameIsAbsentUntilAllIsWritten() throws IOException {
    Path path = folder.resolve("deep/a.bin");
    AtomicFile.write(
        path,
        channel -> {
          channel.write(ByteBuffer.wrap(new byte[3]));
          assertFalse(Files.exists(path));
        });
    assertEquals(3, Files.size(path));
  }

  @Test
  void failureOfAnyKindKeepsTheFormerFile() throws IOException {
    Path path = folder.resolve("a.txt");
    AtomicFile.writeText(path, "former");
    for (RuntimeException failure :
        List.of(new IllegalStateException("x"), new UncheckedIOException(new IOException("y")))) {
      RuntimeException thrown =
          assertThrows(
              RuntimeException.class,
              () ->
                  AtomicFile.writeText(
                      path,
                      writer -> {
                        writer.append("half");
                        throw failure;
                      }));
      assertEquals(failure, thrown);
    }
    assertEquals("former", Files.readString(path));
    assertEquals(List.of("a.txt"), ScratchFolder.namesIn(folder));
  }

  @Test
  void refusesToReplaceAFolder() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertThrows(IOException.class, () -> AtomicFile.writeText(inner, "x"));
    assertEquals(List.of("inner"), ScratchFolder.namesIn(folder));
  }
}
