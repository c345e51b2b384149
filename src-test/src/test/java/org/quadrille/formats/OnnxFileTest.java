package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
  @TempDir Path folder;

  private OnnxFile open(byte[] model) throws IOException {
    return OnnxFile.open(Files.write(folder.resolve("x.onnx"), model));
  }

  private OnnxFile openGraph(ProtobufBytes graph) throws IOException {
    return open(OnnxBytes.model(graph).toBytes());
  }

  private OnnxFile openTensor(ProtobufBytes tensor) throws IOException {
    return openGraph(new ProtobufBytes().message(5, tensor));
  }

  private FormatException rejected(ProtobufBytes tensor) {
    return assertThrows(FormatException.class, () -> openTensor(tensor));
  }

  @Test
  void weightsOfLinearLayersAreNamedAfterTheirNodeAndTransposed() throws IOException {
    try (OnnxFile file = open(OnnxBytes.sample())) {
      String query = "layer.0.query.weight";
      assertEquals(
          List.of("table_out", query, "head.weight", "typed", "ids", "small"), file.names());
      assertEquals(List.of(query, "head.weight"), file.matrixNames());
      assertEquals(new TensorInfo(query, ElementType.F32, 3, 2), file.info(query));
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, file.read(query).floats());
      assertArrayEquals(
          ProtobufBytes.floats(1, 2, 3, 4, 5, 6), file.bytes(query).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void gemmWithTransBAndConstantsStayAsStored() throws IOException {
    try (OnnxFile file = open(OnnxBytes.sample())) {
      assertArrayEquals(new float[] {1, 2, 3, 4}, file.read("head.weight").floats());
      assertArrayEquals(new float[] {1, 2, 3, 4}, file.read("table_out").floats());
      assertFalse(file.isLinearWeight("table_out"));
    }
  }

  @Test
  void readsTypedFieldsAndMetadata() throws IOException {
    try (OnnxFile file = open(OnnxBytes.sample())) {
      assertArrayEquals(new float[] {7, 8, 9}, file.read("typed").floats());
      assertEquals(new TensorInfo("ids", ElementType.I64, 2), file.info("ids"));
      ByteBuffer ids = file.bytes("ids").asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(5, ids.getLong());
      assertEquals(-6, ids.getLong());
      assertArrayEquals(new byte[] {-1, 2}, file.bytes("small").toArray(ValueLayout.JAVA_BYTE));
      assertEquals("value", file.metadata().get("key"));
      assertEquals("hand", file.metadata().get("producer_name"));
    }
  }

  @Test
  void readsSizesAndNumbersThatAreNotPacked() throws IOException {
    ProtobufBytes tensor = new ProtobufBytes().varint(1, 2).varint(1, 2).varint(2, 1).text(8, "a");
    tensor.fixed32(4, Float.floatToIntBits(1)).bytes(4, ProtobufBytes.floats(2, 3));
    tensor.fixed32(4, Float.floatToIntBits(4));
    try (OnnxFile file = openTensor(tensor)) {
      assertArrayEquals(new int[] {2, 2}, file.read("a").shape());
      assertArrayEquals(new float[] {1, 2, 3, 4}, file.read("a").floats());
    }
    ProtobufBytes pieces = OnnxBytes.tensor("a", 1, 3).bytes(4, ProtobufBytes.floats(1, 2));
    try (OnnxFile file = openTensor(pieces.bytes(4, ProtobufBytes.floats(3)))) {
      assertArrayEquals(new float[] {1, 2, 3}, file.read("a").floats());
    }
    ProtobufBytes doubles = OnnxBytes.tensor("a", 11, 1).fixed64(10, Double.doubleToLongBits(0.1));
    try (OnnxFile file = openTensor(doubles)) {
      assertArrayEquals(new double[] {0.1}, file.read("a").doubles());
    }
    ProtobufBytes halves = OnnxBytes.tensor("a", 10, 2).packed(5, 0x3C00, 0xC000);
    try (OnnxFile file = openTensor(halves)) {
      assertArrayEquals(new float[] {1, -2}, file.read("a").floats());
    }
  }

  @Test
  void skipsUnknownFieldsOfEveryWireType() throws IOException {
    ProtobufBytes tensor = OnnxBytes.floats("a", new long[] {1}, 5);
    tensor.varint(1000, 1).fixed32(1001, 2).fixed64(1002, 3).text(1003, "x").varint(1 << 28, -1);
    try (OnnxFile file = openTensor(tensor)) {
      assertArrayEquals(new float[] {5}, file.read("a").floats());
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreLegal() throws IOException {
    try (OnnxFile file = openTensor(OnnxBytes.floats("a", new long[0], 5))) {
      assertEquals(0, file.read("a").rank());
    }
    for (ProtobufBytes empty :
        List.of(
            OnnxBytes.tensor("a", 1, 0, 4),
            OnnxBytes.tensor("a", 7, 0).packed(7),
            OnnxBytes.tensor("a", 1, 0).bytes(4, new byte[0]))) {
      try (OnnxFile file = openTensor(empty)) {
        assertEquals(0, file.info("a").byteCount());
      }
    }
  }

  @Test
  void aNameThatIsTakenKeepsTheOneOfTheFile() throws IOException {
    ProtobufBytes graph =
        new ProtobufBytes()
            .message(1, OnnxBytes.node("MatMul", "/a/MatMul", "x", "onnx::MatMul_1"))
            .message(1, OnnxBytes.node("MatMul", "/a/MatMul_1", "x", "onnx::MatMul_2"))
            .message(1, OnnxBytes.node("MatMul", "", "x", "onnx::MatMul_3"))
            .message(1, OnnxBytes.node("MatMul", "/b/MatMul", "x", "b.kept"));
    for (String name : List.of("onnx::MatMul_1", "onnx::MatMul_2", "onnx::MatMul_3", "b.kept")) {
      graph.message(5, OnnxBytes.floats(name, new long[] {1, 2}, 1, 2));
    }
    try (OnnxFile file = openGraph(graph)) {
      assertEquals(List.of("a.weight", "onnx::MatMul_2", "onnx::MatMul_3", "b.kept"), file.names());
      assertEquals(4, file.matrixNames().size());
      assertEquals(new TensorInfo("b.kept", ElementType.F32, 2, 1), file.info("b.kept"));
    }
  }

  @Test
  void rejectsDataOfAnotherSize() {
    assertTrue(
        rejected(OnnxBytes.floats("a", new long[] {3}, 1, 2)).tensor().orElse("").equals("a"));
    rejected(OnnxBytes.tensor("a", 1, 3));
    rejected(OnnxBytes.floats("a", new long[] {-1}, 1));
    rejected(OnnxBytes.floats("a", new long[] {1L << 60, 1L << 60}, 1));
    rejected(OnnxBytes.floats("a", new long[] {1L << 62}, 1));
    rejected(OnnxBytes.floats("a", new long[65], 1));
    rejected(OnnxBytes.tensor("a", 1, 1).bytes(4, new byte[3]));
  }

  @Test
  void rejectsWhatIsNotRead() {
    FormatException external = rejected(OnnxBytes.floats("a", new long[] {1}, 1).varint(14, 1));
    assertTrue(external.getMessage().contains("external"), external.getMessage());
    rejected(OnnxBytes.tensor("a", 8, 0));
    rejected(OnnxBytes.tensor("a", 99, 0));
    rejected(OnnxBytes.tensor("a", 0, 0));
    rejected(OnnxBytes.tensor("", 1, 0));
    rejected(OnnxBytes.tensor("a", 7, 1).fixed32(4, 0));
    rejected(OnnxBytes.tensor("a", 1, 1).fixed32(4, 0).varint(5, 0));
    ProtobufBytes twice =
        new ProtobufBytes()
            .message(5, OnnxBytes.tensor("a", 1, 0))
            .message(5, OnnxBytes.tensor("a", 1, 0));
    assertThrows(FormatException.class, () -> openGraph(twice));
  }

  @Test
  void rejectsBrokenWireFormat() {
    byte[] overlong = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80};
    for (ProtobufBytes model :
        List.of(
            new ProtobufBytes(),
            OnnxBytes.model(new ProtobufBytes()).message(7, new ProtobufBytes()),
            new ProtobufBytes().tag(7, 2).raw(1L << 60),
            new ProtobufBytes().tag(7, 2).raw(-1),
            new ProtobufBytes().tag(7, 2).raw(1),
            new ProtobufBytes().varint(7, 1),
            new ProtobufBytes().varint(0, 1),
            new ProtobufBytes().tag(7, 3),
            new ProtobufBytes().tag(7, 6),
            new ProtobufBytes().raw(1L << 40),
            new ProtobufBytes().append(overlong),
            new ProtobufBytes().append(overlong).append(overlong).append((byte) 1),
            new ProtobufBytes()
                .tag(1, 0)
                .append(overlong)
                .append(overlong[0], overlong[0])
                .append(overlong[0], overlong[0], (byte) 2),
            new ProtobufBytes().tag(1, 5).append((byte) 1),
            new ProtobufBytes().bytes(2, new byte[] {(byte) 0xFF}))) {
      assertThrows(FormatException.class, () -> open(model.toBytes()));
    }
  }

  @Test
  void nestedMessagesCannotReachBeyondTheirParent() {
    // A graph of two bytes whose tensor claims ten, which the file does hold.
    ProtobufBytes model = new ProtobufBytes().tag(7, 2).raw(2).tag(5, 2).raw(10);
    assertThrows(FormatException.class, () -> open(model.append(new byte[20]).toBytes()));
  }
}
