package org.quadrille;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.Main;

/**
 * Compiles and runs every Java example of the README and compares what it prints with the comments
 * behind its print statements: {@code System.out.println(x); // 42} must print 42.
 */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern PRINTED =
      Pattern.compile("System\\.out\\.print.*;\\s*// (.*)$", Pattern.MULTILINE);

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> javaExamplesRun() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = JAVA_BLOCK.matcher(readme());
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    assertFalse(blocks.isEmpty(), "the README has no Java example");
    return java.util.stream.IntStream.range(0, blocks.size())
        .mapToObj(
            i -> DynamicTest.dynamicTest("example " + (i + 1), () -> check(i, blocks.get(i))));
  }

  @Test
  void commandLinesAreUnderstood() throws IOException {
    List<String> commands =
        Pattern.compile("^\\./quadrille (.*?)(?:\\s+#.*)?$", Pattern.MULTILINE)
            .matcher(readme())
            .results()
            .map(r -> r.group(1))
            .toList();
    assertFalse(commands.isEmpty(), "the README shows no command");
    for (String command : commands) {
      var errors = new StringWriter();
      // With --help every option and name is parsed, and nothing is done.
      String[] arguments = (command + " --help").split("\\s+");
      int status =
          Main.run(
              new PrintWriter(new StringWriter()), new PrintWriter(errors, true), 0, arguments);
      assertEquals(0, status, () -> command + ": " + errors);
    }
  }

  @Test
  void figuresAreFilledIn() throws IOException {
    assertFalse(readme().contains("@@"), "the README has an unfilled place");
  }

  private void check(int index, String block) throws Exception {
    List<String> expected = PRINTED.matcher(block).results().map(r -> r.group(1).strip()).toList();
    assertFalse(expected.isEmpty(), "the example prints nothing that could be checked:\n" + block);
    String printed = run("ReadmeExample" + index, block);
    assertEquals(String.join("\n", expected), printed.strip().replace("\r", ""), block);
  }

  private String run(String className, String block) throws Exception {
    StringBuilder imports = new StringBuilder();
    StringBuilder body = new StringBuilder();
    block
        .lines()
        .forEach(line -> (line.startsWith("import ") ? imports : body).append(line).append('\n'));
    String source =
        imports
            + "public class "
            + className
            + " { public static void main(String[] args) throws Exception {\n"
            + body
            + "}}";
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var unit =
        new SimpleJavaFileObject(
            URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options = List.of("-d", folder.toString(), "-cp", classPath());
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(null, null, diagnostics, options, null, List.of(unit))
            .call();
    assertTrue(compiled, () -> diagnostics.getDiagnostics() + "\n" + source);
    Locale locale = Locale.getDefault();
    PrintStream before = System.out;
    var captured = new ByteArrayOutputStream();
    try (var loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Locale.setDefault(Locale.ROOT);
      System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
      loader
          .loadClass(className)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
      Locale.setDefault(locale);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  private static String classPath() {
    // Surefire may hide the real class path behind a manifest-only jar.
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of(System.getProperty("quadrille.home", ".."), "README.md"));
  }
}
