package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.Tensor;

/** Files put together from what bitsandbytes itself computed. */
class BitsAndBytesCheckpointTest {
  @TempDir Path folder;

  private static String state(String extra) {
    return "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"shape\": [2, 96], \"dtype\": \"float32\""
        + extra
        + "}";
  }

  private static void addState(SafetensorsWriter writer, String name, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    writer.add(
        new TensorInfo(name + ".quant_state.bitsandbytes__nf4", ElementType.U8, bytes.length),
        bytes);
  }

  private static void addBytes(SafetensorsWriter writer, String name, byte[] bytes, int... shape) {
    writer.add(new TensorInfo(name, ElementType.U8, longs(shape)), bytes);
  }

  private static long[] longs(int... shape) {
    long[] sizes = new long[shape.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape[i];
    }
    return sizes;
  }

  private static void addFloats(SafetensorsWriter writer, String name, float[] values) {
    writer.add(name, Tensor.of(values, values.length));
  }

  @Test
  void storedWeightsDequantizeToTheKnownHashes() throws IOException {
    float[] map = BitsAndBytes.dynamicMap().levels();
    for (Map<String, String> row : LqLoraData.csv("bnb_nf4.csv")) {
      Tensor matrix = LqLoraData.matrix(row.get("matrix"));
      String shape =
          "{\"quant_type\":\"nf4\",\"shape\":["
              + matrix.size(0)
              + ","
              + matrix.size(1)
              + "],\"dtype\":\"float32\",\"blocksize\":"
              + row.get("blocksize");
      byte[] packed = HexFormat.of().parseHex(row.get("packed_hex"));
      byte[] nestedCodes = HexFormat.of().parseHex(row.get("nested_codes_hex"));
      SafetensorsWriter writer = new SafetensorsWriter();
      addBytes(writer, "plain", packed, packed.length, 1);
      addFloats(writer, "plain.absmax", LqLoraData.floats(row.get("absmax")));
      addFloats(writer, "plain.quant_map", Codebook.normalFloat(4).levels());
      addState(writer, "plain", shape + "}");
      addBytes(writer, "nested", packed, packed.length, 1);
      addBytes(writer, "nested.absmax", nestedCodes, nestedCodes.length);
      addFloats(writer, "nested.quant_map", Codebook.normalFloat(4).levels());
      addFloats(writer, "nested.nested_absmax", LqLoraData.floats(row.get("nested_absmax")));
      addFloats(writer, "nested.nested_quant_map", map);
      addState(
          writer,
          "nested",
          shape
              + ",\"nested_blocksize\":256,\"nested_dtype\":\"float32\",\"nested_offset\":"
              + row.get("nested_offset")
              + "}");
      Path path = folder.resolve("model.safetensors");
      writer.write(path);
      try (BitsAndBytesCheckpoint model = BitsAndBytesCheckpoint.open(path)) {
        assertEquals(List.of("plain", "nested"), model.matrixNames());
        Tensor plain = model.dequantize("plain");
        assertArrayEquals(matrix.shape(), plain.shape());
        assertEquals(row.get("dequant_sha256_single"), LqLoraData.sha256(plain.toFloats()));
        assertEquals(
            row.get("dequant_sha256_nested"),
            LqLoraData.sha256(model.dequantize("nested").toFloats()));
      }
    }
  }

  private Path file(String json, int scales) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    byte[] packed = new byte[96];
    Arrays.fill(packed, (byte) 0x1f);
    addBytes(writer, "w", packed, 96, 1);
    addFloats(writer, "w.absmax", new float[scales]);
    addFloats(writer, "w.quant_map", Codebook.normalFloat(4).levels());
    addState(writer, "w", json);
    Path path = folder.resolve("w.safetensors");
    writer.write(path);
    return path;
  }

  private void assertRejected(String json, int scales, String part) throws IOException {
    Path path = file(json, scales);
    try (BitsAndBytesCheckpoint model = BitsAndBytesCheckpoint.open(path)) {
      String message =
          assertThrows(FormatException.class, () -> model.dequantize("w")).getMessage();
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void damagedFilesAreRefusedWithTheReason() throws IOException {
    try (BitsAndBytesCheckpoint model = BitsAndBytesCheckpoint.open(file(state(""), 3))) {
      assertEquals(192, model.dequantize("w").length());
      assertThrows(IllegalArgumentException.class, () -> model.dequantize("v"));
    }
    assertRejected(state(""), 4, "w.absmax");
    assertRejected(state(", \"nested_blocksize\": 256"), 3, "nested_offset");
    assertRejected(state(", \"nested_blocksize\": 256, \"nested_offset\": 0.5"), 3, "w.absmax");
    assertRejected(state("").replace("64", "-64"), 3, "positive block sizes");
    assertRejected(state("").replace("[2, 96]", "[2, 97]"), 4, "97 elements");
    assertRejected(state("").replace("[2, 96]", "[0, 96]"), 3, "expected sizes");
    assertRejected(state("").replace("[2, 96]", "[70000, 70000]"), 3, "below 2^31");
    assertRejected("{\"shape\"", 3, "quant_state");
    Path other = folder.resolve("other.safetensors");
    new SafetensorsWriter().add("w", Tensor.of(new float[4], 2, 2)).write(other);
    assertTrue(
        assertThrows(FormatException.class, () -> BitsAndBytesCheckpoint.open(other))
            .getMessage()
            .contains("no 4-bit bitsandbytes weights"));
    Files.write(other, new byte[3]);
    assertThrows(FormatException.class, () -> BitsAndBytesCheckpoint.open(other));
  }
}
