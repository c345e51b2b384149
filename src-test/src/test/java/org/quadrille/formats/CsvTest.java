package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

class CsvTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("x.csv"), text);
  }

  private FormatException rejectedMatrix(String text) {
    return assertThrows(FormatException.class, () -> CsvMatrix.read(file(text)));
  }

  private FormatException rejectedTable(String text) {
    return assertThrows(FormatException.class, () -> CsvTable.read(file(text)));
  }

  @Property(tries = 60)
  void anyFiniteMatrixSurvives(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int rows = random.nextInt(6);
    int cols = rows == 0 ? 0 : random.nextInt(1, 6);
    Tensor twice = Tensor.zeros(DType.F64, rows, cols);
    Tensor single = Tensor.zeros(DType.F32, rows, cols);
    for (int i = 0; i < twice.length(); i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      twice.doubles()[i] = Double.isFinite(any) ? any : -0.0;
      float one = Float.intBitsToFloat(random.nextInt());
      single.floats()[i] = Float.isFinite(one) ? one : 0;
    }
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path path = scratch.file("x.csv");
      CsvMatrix.write(path, twice);
      assertArrayEquals(twice.doubles(), CsvMatrix.read(path).doubles());
      assertArrayEquals(new int[] {rows, cols}, CsvMatrix.read(path).shape());
      CsvMatrix.write(path, single);
      assertArrayEquals(single.floats(), CsvMatrix.read(path).toFloats());
    }
  }

  @Property(tries = 60)
  void anyTableSurvives(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int rows = random.nextInt(5);
    CsvTable table = new CsvTable();
    for (int j = 0; j <= random.nextInt(3); j++) {
      List<String> column = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        StringBuilder text = new StringBuilder();
        for (int k = random.nextInt(6); k > 0; k--) {
          text.append(",\"\n\r ab\u00e9\ufeff".charAt(random.nextInt(9)));
        }
        column.add(text.toString());
      }
      table.add("col, \"" + j, column);
    }
    try (ScratchFolder scratch = new ScratchFolder()) {
      Path path = scratch.file("x.csv");
      table.write(path);
      CsvTable back = CsvTable.read(path);
      assertEquals(table.names(), back.names());
      assertEquals(rows, back.rows());
      for (String name : table.names()) {
        assertEquals(table.texts(name), back.texts(name));
      }
    }
  }

  @Test
  void readsNumbersWithBlanksAndEitherLineEnd() throws IOException {
    Tensor matrix = CsvMatrix.read(file("\ufeff1, -2.5 ,\"3\"\r\n+4e1,.5,6."));
    assertArrayEquals(new int[] {2, 3}, matrix.shape());
    assertArrayEquals(new double[] {1, -2.5, 3, 40, 0.5, 6}, matrix.doubles());
    assertArrayEquals(new int[] {0, 0}, CsvMatrix.read(file("")).shape());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,x",
        "1,",
        "1,NaN",
        "1,Infinity",
        "1,-inf",
        "1,0x10",
        "1,1d",
        "1,1e999",
        "1,1 2",
        "1,-",
        "1,1e",
        "1,\u0661",
        "1;2",
        "1,\"2",
        "1,\"2\"3",
        "1,2\"",
        "1,--2"
      })
  void rejectsFieldsThatAreNotNumbersWithTheirLine(String line) {
    FormatException e = rejectedMatrix("1,2\n" + line + "\n");
    assertTrue(e.getMessage().contains("line 2"), e.getMessage());
  }

  @Test
  void rejectsRaggedRowsWithTheirLine() {
    assertTrue(rejectedMatrix("1,2\n3\n").getMessage().contains("line 2"));
    assertTrue(rejectedMatrix("1,2\n3,4\n5,6,7").getMessage().contains("line 3"));
    assertTrue(rejectedMatrix("1,2\n\n3,4\n").getMessage().contains("line 2"));
    assertTrue(rejectedMatrix("1\r2\r").getMessage().contains("carriage return"));
    assertTrue(rejectedTable("a,b\n\"x\ny\",1\n1\n").getMessage().contains("line 4"));
  }

  @Test
  void rejectsTextThatIsNotUtf8() throws IOException {
    Path path = Files.write(folder.resolve("x.csv"), new byte[] {'1', ',', (byte) 0xFF});
    assertTrue(
        assertThrows(FormatException.class, () -> CsvMatrix.read(path))
            .getMessage()
            .contains("UTF-8"));
  }

  @Test
  void readsNamedColumns() throws IOException {
    CsvTable table = CsvTable.read(file("group,cost , count\n\"a,b\",1.5,3\nc,2,-4\n"));
    assertEquals(List.of("group", "cost", "count"), table.names());
    assertEquals(2, table.rows());
    assertEquals(List.of("a,b", "c"), table.texts("group"));
    assertArrayEquals(new double[] {1.5, 2}, table.numbers("cost"));
    assertArrayEquals(new long[] {3, -4}, table.integers("count"));
    String missing = assertThrows(FormatException.class, () -> table.numbers("price")).getMessage();
    assertTrue(missing.contains("price") && missing.contains("cost"), missing);
    String wrong = assertThrows(FormatException.class, () -> table.numbers("group")).getMessage();
    assertTrue(wrong.contains("line 2") && wrong.contains("\"group\""), wrong);
    assertThrows(FormatException.class, () -> table.integers("cost"));
  }

  @Test
  void tableOfNumbersIsAMatrix() throws IOException {
    Path path = folder.resolve("x.csv");
    new CsvTable()
        .add("step", new long[] {1, 2, 3})
        .add("loss", new double[] {0.1, 1e-300, -7})
        .write(path);
    assertEquals("step,loss\n1,0.1\n2,1.0E-300\n3,-7.0\n", Files.readString(path));
    Tensor matrix = CsvTable.read(path).matrix();
    assertArrayEquals(new double[] {1, 0.1, 2, 1e-300, 3, -7}, matrix.doubles());
  }

  @Test
  void rejectsHeadersThatNameNothingOrTwice() {
    rejectedTable("");
    rejectedTable("a,a\n1,2\n");
    rejectedTable("a, a\n1,2\n");
    rejectedTable("a,\n1,2\n");
    rejectedTable("\na\n");
  }

  @Test
  void rejectsWhatCsvCannotHold() {
    Path path = folder.resolve("x.csv");
    for (Tensor tensor :
        new Tensor[] {
          Tensor.of(new double[] {Double.NaN}, 1, 1),
          Tensor.zeros(DType.F32, 2, 2, 2),
          Tensor.zeros(DType.F32),
          Tensor.zeros(DType.F32, 2, 0)
        }) {
      assertThrows(IllegalArgumentException.class, () -> CsvMatrix.write(path, tensor));
    }
    CsvTable table = new CsvTable().add("a", new long[] {1});
    assertThrows(IllegalArgumentException.class, () -> table.add("a", new long[] {1}));
    assertThrows(IllegalArgumentException.class, () -> table.add("b", new long[] {1, 2}));
    assertThrows(IllegalArgumentException.class, () -> table.add("b", new double[] {Double.NaN}));
    assertThrows(IllegalArgumentException.class, () -> table.add(" ", new long[] {1}));
  }
}
