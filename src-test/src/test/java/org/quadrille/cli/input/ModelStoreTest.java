package org.quadrille.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;

class ModelStoreTest {
  private static final String CONTENT = "weights";

  @TempDir private Path folder;

  private final Console console =
      new Console(
          new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false, 0);

  private static ModelAlias model(String innerArchive, String sha256) {
    return new ModelAlias(
        "tiny",
        "org.example:tiny:1",
        1,
        innerArchive,
        List.of(new ModelAlias.Part("data/model.onnx", "model.onnx", sha256)),
        null);
  }

  private static byte[] zip(String entry, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("README"));
      zip.write('x');
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] plainArchive() throws IOException {
    return zip("data/model.onnx", CONTENT.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void unpacksTheNeededEntryAndChecksIt() throws IOException {
    Path archive = Files.write(folder.resolve("a.jar"), plainArchive());
    ModelStore.unpack(model(null, new Digest().add(CONTENT).hex()), archive, folder);
    assertEquals(CONTENT, Files.readString(folder.resolve("model.onnx")));
    assertFalse(Files.exists(folder.resolve("README")));
  }

  @Test
  void unpacksAnArchiveWithinTheArchive() throws IOException {
    Path archive = Files.write(folder.resolve("a.jar"), zip("inner", plainArchive()));
    ModelStore.unpack(model("inner", null), archive, folder);
    assertEquals(CONTENT, Files.readString(folder.resolve("model.onnx")));
  }

  @Test
  void refusesAnotherDigestAndAMissingEntry() throws IOException {
    Path archive = Files.write(folder.resolve("a.jar"), plainArchive());
    CommandFailure wrong =
        assertThrows(
            CommandFailure.class,
            () -> ModelStore.unpack(model(null, "0".repeat(64)), archive, folder));
    assertTrue(wrong.getMessage().contains("expected " + "0".repeat(64)), wrong.getMessage());
    Path other = Files.write(folder.resolve("b.jar"), zip("other", new byte[3]));
    assertThrows(CommandFailure.class, () -> ModelStore.unpack(model(null, null), other, folder));
  }

  @Test
  void pathIsTakenAsItIs() throws Exception {
    Path file = Files.createFile(folder.resolve("some.onnx"));
    assertEquals(file, new ModelStore(null, null).find(file.toString(), console));
  }

  @Test
  void aliasThatWasObtainedNeedsNoWrapper() throws Exception {
    Path file = folder.resolve("minilm/all-minilm-l6-v2.onnx");
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    assertEquals(file, new ModelStore(folder, null).find("minilm", console));
  }

  @Test
  void explainsWhatIsMissing() {
    assertMessage(new ModelStore(folder, null), "nothing", "one of minilm, e5-small");
    assertMessage(new ModelStore(null, null), "minilm", "QUADRILLE_REALDATA");
    assertMessage(new ModelStore(folder, null), "minilm", "no Maven wrapper");
    assertMessage(new ModelStore(folder, folder), "minilm", "no Maven wrapper at");
  }

  private void assertMessage(ModelStore store, String name, String words) {
    CommandFailure failure = assertThrows(CommandFailure.class, () -> store.find(name, console));
    assertTrue(failure.getMessage().contains(words), failure.getMessage());
  }

  @Test
  void mavenFailureIsQuotedAndLeavesNothing() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    Path home = Files.createDirectory(folder.resolve("home"));
    Path wrapper = home.resolve("mvnw");
    Files.writeString(wrapper, "#!/bin/sh\necho '[ERROR] Cannot access central'\nexit 1\n");
    assertTrue(wrapper.toFile().setExecutable(true));
    Path root = folder.resolve("models");
    assertMessage(new ModelStore(root, home), "minilm", "Cannot access central; connect to");
    try (var left = Files.list(root)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void brokenDownloadIsNotKept() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    Path home = Files.createDirectory(folder.resolve("home"));
    try (OutputStream jar = Files.newOutputStream(home.resolve("source.jar"))) {
      jar.write(zip("all-minilm-l6-v2.onnx", new byte[10]));
    }
    Path wrapper = home.resolve("mvnw");
    Files.writeString(
        wrapper,
        """
        #!/bin/sh
        for argument; do
          case $argument in -DoutputDirectory=*) cp "${0%/*}/source.jar" "${argument#*=}" ;; esac
        done
        """);
    assertTrue(wrapper.toFile().setExecutable(true));
    Path root = folder.resolve("models");
    assertMessage(new ModelStore(root, home), "minilm", "all-minilm-l6-v2.onnx has SHA-256");
    assertFalse(Files.exists(root.resolve("minilm")));
  }
}
