package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

class NpyFileTest {
  @TempDir Path folder;

  /** A file of that version, its header padded as NumPy does, or a header of any text. */
  static byte[] npy(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer start =
        ByteBuffer.allocate(version == 1 ? 10 : 12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    start = version == 1 ? start.putShort((short) text.length) : start.putInt(text.length);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(start.array());
    file.writeBytes(text);
    file.writeBytes(data);
    return file.toByteArray();
  }

  private static String header(String descr, String fortran, String shape) {
    return "{'descr': '"
        + descr
        + "', 'fortran_order': "
        + fortran
        + ", 'shape': "
        + shape
        + ", }\n";
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("x.npy"), content);
  }

  private Tensor read(int version, String header, byte[] data) throws IOException {
    return NpyFile.read(file(npy(version, header, data)));
  }

  @Property(tries = 60)
  void anyTensorSurvives(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int[] shape = random.ints(random.nextInt(5), 0, 5).toArray();
    Tensor twice = Tensor.zeros(DType.F64, shape);
    for (int i = 0; i < twice.length(); i++) {
      twice.doubles()[i] = Double.longBitsToDouble(random.nextLong());
    }
    Tensor single = twice.to(DType.F32);
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path path = scratch.file("x.npy");
      NpyFile.write(path, twice);
      assertArrayEquals(shape, NpyFile.read(path).shape());
      assertArrayEquals(twice.doubles(), NpyFile.read(path).doubles());
      NpyFile.write(path, single);
      assertArrayEquals(single.floats(), NpyFile.read(path).floats());
      assertArrayEquals(shape, NpyFile.read(path).shape());
    }
  }

  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    // numpy.save(path, numpy.arange(6, dtype='<f4').reshape(2, 3))
    String expected =
        "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046"
            + "616c73652c20277368617065273a2028322c2033292c207d"
            + "20".repeat(58)
            + "0a"
            + "000000000000803f0000004000004040000080400000a040";
    Path path = folder.resolve("x.npy");
    NpyFile.write(path, Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3));
    assertEquals(expected, HexFormat.of().formatHex(Files.readAllBytes(path)));
  }

  @Test
  void readsAllVersionsAndHalves() throws IOException {
    byte[] data = ProtobufBytes.floats(1, 2, 3);
    for (int version = 1; version <= 3; version++) {
      Tensor tensor = read(version, header("<f4", "False", "(3,)"), data);
      assertArrayEquals(new float[] {1, 2, 3}, tensor.floats());
    }
    Tensor halves = read(1, header("<f2", "False", "(2,)"), new byte[] {0, 0x3C, 0, (byte) 0xC0});
    assertArrayEquals(new float[] {1, -2}, halves.floats());
    Tensor scalar = read(1, header("<f4", "False", "()"), ProtobufBytes.floats(7));
    assertEquals(7, scalar.get());
  }

  @Test
  void readsFortranOrderAsTheSameMatrix() throws IOException {
    Tensor matrix =
        read(1, header("<f4", "True", "(2, 3)"), ProtobufBytes.floats(1, 4, 2, 5, 3, 6));
    assertArrayEquals(new int[] {2, 3}, matrix.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, matrix.floats());
    float[] cube = new float[24];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 4; k++) {
          cube[i + 2 * j + 6 * k] = 100 * i + 10 * j + k;
        }
      }
    }
    Tensor tensor = read(1, header("<f4", "True", "(2, 3, 4)"), ProtobufBytes.floats(cube));
    assertEquals(123, tensor.get(1, 2, 3));
    assertEquals(21, tensor.get(0, 2, 1));
    assertTrue(tensor.isContiguous());
  }

  @Test
  void fortranOrderOfAnySizeIsTheTranspose() throws IOException {
    int[] sizes = {1, 2, 3, 4, 5, 31, 32, 33, 70};
    Path path = folder.resolve("x.npy");
    for (int rows : sizes) {
      for (int cols : sizes) {
        Tensor matrix = Tensor.zeros(DType.F64, rows, cols);
        for (int i = 0; i < matrix.length(); i++) {
          matrix.doubles()[i] = i;
        }
        String header = header("<f4", "True", "(" + rows + ", " + cols + ")");
        byte[] columns = ProtobufBytes.floats(matrix.transpose().toFloats());
        Files.write(path, npy(1, header, columns));
        assertArrayEquals(matrix.toFloats(), NpyFile.read(path).floats(), rows + " x " + cols);
        Files.write(path, npy(1, header.replace("f4", "f8"), doubles(matrix.transpose())));
        assertArrayEquals(matrix.doubles(), NpyFile.read(path).doubles(), rows + " x " + cols);
      }
    }
  }

  private static byte[] doubles(Tensor tensor) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * tensor.length()).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(tensor.toDoubles());
    return buffer.array();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1L,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} {"
      })
  void rejectsOtherHeaders(String header) {
    FormatException e =
        assertThrows(FormatException.class, () -> read(1, header, ProtobufBytes.floats(1)));
    assertTrue(e.path().isPresent(), e.getMessage());
  }

  @Test
  void rejectsOtherFilesAndLengthsBeyondTheFile() throws IOException {
    byte[] good = npy(1, header("<f4", "False", "(1,)"), ProtobufBytes.floats(1));
    assertEquals(1, NpyFile.read(file(good)).length());
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThrows(FormatException.class, () -> NpyFile.read(file(cut)));
    }
    for (int i = 0; i < 8; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x40;
      assertThrows(FormatException.class, () -> NpyFile.read(file(bad)));
    }
    byte[] huge = npy(2, header("<f4", "False", "(1,)"), ProtobufBytes.floats(1));
    for (int i = 8; i < 12; i++) {
      huge[i] = (byte) 0xFF;
    }
    assertThrows(FormatException.class, () -> NpyFile.read(file(huge)));
    assertThrows(FormatException.class, () -> NpyFile.read(folder));
  }

  @Test
  void folderOfArraysIsACheckpoint() throws IOException {
    NpyFile.write(folder.resolve("b.weight.npy"), Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    NpyFile.write(folder.resolve("a.npy"), Tensor.of(new double[] {1}, 1));
    Files.write(
        folder.resolve("f.npy"),
        npy(1, header("<f4", "True", "(2, 2)"), ProtobufBytes.floats(1, 3, 2, 4)));
    Files.write(
        folder.resolve("ids.npy"), npy(1, header("|u1", "False", "(3,)"), new byte[] {1, 2, 3}));
    Files.writeString(folder.resolve("notes.txt"), "x");
    try (Checkpoint model = Checkpoint.open(folder)) {
      assertEquals(List.of("a", "b.weight", "f", "ids"), model.names());
      assertEquals(List.of("b.weight", "f"), model.matrixNames());
      assertArrayEquals(new float[] {1, 2, 3, 4}, model.read("b.weight").floats());
      assertArrayEquals(new float[] {1, 2, 3, 4}, model.read("f").floats());
      assertEquals(ElementType.U8, model.info("ids").type());
      assertEquals(folder, model.path());
    }
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThrows(FormatException.class, () -> NpyFolder.open(empty));
  }

  @Test
  void halvesCanBeWrittenButNotBrainFloats() throws IOException {
    Path path = folder.resolve("h.npy");
    Tensor tensor = Tensor.of(new float[] {1.5f, 0.1f}, 2);
    NpyFile.write(path, tensor, ElementType.F16);
    assertEquals(HalfPrecision.round(ElementType.F16, 0.1f), NpyFile.read(path).floats()[1]);
    assertEquals(new TensorInfo("h", ElementType.F16, 2), NpyFile.info(path));
    assertThrows(
        IllegalArgumentException.class, () -> NpyFile.write(path, tensor, ElementType.BF16));
  }

  @Test
  void rawMatricesNeedTheRightSize() throws IOException {
    Path path = folder.resolve("x.f32");
    Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    RawMatrix.write(path, matrix.transpose());
    assertEquals(24, Files.size(path));
    Tensor back = RawMatrix.read(path, DType.F32, 3, 2);
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, back.floats());
    assertEquals(3, RawMatrix.read(path, DType.F64, 3, 1).length());
    for (int[] size : new int[][] {{2, 2}, {7, 1}, {65536, 65536}}) {
      assertThrows(FormatException.class, () -> RawMatrix.read(path, DType.F32, size[0], size[1]));
    }
    assertThrows(IllegalArgumentException.class, () -> RawMatrix.read(path, DType.F32, -2, -3));
  }
}
