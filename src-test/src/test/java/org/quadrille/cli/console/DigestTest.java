package org.quadrille.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestTest {
  @TempDir private Path folder;

  @Test
  void textIsHashedAsItsBytes() {
    // FIPS 180-4, one-block message
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        new Digest().add("abc").hex());
  }

  @Test
  void floatsAreHashedAsLittleEndianBytesOfAFile() throws IOException {
    float[] values = new float[300_001];
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] = 1f / (i + 1);
      bytes.putFloat(values[i]);
    }
    Path file = folder.resolve("values.f32");
    Files.write(file, bytes.array());
    assertEquals(Digest.of(file), new Digest().add(values).hex());
  }

  @Test
  void folderDependsOnNamesAndContents() throws IOException {
    Files.writeString(folder.resolve("a"), "1");
    String before = Digest.of(folder);
    Files.move(folder.resolve("a"), folder.resolve("b"));
    assertNotEquals(before, Digest.of(folder));
  }

  @Test
  void linkToAFolderHasTheDigestOfTheFolder() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("a"), "1");
    Path link = folder.resolve("link");
    try {
      Files.createSymbolicLink(link, model);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "this file system has no symbolic links");
    }
    assertEquals(Digest.of(model), Digest.of(link));
    Files.writeString(model.resolve("a"), "2");
    assertNotEquals(new Digest().hex(), Digest.of(link));
  }
}
