package org.quadrille.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ErrorLineTest {
  @Test
  void namesTheFileAndWhatToDo() {
    assertEquals(
        "no such file or folder: a.npy; check the path",
        ErrorLine.of(new NoSuchFileException("a.npy")));
    assertEquals(
        "no permission for a.npy; check its owner and mode",
        ErrorLine.of(new AccessDeniedException("a.npy")));
    assertTrue(
        ErrorLine.of(new FileSystemException("a.npy", null, "No space left on device"))
            .startsWith("a.npy: No space left on device"));
  }

  @Test
  void isOneLine() {
    assertEquals("a b", ErrorLine.of(new CommandFailure("a\n  b\n")));
  }

  @Test
  void messagesThatSpeakForThemselvesAreKept() {
    assertEquals("bad shape", ErrorLine.of(new IllegalArgumentException("bad shape")));
    assertEquals("x.npy: short", ErrorLine.of(new IOException("x.npy: short")));
    assertEquals(
        "x.npy: short",
        ErrorLine.of(new UncheckedIOException("x.npy: short", new IOException("short"))));
  }

  @Test
  void surprisesPointToDebug() {
    assertEquals(
        "NullPointerException; run again with --debug to see where",
        ErrorLine.of(new NullPointerException()));
    assertTrue(ErrorLine.of(new OutOfMemoryError()).contains("QUADRILLE_JAVA_OPTIONS=-Xmx"));
  }
}
