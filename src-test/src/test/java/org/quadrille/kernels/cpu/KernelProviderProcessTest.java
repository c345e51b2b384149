package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The choice of kernels in fresh Java processes, as a user starts them. */
class KernelProviderProcessTest {

  private static final String FLAG = "--add-modules jdk.incubator.vector";

  /** What the processes run: says which kernels are active, twice, or how the choice fails. */
  public static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println("active: " + KernelProvider.active().name());
        } catch (RuntimeException e) {
          System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
      }
      System.out.println("simd: " + KernelProvider.simd().isPresent());
    }
  }

  @Test
  void withoutTheFlagOneWarningNamesItAndScalarCodeRuns() throws Exception {
    String output = run();
    assertEquals(2, count(output, "active: scalar"), output);
    assertEquals(1, count(output, FLAG), output);
    assertTrue(output.contains("simd: false"), output);
  }

  @Test
  void scalarByChoiceIsSilent() throws Exception {
    String output = run("-Dquadrille.backend=scalar");
    assertEquals(2, count(output, "active: scalar"), output);
    assertFalse(output.contains(FLAG), output);
  }

  @Test
  void simdWithoutTheFlagIsAnErrorEachTime() throws Exception {
    String output = run("-Dquadrille.backend=simd");
    assertEquals(2, count(output, "IllegalStateException: -Dquadrille.backend=simd"), output);
    assertEquals(2, count(output, FLAG), output);
  }

  @Test
  void unknownBackendIsAnErrorThatNamesTheChoices() throws Exception {
    String output = run("-Dquadrille.backend=gpu");
    String expected =
        "IllegalArgumentException: -Dquadrille.backend=gpu: expected auto, scalar or simd";
    assertEquals(2, count(output, expected), output);
  }

  @Test
  void interpreterGetsScalarCode() throws Exception {
    String output = run("--add-modules", "jdk.incubator.vector", "-Xint");
    assertEquals(2, count(output, "active: scalar"), output);
    assertEquals(1, count(output, "-Xint"), output);
  }

  @Test
  void firstLevelCompilerGetsScalarCode() throws Exception {
    String output = run("--add-modules", "jdk.incubator.vector", "-XX:TieredStopAtLevel=1");
    assertEquals(2, count(output, "active: scalar"), output);
    assertEquals(1, count(output, "TieredStopAtLevel=1"), output);
  }

  @Test
  void withTheFlagSimdRunsWithoutWarningOfOurs() throws Exception {
    String output = run("--add-modules", "jdk.incubator.vector");
    assertEquals(2, count(output, "active: simd"), output);
    assertFalse(output.contains("KernelProvider"), output);
  }

  @Test
  void badVectorWidthIsReported() throws Exception {
    String output = run("--add-modules", "jdk.incubator.vector", "-Dquadrille.vectorBits=100");
    assertEquals(2, count(output, "active: scalar"), output);
    assertEquals(1, count(output, "expected 128, 256, 512 or emulated512"), output);
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(classPathOf(Kernels.class) + File.pathSeparator + classPathOf(Program.class));
    command.add(Program.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertNotEquals("", output);
    return output;
  }

  private static String classPathOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
