package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checked-in generated files are what the generators write. */
class DoubleTwinsTest {

  private static final Path MODULE =
      Path.of(System.getProperty("quadrille.home", ".."), "kernels", "cpu", "src", "main");
  private static final Path PACKAGE = Path.of("org", "quadrille", "kernels", "cpu");

  @Test
  void generatedFilesAreUpToDate(@TempDir Path copy) throws IOException, InterruptedException {
    Path sources = MODULE.resolve("java").resolve(PACKAGE);
    Path target = Files.createDirectories(copy.resolve(PACKAGE));
    for (Path file : javaFiles(sources)) {
      Files.copy(file, target.resolve(file.getFileName()));
    }
    generate("Tiles.java", copy);
    generate("DoubleTwins.java", copy);
    int generated = 0;
    for (Path file : javaFiles(target)) {
      String text = Files.readString(file);
      if (text.startsWith("// Generated from ")) {
        generated++;
        assertEquals(
            text,
            Files.readString(sources.resolve(file.getFileName())),
            file.getFileName() + " is out of date: run Tiles.java, then DoubleTwins.java");
        assertFalse(
            file.toString().endsWith("Double.java") && text.contains("float"),
            file + " mentions float");
      }
    }
    assertTrue(generated >= 10, generated + " generated files");
  }

  private static void generate(String generator, Path target)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                MODULE.resolve("generator").resolve(generator).toString(),
                target.toString())
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor(), generator);
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
