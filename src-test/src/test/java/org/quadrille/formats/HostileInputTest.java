package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Damaged files of every format end in an {@link IOException} or in tensors, never in another
 * exception, and never in more memory than the file can justify.
 */
class HostileInputTest {
  private static final int TRIES = 15;

  /** Fixed cost of opening a file, and a bound on what one byte of it may cost. */
  private static final long BASE_BYTES = 1 << 20;

  private static final long BYTES_PER_BYTE = 400;

  private interface Reader {
    void read(Path file) throws IOException;
  }

  private static void readAll(Checkpoint model) throws IOException {
    for (String name : model.names()) {
      model.bytes(name);
      TensorInfo info = model.info(name);
      boolean fits = Arrays.stream(info.shape()).allMatch(size -> size < 1 << 30);
      if (info.type().isFloatingPoint() && fits) {
        Tensor tensor = model.read(name);
        assertTrue(tensor.length() == info.elementCount());
      }
    }
  }

  private static void readCheckpoint(Path file) throws IOException {
    try (Checkpoint model = Checkpoint.open(file)) {
      readAll(model);
    }
  }

  /** Reads a file; an IOException is as good as a result. */
  private static void survives(Path file, Reader reader, long size) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.read(file);
    } catch (IOException _) {
      // The wanted end of a damaged file.
    } catch (RuntimeException | Error e) {
      byte[] content = Files.readAllBytes(file);
      fail(file.getFileName() + ": " + new String(content, StandardCharsets.ISO_8859_1), e);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated < BASE_BYTES + BYTES_PER_BYTE * size,
        allocated + " bytes allocated for a file of " + size);
  }

  private static byte[] damaged(byte[] content, SplittableRandom random) {
    byte[] bytes = content.clone();
    for (int i = random.nextInt(1, 5); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = (byte) 0xFF;
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> {
          int from = random.nextInt(bytes.length);
          int n = Math.min(random.nextInt(1, 16), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, n);
        }
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 20));
          System.arraycopy(bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private static void fuzz(String name, byte[] content, long seed, Reader reader)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (ScratchFolder scratch = new ScratchFolder()) {
      for (int i = 0; i < 10; i++) {
        byte[] bytes = damaged(content, random);
        survives(scratch.write(i + name, bytes), reader, bytes.length);
      }
    }
  }

  @Property(tries = TRIES)
  void safetensors(@ForAll long seed) throws IOException {
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path file = scratch.file("x.safetensors");
      new SafetensorsWriter()
          .metadata("format", "pt")
          .add("a", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))
          .add("b", Tensor.of(new float[] {1, 2}, 2), ElementType.BF16)
          .add("empty", Tensor.zeros(DType.F64, 0, 3))
          .write(file);
      fuzz("x.safetensors", Files.readAllBytes(file), seed, HostileInputTest::readCheckpoint);
    }
  }

  @Property(tries = TRIES)
  void onnx(@ForAll long seed) throws IOException {
    fuzz("x.onnx", OnnxBytes.sample(), seed, HostileInputTest::readCheckpoint);
  }

  @Property(tries = TRIES)
  void npy(@ForAll long seed) throws IOException {
    String header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1, 2), }\n";
    byte[] content = NpyFileTest.npy(1, header, ProtobufBytes.floats(1, 2, 3, 4));
    fuzz("x.npy", content, seed, NpyFile::read);
  }

  @Property(tries = TRIES)
  void csv(@ForAll long seed) throws IOException {
    byte[] content = "a,\"b\"\n1,2.5e3\r\n-3,4\n".getBytes(StandardCharsets.UTF_8);
    fuzz("x.csv", content, seed, file -> CsvTable.read(file).matrix());
    fuzz("y.csv", content, seed, CsvMatrix::read);
  }

  @Property(tries = TRIES)
  void json(@ForAll long seed) throws IOException {
    String text = "{\"a\":[1,-2.5e3,true,null,\"\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":[[]]}}";
    fuzz("x.json", text.getBytes(StandardCharsets.UTF_8), seed, Json::read);
  }

  @Property(tries = TRIES)
  void tensorFlowIndex(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path index = BundleBytes.write(scratch.path(), BundleBytes.sampleIndex());
      for (int i = 0; i < 10; i++) {
        Files.write(index, damagedIndex(random));
        survives(index, HostileInputTest::readCheckpoint, Files.size(index) + 60);
      }
    }
  }

  /** Damage inside blocks and entries keeps valid checksums, or none of it would be looked at. */
  private static byte[] damagedIndex(SplittableRandom random) {
    Map<String, byte[]> rows = BundleBytes.sampleRows();
    switch (random.nextInt(3)) {
      case 0:
        return damaged(BundleBytes.sampleIndex(), random);
      case 1:
        byte[] entries = damaged(BundleBytes.entries(rows), random);
        return BundleBytes.table(List.of(BundleBytes.block(entries, 1, 0)));
      default:
        List<String> names = List.copyOf(rows.keySet());
        rows.computeIfPresent(
            names.get(random.nextInt(names.size())), (_, value) -> damaged(value, random));
        return BundleBytes.table(rows);
    }
  }

  @Test
  void claimsOfHugeSizesAllocateNothing() throws IOException {
    long huge = 1L << 60;
    Map<String, byte[]> hugeFiles =
        Map.of(
            "length.safetensors",
            SafetensorsBytes.withLength(huge, "{}".getBytes(StandardCharsets.UTF_8), 0),
            "limit.safetensors",
            SafetensorsBytes.withLength(99_999_999, "{}".getBytes(StandardCharsets.UTF_8), 0),
            "shape.safetensors",
            SafetensorsBytes.of(
                "{" + SafetensorsBytes.entry("a", "U8", "[" + huge + "]", 0, huge) + "}", 8),
            "length.onnx",
            new ProtobufBytes().tag(7, 2).raw(huge).append(new byte[9]).toBytes(),
            "dims.onnx",
            OnnxBytes.model(
                    new ProtobufBytes()
                        .message(5, OnnxBytes.floats("a", new long[] {1L << 30, 1L << 28}, 1)))
                .toBytes(),
            "int32.onnx",
            OnnxBytes.model(
                    new ProtobufBytes()
                        .message(5, OnnxBytes.tensor("a", 6, Integer.MAX_VALUE).packed(5, 1, 2)))
                .toBytes(),
            "shards.index",
            BundleBytes.table(Map.of("", BundleBytes.header(Integer.MAX_VALUE).toBytes())),
            "key.index",
            BundleBytes.table(
                List.of(
                    BundleBytes.block(
                        new ProtobufBytes().raw(0).raw(huge).raw(huge).toBytes(), 1, 0))));
    try (ScratchFolder scratch = new ScratchFolder()) {
      for (Map.Entry<String, byte[]> entry : hugeFiles.entrySet()) {
        Path file = scratch.write(entry.getKey(), entry.getValue());
        survives(file, HostileInputTest::readCheckpoint, entry.getValue().length);
      }
      String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + huge / 16 + ",), }";
      byte[] npy = NpyFileTest.npy(2, header, new byte[8]);
      survives(scratch.write("x.npy", npy), NpyFile::read, npy.length);
    }
  }

  @Test
  void manySmallThingsCostInProportion() throws IOException {
    int n = 20_000;
    StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
    StringBuilder nested = new StringBuilder("{\"x\":[");
    ProtobufBytes graph = new ProtobufBytes();
    for (int i = 0; i < n; i++) {
      header.append(',').append(SafetensorsBytes.entry("t" + i, "U8", "[1]", i, i + 1));
      nested.append(i == 0 ? "" : ",").append("{\"").append(i).append("\":[]}");
      graph.message(5, OnnxBytes.tensor("t" + i, 1, 0));
    }
    byte[] safetensors = SafetensorsBytes.of(header.append('}').toString(), n);
    byte[] json = nested.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    byte[] onnx = OnnxBytes.model(graph).toBytes();
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path file = scratch.write("x.safetensors", safetensors);
      survives(file, HostileInputTest::readCheckpoint, safetensors.length);
      survives(scratch.write("x.json", json), Json::read, json.length);
      survives(scratch.write("x.onnx", onnx), HostileInputTest::readCheckpoint, onnx.length);
    }
  }
}
