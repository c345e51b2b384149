package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell launcher, with a pretended JDK and a pretended Maven wrapper that only tell. */
class LauncherTest {
  private static final Path SHELL = Path.of("/bin/sh");

  private record Outcome(int status, String out, String err) {}

  @TempDir private Path folder;

  private Path home;
  private Path jdk;

  @BeforeEach
  void makeRepository() throws IOException {
    assumeTrue(Files.isExecutable(SHELL));
    Path repository = Path.of(System.getProperty("quadrille.home"));
    home = Files.createDirectories(folder.resolve("a checkout"));
    Files.createDirectories(home.resolve(".mvn"));
    for (String file : List.of("quadrille", ".mvn/find-jdk.sh")) {
      Files.copy(repository.resolve(file), home.resolve(file));
    }
    assertTrue(home.resolve("quadrille").toFile().setExecutable(true));
    Files.createDirectories(home.resolve("cli/src/main"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    script(home.resolve("mvnw"), "echo \"built $*\" >>\"${0%/*}/builds\"");
    jdk = Files.createDirectories(folder.resolve("jdk 25"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    script(jdk.resolve("bin/javac"), "");
    script(jdk.resolve("bin/java"), "for a; do echo \"<$a>\"; done; exit 7");
  }

  private static void script(Path path, String body) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + body + "\n");
    assertTrue(path.toFile().setExecutable(true));
  }

  private Outcome launch(Path launcher, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    return run(command, Map.of("JAVA_HOME", jdk.toString()));
  }

  private Outcome run(List<String> command, Map<String, String> environment) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("QUADRILLE_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the launcher hangs");
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private long builds() throws IOException {
    Path builds = home.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  @Test
  void passesArgumentsAndExitStatusThrough() throws Exception {
    Outcome outcome = launch(home.resolve("quadrille"), "info", "two words", "");
    assertEquals(7, outcome.status());
    assertTrue(
        outcome.out().endsWith("<org.quadrille.cli.Main>\n<info>\n<two words>\n<>\n"),
        outcome.out());
    assertTrue(outcome.out().contains("<jdk.incubator.vector>\n"), outcome.out());
    assertTrue(outcome.out().contains("<-Dquadrille.home=" + home.toRealPath() + ">"));
    assertEquals("", outcome.err());
  }

  @Test
  void worksThroughSymbolicLinks() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path first = Files.createSymbolicLink(bin.resolve("q"), Path.of("../a checkout/quadrille"));
    Path second = Files.createSymbolicLink(folder.resolve("link"), first);
    assertTrue(
        launch(second).out().contains("<-Dquadrille.home=" + home.toRealPath() + ">"), "home");
  }

  @Test
  void buildsOnceAndAgainAfterAChange() throws Exception {
    Path launcher = home.resolve("quadrille");
    launch(launcher);
    launch(launcher);
    assertEquals(1, builds());
    Path source = Files.writeString(home.resolve("cli/src/main/New.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
    launch(launcher);
    assertEquals(2, builds());
    assertFalse(Files.exists(home.resolve("target/quadrille.lock")));
  }

  @Test
  void benchBuildsItsModuleWithTheLibrariesToCompareWith() throws Exception {
    Path launcher = home.resolve("quadrille");
    script(
        home.resolve("mvnw"),
        "echo \"built $*\" >>\"${0%/*}/builds\"; printf peers.jar >\"${0%/*}/jmh/target/quadrille.classpath\";"
            + " printf mkl.jar >\"${0%/*}/jmh/target/quadrille-mkl.classpath\"");
    Outcome plain = launch(launcher, "bench", "gemm");
    assertEquals("", plain.err());
    assertTrue(plain.out().contains("/jmh/target/classes:peers.jar>"), plain.out());
    launch(launcher, "bench", "gemm", "--quick");
    assertEquals(1, builds());
    Outcome mkl = launch(launcher, "bench", "gemm", "--peers", "openblas,mkl");
    assertTrue(mkl.out().contains("/jmh/target/classes:mkl.jar>"), mkl.out());
    List<String> builds = Files.readAllLines(home.resolve("builds"));
    assertEquals(2, builds.size());
    assertTrue(builds.get(0).contains("-pl jmh -am -DskipTests"), builds.get(0));
    assertTrue(builds.get(1).contains("-pl jmh -am -Pmkl -DskipTests"), builds.get(1));
  }

  @Test
  void failedBuildShowsWhyAndIsTriedAgain() throws Exception {
    script(home.resolve("mvnw"), "echo '[ERROR] Foo.java: no semicolon'; exit 1");
    Outcome outcome = launch(home.resolve("quadrille"));
    assertEquals(1, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains("Foo.java: no semicolon"), outcome.err());
    assertTrue(outcome.err().contains("cli/target/build.log"), outcome.err());
    script(home.resolve("mvnw"), "");
    assertEquals(7, launch(home.resolve("quadrille")).status());
  }

  @Test
  void takesOverTheLockOfAProcessThatIsGone() throws Exception {
    Path lock = Files.createDirectories(home.resolve("target/quadrille.lock"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(lock.resolve("pid"), Long.toString(gone.pid()));
    assertEquals(7, launch(home.resolve("quadrille")).status());
  }

  @Test
  void saysWhatToInstallWithoutAJdk() throws Exception {
    // The search of the usual install folders is left out: they may well hold a JDK here.
    String search =
        Files.readString(home.resolve(".mvn/find-jdk.sh"))
            .replaceAll("(?m)^    /usr/lib/jvm.*\\\\\\n(    .*\\\\\\n)*    .*; do$", "    ; do");
    Files.writeString(home.resolve(".mvn/find-jdk.sh"), search);
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    Path bin = Files.createDirectories(folder.resolve("empty path"));
    for (String tool : List.of("dirname", "readlink", "sed", "head", "cat")) {
      for (String place : List.of("/usr/bin/", "/bin/")) {
        Path real = Path.of(place + tool);
        if (Files.exists(real) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), real);
        }
      }
    }
    Outcome outcome =
        run(
            List.of(SHELL.toString(), home.resolve("quadrille").toString(), "info"),
            Map.of("JAVA_HOME", jdk.toString(), "PATH", bin.toString()));
    assertEquals(1, outcome.status());
    assertTrue(outcome.err().contains("needs a JDK 25 or newer and found none"), outcome.err());
    assertTrue(outcome.err().contains("set JAVA_HOME"), outcome.err());
  }
}
