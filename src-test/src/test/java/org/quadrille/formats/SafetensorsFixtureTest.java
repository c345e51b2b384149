package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.ReferenceData;

/** The small file written by the reference implementation, against its values as text. */
class SafetensorsFixtureTest {
  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("float64", ElementType.F64),
          Map.entry("float32", ElementType.F32),
          Map.entry("float16", ElementType.F16),
          Map.entry("bfloat16", ElementType.BF16),
          Map.entry("int64", ElementType.I64),
          Map.entry("int32", ElementType.I32),
          Map.entry("int16", ElementType.I16),
          Map.entry("int8", ElementType.I8),
          Map.entry("uint8", ElementType.U8),
          Map.entry("bool", ElementType.BOOL));

  private final Path file = ReferenceData.file("lq-lora", "tiny.safetensors");
  private final List<Map<String, String>> rows =
      ReferenceData.csv("lq-lora", "tiny_safetensors.csv");

  @Test
  void listsEveryTensorWithTypeAndShape() throws IOException {
    try (Checkpoint model = Checkpoint.open(file)) {
      Set<String> expectedNames = new HashSet<>();
      for (Map<String, String> row : rows) {
        expectedNames.add(row.get("name"));
        TensorInfo info = model.info(row.get("name"));
        assertEquals(TYPES.get(row.get("dtype")), info.type());
        assertArrayEquals(shape(row), info.shape());
      }
      assertEquals(expectedNames, new HashSet<>(model.names()));
    }
  }

  @Test
  void readsEveryValue() throws IOException {
    try (Checkpoint model = Checkpoint.open(file)) {
      for (Map<String, String> row : rows) {
        String name = row.get("name");
        double[] actual =
            model.info(name).type().isFloatingPoint()
                ? model.read(name).toDoubles()
                : integers(model.bytes(name), model.info(name).type());
        assertArrayEquals(values(row), actual, name);
      }
    }
  }

  @Test
  void writingWhatWasReadGivesTheSameBytes(@TempDir Path folder) throws IOException {
    Path copy = folder.resolve("copy.safetensors");
    try (Checkpoint model = Checkpoint.open(file)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      model.metadata().forEach(writer::metadata);
      for (String name : model.names()) {
        writer.add(model.info(name), () -> model.bytes(name));
      }
      writer.write(copy);
    }
    assertEquals(-1, Files.mismatch(file, copy));
  }

  private static long[] shape(Map<String, String> row) {
    String text = row.get("shape");
    return text.isEmpty()
        ? new long[0]
        : Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray();
  }

  private static double[] values(Map<String, String> row) {
    String text = row.get("values").strip();
    return text.isEmpty()
        ? new double[0]
        : Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static double[] integers(MemorySegment bytes, ElementType type) {
    int n = (int) (bytes.byteSize() / type.bytes());
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      long at = (long) i * type.bytes();
      values[i] =
          switch (type) {
            case I64 ->
                bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at);
            case I32 ->
                bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at);
            case I16 ->
                bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at);
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
            default -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
          };
    }
    return values;
  }
}
