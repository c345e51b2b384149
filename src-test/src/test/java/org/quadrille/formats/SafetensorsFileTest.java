package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  private SafetensorsFile open(String header, int dataBytes) throws IOException {
    return open(SafetensorsBytes.of(header, dataBytes));
  }

  private SafetensorsFile open(byte[] content) throws IOException {
    return SafetensorsFile.open(Files.write(folder.resolve("x.safetensors"), content));
  }

  private FormatException rejected(String header, int dataBytes) {
    FormatException e = assertThrows(FormatException.class, () -> open(header, dataBytes));
    assertTrue(e.path().isPresent(), e.getMessage());
    return e;
  }

  private static String entry(String name, String type, String shape, long begin, long end) {
    return SafetensorsBytes.entry(name, type, shape, begin, end);
  }

  @Test
  void readsTensorsInTheOrderOfTheirData() throws IOException {
    String header =
        "{" + entry("b", "F32", "[2]", 4, 12) + "," + entry("a", "U8", "[2,2]", 0, 4) + "}   ";
    try (SafetensorsFile file = open(header, 12)) {
      assertEquals(List.of("a", "b"), file.names());
      assertEquals(new TensorInfo("b", ElementType.F32, 2), file.info("b"));
      assertEquals(8, file.bytes("b").byteSize());
      assertTrue(file.metadata().isEmpty());
    }
  }

  @Test
  void acceptsScalarsAndEmptyTensorsAnywhere() throws IOException {
    String header =
        "{"
            + entry("after", "F32", "[0]", 8, 8)
            + ","
            + entry("scalar", "F64", "[]", 0, 8)
            + ","
            + entry("before", "F32", "[3,0,4]", 0, 0)
            + "}";
    try (SafetensorsFile file = open(header, 8)) {
      assertEquals(List.of("before", "scalar", "after"), file.names());
      assertEquals(1, file.read("scalar").length());
      assertArrayEquals(new int[] {3, 0, 4}, file.read("before").shape());
    }
  }

  @Test
  void acceptsNoTensorsAtAll() throws IOException {
    try (SafetensorsFile file = open("{}", 0)) {
      assertTrue(file.names().isEmpty());
    }
  }

  @Test
  void rejectsOverlapHoleAndRest() {
    String first = "{" + entry("a", "U8", "[4]", 0, 4) + ",";
    assertEquals(
        Optional.of("b"), rejected(first + entry("b", "U8", "[4]", 2, 6) + "}", 6).tensor());
    assertEquals(
        Optional.of("b"), rejected(first + entry("b", "U8", "[4]", 5, 9) + "}", 9).tensor());
    assertTrue(rejected(first + entry("b", "U8", "[4]", 4, 8) + "}", 9).offset().isPresent());
    rejected("{" + entry("late", "U8", "[4]", 1, 5) + "}", 5);
    rejected(first + entry("same", "U8", "[4]", 0, 4) + "}", 4);
  }

  @Test
  void rejectsOffsetsOutsideTheFile() {
    assertEquals(Optional.of("a"), rejected("{" + entry("a", "U8", "[9]", 0, 9) + "}", 8).tensor());
    rejected("{" + entry("a", "U8", "[4]", -4, 0) + "}", 4);
    rejected("{" + entry("a", "U8", "[4]", 4, 0) + "}", 4);
    long huge = 1L << 60;
    rejected("{" + entry("a", "U8", "[" + huge + "]", 0, huge) + "}", 8);
  }

  @Test
  void rejectsSizeThatIsNotShapeTimesType() {
    rejected("{" + entry("a", "F32", "[2]", 0, 4) + "}", 4);
    rejected("{" + entry("a", "F32", "[-1]", 0, 4) + "}", 4);
    // 2^62 elements of 4 bytes are 2^64 bytes, 0 after overflow.
    rejected("{" + entry("a", "F32", "[2147483648,2147483648]", 0, 0) + "}", 0);
    rejected("{" + entry("a", "F32", "[1.0]", 0, 4) + "}", 4);
    rejected("{" + entry("a", "F32", "4", 0, 4) + "}", 4);
  }

  @Test
  void rejectsNamesThatAppearTwice() {
    rejected("{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("a", "U8", "[4]", 4, 8) + "}", 8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        " {}",
        "{",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"\":{}}",
        "{}x",
        "{,}",
        "null",
        "{\"a\":{\"dtype\":\"F99\",\"shape\":[],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":4,\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"__metadata__\":1}",
        "{\"__metadata__\":{\"a\":1}}"
      })
  void rejectsHeadersThatBreakTheRules(String header) {
    rejected(header, 0);
  }

  @Test
  void rejectsHeaderLengthsBeyondFileAndLimit() {
    byte[] header = "{}      ".getBytes(StandardCharsets.UTF_8);
    for (long claimed : new long[] {9, 1000, 100_000_001, 1L << 60, -1, Long.MIN_VALUE, 0, 1}) {
      byte[] file = SafetensorsBytes.withLength(claimed, header, 0);
      assertThrows(FormatException.class, () -> open(file), "claimed " + claimed);
    }
    for (int length = 0; length < 10; length++) {
      byte[] file = new byte[length];
      assertThrows(FormatException.class, () -> open(file));
    }
  }

  @Test
  void rejectsHeadersThatAreNotUtf8() {
    byte[] header = "{\"__metadata__\":{\"a\":\"?\"}}".getBytes(StandardCharsets.UTF_8);
    header[header.length - 4] = (byte) 0xC0;
    FormatException e =
        assertThrows(FormatException.class, () -> open(SafetensorsBytes.of(header, 0)));
    assertTrue(e.getMessage().contains("UTF-8"), e.getMessage());
  }

  @Test
  void ignoresUnknownMembersOfAnEntry() throws IOException {
    String header =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"note\":[1,2]}}";
    try (SafetensorsFile file = open(header, 1)) {
      assertEquals(List.of("a"), file.names());
    }
  }

  @Test
  void namesWhatIsMissingAndWhatCannotBeRead() throws IOException {
    try (SafetensorsFile file = open("{" + entry("layer.codes", "U8", "[4]", 0, 4) + "}", 4)) {
      IllegalArgumentException unknown =
          assertThrows(IllegalArgumentException.class, () -> file.read("other.codes"));
      assertTrue(unknown.getMessage().contains("layer.codes"), unknown.getMessage());
      IllegalArgumentException integers =
          assertThrows(IllegalArgumentException.class, () -> file.read("layer.codes"));
      assertTrue(integers.getMessage().contains("U8"), integers.getMessage());
    }
  }

  @Test
  void closingEndsReadingButKeepsTensors() throws IOException {
    SafetensorsFile file = open("{" + entry("a", "F32", "[2]", 0, 8) + "}", 8);
    var segment = file.bytes("a");
    var tensor = file.read("a");
    file.close();
    file.close();
    assertEquals(2, tensor.length());
    assertThrows(IllegalStateException.class, () -> file.read("a"));
    assertThrows(IllegalStateException.class, () -> file.bytes("a"));
    assertFalse(segment.scope().isAlive());
  }

  @Test
  void linearWeightsAreMatricesOtherThanEmbeddingsAndBiases() throws IOException {
    String[] names = {
      "embeddings.word_embeddings.weight",
      "transformer.wte.weight",
      "h.0.attn.bias",
      "layer.0.dense.weight",
      "layer.0.codes",
      "vector",
      "row"
    };
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < names.length; i++) {
      String type = names[i].endsWith("codes") ? "U8" : "F16";
      String shape = names[i].equals("vector") ? "[4]" : names[i].equals("row") ? "[1,4]" : "[2,2]";
      long size = type.equals("U8") ? 4 : 8;
      long begin = 8L * i - (i > 4 ? 4 : 0);
      header.append(i == 0 ? "" : ",").append(entry(names[i], type, shape, begin, begin + size));
    }
    try (SafetensorsFile file = open(header + "}", 8 * names.length - 4)) {
      assertEquals(List.of("layer.0.dense.weight"), file.matrixNames());
    }
  }
}
