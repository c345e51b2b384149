package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.linalg.Tensor;

class CheckpointTest {
  @TempDir Path folder;

  @Test
  void formatIsChosenByExtension() throws IOException {
    Path safetensors = folder.resolve("Model.SafeTensors");
    new SafetensorsWriter().add("a", Tensor.of(new float[1], 1)).write(safetensors);
    Path onnx = Files.write(folder.resolve("model.onnx"), OnnxBytes.sample());
    try (Checkpoint first = Checkpoint.open(safetensors);
        Checkpoint second = Checkpoint.open(onnx)) {
      assertInstanceOf(SafetensorsFile.class, first);
      assertInstanceOf(OnnxFile.class, second);
      assertEquals(onnx, second.path());
    }
  }

  @Test
  void unknownFormatsSayWhatIsExpected() throws IOException {
    assertThrows(NoSuchFileException.class, () -> Checkpoint.open(folder.resolve("missing")));
    for (String name : List.of("model.bin", "matrix.npy", "noextension")) {
      Path file = Files.writeString(folder.resolve(name), "x");
      assertThrows(FormatException.class, () -> Checkpoint.open(file), name);
    }
    Path empty = Files.createDirectory(folder.resolve("empty"));
    String message = assertThrows(FormatException.class, () -> Checkpoint.open(empty)).getMessage();
    assertTrue(message.contains(".safetensors") && message.contains(".npy"), message);
  }

  @Test
  void tensorsBeyondOneArrayAreListedButNotRead() throws IOException {
    // A sparse file: three billion bytes claimed and present, almost none on the disk.
    long size = 3_000_000_000L;
    byte[] start =
        SafetensorsBytes.of(
            "{" + SafetensorsBytes.entry("large", "BF16", "[3,500000000]", 0, size) + "}", 0);
    Path file = folder.resolve("large.safetensors");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(start));
      channel.write(ByteBuffer.wrap(new byte[1]), start.length + size - 1);
    }
    try (Checkpoint model = Checkpoint.open(file)) {
      assertEquals(size, model.bytes("large").byteSize());
      assertEquals(1_500_000_000L, model.info("large").elementCount());
    }
    TensorInfo info = new TensorInfo("large", ElementType.F32, 3, 1_000_000_000);
    String message =
        assertThrows(IllegalArgumentException.class, () -> TensorBytes.intShape(info)).getMessage();
    assertTrue(message.contains("2147483639") && message.contains("bytes()"), message);
  }

  @Test
  void infoKnowsSizesAndRejectsImpossibleOnes() {
    TensorInfo info = new TensorInfo("w", ElementType.F16, 3, 4);
    assertEquals(12, info.elementCount());
    assertEquals(24, info.byteCount());
    assertEquals("w F16[3, 4]", info.toString());
    assertEquals(info, new TensorInfo("w", ElementType.F16, 3, 4));
    assertEquals(info.hashCode(), new TensorInfo("w", ElementType.F16, 3, 4).hashCode());
    assertNotEquals(info, new TensorInfo("w", ElementType.F16, 4, 3));
    long[] shape = info.shape();
    shape[0] = 7;
    assertArrayEquals(new long[] {3, 4}, info.shape());
    assertEquals(1, new TensorInfo("s", ElementType.F64).elementCount());
    assertEquals(0, new TensorInfo("e", ElementType.F64, 1L << 62, 1L << 62, 0).byteCount());
    for (long[] bad :
        new long[][] {{-1}, {0, -1}, {1L << 62}, {1L << 32, 1L << 32}, {Long.MAX_VALUE, 2}}) {
      assertThrows(IllegalArgumentException.class, () -> new TensorInfo("x", ElementType.F32, bad));
    }
  }
}
