package org.quadrille.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.quadrille.cli.console.CommandFailure;

/** Copies an artifact by its coordinates through the Maven wrapper of the repository. */
final class MavenArtifact {
  private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

  private final Path home;

  /**
   * Uses the wrapper in a folder.
   *
   * @param home repository root
   */
  MavenArtifact(Path home) {
    this.home = home;
  }

  /**
   * Copies an artifact into a folder, downloading it unless the local Maven repository has it.
   *
   * @param coordinates group, artifact and version, separated by colons
   * @return the copied file
   * @throws CommandFailure if Maven fails; quotes its first error
   */
  Path copy(String coordinates, Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("maven.log");
    Process maven =
        new ProcessBuilder(
                List.of(
                    wrapper().toAbsolutePath().toString(),
                    "-q",
                    "-B",
                    COPY,
                    "-Dartifact=" + coordinates,
                    "-DoutputDirectory=" + folder.toAbsolutePath()))
            // Away from the project: the artifact does not depend on it.
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    maven.getOutputStream().close();
    int status;
    try {
      status = maven.waitFor();
    } catch (InterruptedException e) {
      maven.destroy();
      throw e;
    }
    if (status != 0) {
      throw new CommandFailure(
          "cannot obtain "
              + coordinates
              + ": "
              + firstError(log)
              + "; connect to the network (or give Maven a mirror) and run the same command again");
    }
    return onlyArchive(folder, coordinates);
  }

  private Path wrapper() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    Path wrapper = home.resolve(windows ? "mvnw.cmd" : "mvnw");
    if (!Files.isRegularFile(wrapper)) {
      throw new CommandFailure(
          "no Maven wrapper at " + wrapper + "; run from a checkout of the repository");
    }
    return wrapper;
  }

  private static String firstError(Path log) throws IOException {
    try (InputStream in = Files.newInputStream(log)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("[ERROR]"))
          .map(line -> line.replace("[ERROR]", "").strip())
          .filter(line -> !line.isEmpty())
          .findFirst()
          .map(line -> line.length() > 300 ? line.substring(0, 300) + " ..." : line)
          .orElse("Maven failed without a message");
    }
  }

  private static Path onlyArchive(Path folder, String coordinates) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .findFirst()
          .orElseThrow(
              () -> new CommandFailure("Maven copied no file for " + coordinates + "; try again"));
    }
  }
}
