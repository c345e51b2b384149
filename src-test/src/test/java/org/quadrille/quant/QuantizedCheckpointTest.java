package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

class QuantizedCheckpointTest {
  @TempDir Path folder;

  private static Tensor random(int rows, int cols, long seed) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.zeros(DType.F32, rows, cols);
    for (int i = 0; i < tensor.length(); i++) {
      tensor.floats()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  @Test
  void everyBitComesBack() throws IOException {
    Tensor w = random(37, 53, 1);
    for (String text :
        List.of(
            "nf2/16/fp2/16/bf16",
            "nf3/64/fp8/256",
            "nf4/20/fp5/3/fp16",
            "nf5/64/fp3/256",
            "nf6/32/fp6/16",
            "nf7/16/fp7/64/bf16",
            "nf8/64/fp1/256")) {
      for (boolean aligned : new boolean[] {false, true}) {
        QuantizationConfig config = QuantizationConfig.parse(text);
        LqOptions options =
            LqOptions.of(BlockQuantizer.of(config).withRowAligned(aligned), 5).withIterations(2, 0);
        LqResult lq = LqDecomposition.decompose(w, options);
        Path path = folder.resolve("model.safetensors");
        String hash = QuantizedCheckpoint.sha256(w);
        new QuantizedCheckpointWriter()
            .metadata("made by", "a test")
            .add("layer.weight", lq.quantized(), Optional.of(lq.lowRank()), Optional.of(hash))
            .write(path);
        try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
          assertEquals(List.of("layer.weight"), model.matrixNames());
          assertEquals(Optional.of(hash), model.weightSha256("layer.weight"));
          assertEquals("a test", model.file().metadata().get("made by"));
          QuantizedMatrix q = model.quantized("layer.weight");
          assertEquals(config, q.config());
          assertEquals(aligned, q.rowAligned());
          assertArrayEquals(lq.quantized().dequantize().floats(), q.dequantize().floats(), text);
          var lowRank = model.lowRank("layer.weight");
          assertArrayEquals(lq.lowRank().left().toFloats(), lowRank.left().toFloats());
          assertArrayEquals(lq.lowRank().right().toFloats(), lowRank.right().toFloats());
          Tensor x = random(53, 2, 3);
          assertArrayEquals(
              lq.operator().apply(x).toFloats(),
              model.operator("layer.weight").apply(x).toFloats());
        }
      }
    }
  }

  @Test
  void matricesAreCopiedFromFileToFileWithAllTheirParts() throws IOException {
    Tensor w = random(24, 40, 4);
    LqResult lq = LqDecomposition.decompose(w, LqOptions.of(QuantizationConfig.DEFAULT, 3));
    float[] factors = new float[40];
    Arrays.fill(factors, 1.1f);
    Quantizer nf8 = Quantizer.parse("nf8/64/fp8/256");
    Path first = folder.resolve("first.safetensors");
    new QuantizedCheckpointWriter()
        .add("a", lq.quantized(), Optional.of(lq.lowRank()), Optional.of("known"))
        .add("b", Quantizer.parse("int4/16/fp8/16+zero+hadamard").quantize(w))
        .add("c", lq.quantized().withTransform(DiagonalScaling.of(factors)))
        .add("d", lq.quantized(), QuantizedFactors.of(lq.lowRank(), nf8), Optional.empty())
        .write(first);
    Path second = folder.resolve("second.safetensors");
    try (QuantizedCheckpoint source = QuantizedCheckpoint.open(first)) {
      QuantizedCheckpointWriter writer = new QuantizedCheckpointWriter();
      for (String name : source.matrixNames()) {
        writer.add(source, name);
      }
      writer.write(second);
    }
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @Test
  void hashIsOfLittleEndianFloats() {
    Tensor w = random(200, 150, 2);
    assertEquals(LqLoraData.sha256(w.floats()), QuantizedCheckpoint.sha256(w));
  }

  @Test
  void otherTensorsPassThrough() throws IOException {
    Path source = folder.resolve("source.safetensors");
    Tensor weight = random(6, 4, 1);
    Tensor bias = random(1, 6, 2).reshape(6);
    new SafetensorsWriter().add("layer.weight", weight).add("layer.bias", bias).write(source);
    Path path = folder.resolve("out.safetensors");
    QuantizedMatrix q = BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(weight);
    try (Checkpoint model = Checkpoint.open(source)) {
      new QuantizedCheckpointWriter()
          .add("other.weight", q)
          .addUnchanged(model, "layer.weight")
          .addUnchanged(model, "layer.bias")
          .write(path);
    }
    try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
      assertArrayEquals(weight.floats(), model.file().read("layer.weight").toFloats());
      assertArrayEquals(bias.floats(), model.file().read("layer.bias").toFloats());
      assertEquals(0, model.lowRank("other.weight").rank());
      assertFalse(model.weightSha256("other.weight").isPresent());
      assertThrows(IllegalArgumentException.class, () -> model.quantized("layer.weight"));
    }
  }

  @Test
  void userTableComesBack() throws IOException {
    var quantizer =
        new BlockQuantizer(QuantizationConfig.DEFAULT, Codebook.abnormalFloat4(), false);
    QuantizedMatrix q = quantizer.quantize(random(9, 9, 1));
    Path path = folder.resolve("af4.safetensors");
    new QuantizedCheckpointWriter().add("w", q).write(path);
    try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
      assertEquals(q.codebook(), model.quantized("w").codebook());
      assertEquals("af4", model.quantized("w").codebook().name());
      assertArrayEquals(q.dequantize().floats(), model.quantized("w").dequantize().floats());
    }
  }

  private byte[] file() throws IOException {
    return file(BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(random(16, 16, 1)));
  }

  private byte[] file(QuantizedMatrix q) throws IOException {
    Path path = folder.resolve("good.safetensors");
    new QuantizedCheckpointWriter().add("w", q).write(path);
    return Files.readAllBytes(path);
  }

  @Test
  void damagedNewPartsAreRefusedWithTheReason() throws IOException {
    Tensor w = random(16, 16, 1);
    byte[] rotated = file(Quantizer.parse("int4/16/fp8/16+zero+hadamard").quantize(w));
    assertRejected(rotated, "version\":\"2\"", "version\":\"3\"", "reads 1 and 2");
    assertRejected(rotated, "w.zero_codes", "w.zerO_codes", "w.zero_codes");
    assertRejected(rotated, "hadamard", "hadaMARD", "hadaMARD");
    assertRejected(rotated, "\\\"blockSize\\\":128", "\\\"blockSize\\\":129", "power of two");
    assertRejected(rotated, "0000000000000001", "000000000000000x", "16 hexadecimal digits");
    float[] factors = new float[16];
    Arrays.fill(factors, 1.1f);
    byte[] scaled =
        file(
            BlockQuantizer.of(QuantizationConfig.DEFAULT)
                .quantize(w)
                .withTransform(DiagonalScaling.of(factors)));
    assertRejected(scaled, "w.column_scales", "w.column_sCales", "w.column_scales");
    Random random = new Random(12);
    Path path = folder.resolve("damaged.safetensors");
    for (int round = 0; round < 200; round++) {
      byte[] bytes = (round % 2 == 0 ? rotated : scaled).clone();
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(path, bytes);
      try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
        for (String name : model.matrixNames()) {
          assertTrue(model.quantized(name).dequantize().isFinite());
        }
      } catch (FormatException e) {
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
      }
    }
  }

  private FormatException rejected(byte[] bytes) throws IOException {
    Path path = folder.resolve("bad.safetensors");
    Files.write(path, bytes);
    return assertThrows(
        FormatException.class,
        () -> {
          try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
            for (String name : model.matrixNames()) {
              model.quantized(name);
              model.lowRank(name);
            }
          }
        });
  }

  /** The file with some text of its header replaced by text of the same length. */
  private static byte[] edited(byte[] bytes, String from, String to) {
    assertEquals(from.length(), to.length());
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from), text.substring(0, Math.min(text.length(), 900)));
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  private void assertRejected(String from, String to, String part) throws IOException {
    assertRejected(file(), from, to, part);
  }

  private void assertRejected(byte[] bytes, String from, String to, String part)
      throws IOException {
    String message = rejected(edited(bytes, from, to)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void corruptFilesAreRefusedWithTheReason() throws IOException {
    assertRejected("version\":\"1\"", "version\":\"7\"", "version 7");
    assertRejected("[16,16]", "[16,17]", "n is 256, the shape has 272");
    assertRejected("\\\"bits\\\":4", "\\\"bits\\\":5", "w");
    assertRejected("\\\"bits\\\":4", "\\\"bits\\\":9", "expected 2 to 8");
    assertRejected("\\\"groupType\\\":\\\"fp32\\\"", "\\\"groupType\\\":\\\"fp64\\\"", "fp64");
    assertRejected("bit-stream", "bit-strEAM", "layout is bit-strEAM");
    assertRejected("\\\"blockSize\\\":64", "\\\"blockSize\\\":32", "scale codes: given 4");
    assertRejected("w.levels", "w.lEvels", "w.levels");
    assertRejected("\\\"offset\\\":\\\"0x", "\\\"offset\\\":\\\"-x", "w");
    byte[] bytes = file();
    for (int length = 0; length < bytes.length; length += 1 + length / 7) {
      assertTrue(!rejected(Arrays.copyOf(bytes, length)).getMessage().isEmpty());
    }
  }

  @Test
  void randomDamageNeverEscapesAsAnotherException() throws IOException {
    byte[] good = file();
    Random random = new Random(11);
    Path path = folder.resolve("damaged.safetensors");
    for (int round = 0; round < 200; round++) {
      byte[] bytes = good.clone();
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(path, bytes);
      try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
        for (String name : model.matrixNames()) {
          assertTrue(model.quantized(name).dequantize().isFinite());
        }
      } catch (FormatException e) {
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
      }
    }
  }

  @Test
  void writerRefusesWhatDoesNotFit() {
    QuantizedMatrix q = BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(random(8, 8, 1));
    LqResult other =
        LqDecomposition.decompose(random(9, 8, 1), LqOptions.of(QuantizationConfig.DEFAULT, 2));
    QuantizedCheckpointWriter writer = new QuantizedCheckpointWriter().add("w", q);
    assertThrows(IllegalArgumentException.class, () -> writer.add("w", q));
    assertThrows(
        IllegalArgumentException.class,
        () -> writer.add("v", q, Optional.of(other.lowRank()), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class, () -> writer.metadata("quadrille.quantized.version", "2"));
  }
}
