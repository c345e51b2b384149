package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;

/** Compression in processes of its own: with less heap than the model, and killed on the way. */
@Tag("study")
class StreamingStudyTest {
  private static final int MATRICES = 60;
  private static final int ROWS = 512;
  private static final int COLS = 1024;

  @TempDir private Path folder;

  private Path model;

  /** 126 MB in single precision, half of that on disk. */
  @BeforeEach
  void writeModel() throws IOException {
    byte[] bytes = new byte[2 * ROWS * COLS];
    Random random = new Random(1);
    SafetensorsWriter writer = new SafetensorsWriter();
    for (int i = 0; i < MATRICES; i++) {
      random.nextBytes(bytes);
      for (int at = 1; at < bytes.length; at += 2) {
        bytes[at] = (byte) (bytes[at] & 0x81 | 0x3c); // bfloat16 of magnitude 2^-7 to 2^-5
      }
      String name = "layers." + i + ".weight";
      writer.add(new TensorInfo(name, ElementType.BF16, ROWS, COLS), bytes.clone());
    }
    model = folder.resolve("model.safetensors");
    writer.write(model);
  }

  private Process start(Path out, int megabytes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx" + megabytes + "m"));
    command.add("-cp");
    // Surefire may hide the real class path behind a manifest-only jar.
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "compress", model.toString()));
    command.addAll(List.of("--bits", "3", "--rank", "4", "--iterations", "3"));
    command.addAll(List.of("--out", out.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }

  private void finish(Process process) throws IOException, InterruptedException {
    int status = process.waitFor();
    assertEquals(0, status, Files.readString(folder.resolve("output.txt")));
  }

  @Test
  void modelsLargerThanTheHeapAreStreamed() throws IOException, InterruptedException {
    finish(start(folder.resolve("small.safetensors"), 96));
    assertTrue(Files.size(folder.resolve("small.safetensors")) < Files.size(model) / 4);
  }

  @Test
  void killedAnywhereTheNextRunEndsWithTheSameBytes() throws IOException, InterruptedException {
    Path unbroken = folder.resolve("unbroken.safetensors");
    finish(start(unbroken, 512));
    Path killed = folder.resolve("killed.safetensors");
    Path partial = folder.resolve("killed.safetensors.partial");
    killOnce(start(killed, 512), partial, ".json", 20);
    killOnce(start(killed, 512), partial, ".safetensors", 20);
    finish(start(killed, 512));
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(killed));
    assertTrue(Files.notExists(partial));
  }

  /** Kills a process, as kill -9 does, when so many files lie in the folder. */
  private static void killOnce(Process process, Path folder, String ending, int files)
      throws IOException, InterruptedException {
    while (process.isAlive() && count(folder, ending) < files) {
      Thread.sleep(20);
    }
    assertTrue(process.isAlive(), "ended before it could be killed");
    process.destroyForcibly().waitFor();
  }

  private static long count(Path folder, String ending) {
    if (Files.notExists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).count();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // a file went away while it was looked at
    }
  }
}
