package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @Property(tries = 60)
  void anyBytesSurvive(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    SafetensorsWriter writer = new SafetensorsWriter();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      metadata.put("key " + i + "\n\u00e9\ud83d\ude00", "value \"" + random.nextLong());
    }
    metadata.forEach(writer::metadata);
    List<TensorInfo> infos = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      ElementType type = ElementType.values()[random.nextInt(ElementType.values().length)];
      long[] shape = random.longs(random.nextInt(4), 0, 5).toArray();
      TensorInfo info = new TensorInfo("t\u00e4nsor/" + i + "\"", type, shape);
      byte[] content = new byte[(int) info.byteCount()];
      random.nextBytes(content);
      infos.add(info);
      contents.add(content);
      writer.add(info, content);
    }
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path path = scratch.file("deep/folder/x.safetensors");
      writer.write(path);
      long headerBytes =
          ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertEquals(0, headerBytes % 8);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertEquals(metadata, file.metadata());
        assertEquals(
            infos.stream().map(TensorInfo::name).sorted().toList(),
            file.names().stream().sorted().toList());
        for (int i = 0; i < infos.size(); i++) {
          String name = infos.get(i).name();
          assertEquals(infos.get(i), file.info(name));
          assertArrayEquals(contents.get(i), file.bytes(name).toArray(ValueLayout.JAVA_BYTE));
        }
      }
    }
  }

  @Test
  void tensorsOfBothPrecisionsAndAnyStridesSurvive() throws IOException {
    Tensor single = Tensor.of(new float[] {1, -2, Float.MIN_VALUE, 4, 5, 6}, 2, 3);
    Tensor twice = Tensor.of(new double[] {Math.PI, -0.0, 1e300}, 3);
    Path path = folder.resolve("x.safetensors");
    Tensors all = Tensors.of("single", single).put("transposed", single.transpose());
    new SafetensorsWriter()
        .addAll(all.put("twice", twice).put("slice", single.slice(1, 1, 3)))
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(List.of("single", "transposed", "twice", "slice"), file.names());
      assertArrayEquals(single.floats(), file.read("single").floats());
      assertArrayEquals(single.transpose().toFloats(), file.read("transposed").floats());
      assertArrayEquals(twice.doubles(), file.read("twice").doubles());
      assertArrayEquals(new float[] {-2, Float.MIN_VALUE, 5, 6}, file.read("slice").floats());
    }
  }

  @Test
  void convertsWhenAskedTo() throws IOException {
    Tensor values = Tensor.of(new float[] {1, 1.00390625f, -3.14159f, 65504}, 4);
    Path path = folder.resolve("x.safetensors");
    new SafetensorsWriter()
        .add("f16", values, ElementType.F16)
        .add("bf16", values, ElementType.BF16)
        .add("f64", values, ElementType.F64)
        .add("f32", Tensor.of(new double[] {0.1, 1e-30}, 2), ElementType.F32)
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (int i = 0; i < values.length(); i++) {
        float value = values.floats()[i];
        assertEquals(HalfPrecision.round(ElementType.F16, value), file.read("f16").floats()[i]);
        assertEquals(HalfPrecision.round(ElementType.BF16, value), file.read("bf16").floats()[i]);
        assertEquals(value, file.read("f64").doubles()[i]);
      }
      assertArrayEquals(new float[] {0.1f, 1e-30f}, file.read("f32").floats());
    }
    Tensor doubles = Tensor.of(new double[] {1}, 1);
    SafetensorsWriter writer = new SafetensorsWriter();
    assertThrows(IllegalArgumentException.class, () -> writer.add("x", doubles, ElementType.F16));
    assertThrows(IllegalArgumentException.class, () -> writer.add("x", doubles, ElementType.I64));
  }

  @Test
  void tensorsBeyondOneBufferSurvive() throws IOException {
    float[] values = new float[(1 << 18) + 777];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    Tensor tensor = Tensor.of(values, values.length);
    Path path = folder.resolve("x.safetensors");
    new SafetensorsWriter().add("f32", tensor).add("bf16", tensor, ElementType.BF16).write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertArrayEquals(values, file.read("f32").floats());
      float[] rounded = file.read("bf16").floats();
      for (int i = 0; i < values.length; i++) {
        assertEquals(HalfPrecision.round(ElementType.BF16, values[i]), rounded[i]);
      }
    }
  }

  @Test
  void failureLeavesTheFormerFileAndNothingElse() throws IOException {
    Path path = folder.resolve("x.safetensors");
    Files.writeString(path, "former");
    TensorInfo info = new TensorInfo("a", ElementType.U8, 3);
    SafetensorsWriter failing =
        new SafetensorsWriter()
            .add(
                info,
                () -> {
                  throw new IOException("the disk is gone");
                });
    assertEquals(
        "the disk is gone",
        assertThrows(IOException.class, () -> failing.write(path)).getMessage());
    SafetensorsWriter wrongSize = new SafetensorsWriter().add(info, new byte[4]);
    assertThrows(IllegalArgumentException.class, () -> wrongSize.write(path));
    assertEquals("former", Files.readString(path));
    assertEquals(List.of("x.safetensors"), ScratchFolder.namesIn(folder));
  }

  @Test
  void rejectsNamesThatAreTakenOrReserved() {
    SafetensorsWriter writer =
        new SafetensorsWriter().add(new TensorInfo("a", ElementType.U8, 1), new byte[1]);
    Tensor tensor = Tensor.of(new float[1], 1);
    assertThrows(IllegalArgumentException.class, () -> writer.add("a", tensor));
    assertThrows(IllegalArgumentException.class, () -> writer.add("__metadata__", tensor));
    assertThrows(IllegalArgumentException.class, () -> writer.add("", tensor));
  }
}
