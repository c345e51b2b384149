package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowBundleTest {
  @TempDir Path folder;

  private TensorFlowBundle open(byte[] index) throws IOException {
    return TensorFlowBundle.open(BundleBytes.write(folder, index));
  }

  private FormatException rejected(byte[] index) {
    return assertThrows(FormatException.class, () -> open(index));
  }

  private FormatException rejectedEntry(ProtobufBytes entry) {
    return rejected(
        BundleBytes.table(Map.of("", BundleBytes.header(2).toBytes(), "x", entry.toBytes())));
  }

  @Test
  void readsVariablesFromSeveralBlocksAndShards() throws IOException {
    try (TensorFlowBundle bundle = open(BundleBytes.sampleIndex())) {
      assertEquals(List.of("bert/dense/kernel", "bert/embeddings", "bert/step"), bundle.names());
      assertArrayEquals(new float[] {7, 8, 9, 10}, bundle.read("bert/embeddings").floats());
      assertArrayEquals(new int[] {2, 2}, bundle.read("bert/embeddings").shape());
      assertEquals(new TensorInfo("bert/step", ElementType.I64), bundle.info("bert/step"));
      bundle.verify();
    }
  }

  @Test
  void kernelsAreLinearWeightsAndTransposed() throws IOException {
    try (TensorFlowBundle bundle = open(BundleBytes.sampleIndex())) {
      String kernel = "bert/dense/kernel";
      assertEquals(List.of(kernel), bundle.matrixNames());
      assertEquals(new TensorInfo(kernel, ElementType.F32, 3, 2), bundle.info(kernel));
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, bundle.read(kernel).floats());
      assertArrayEquals(BundleBytes.KERNEL, bundle.bytes(kernel).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void damagedDataAreFoundWhenRead() throws IOException {
    Path index = BundleBytes.write(folder, BundleBytes.sampleIndex());
    Path shard = folder.resolve("variables.data-00000-of-00002");
    byte[] damaged = Files.readAllBytes(shard);
    damaged[5] ^= 1;
    Files.write(shard, damaged);
    try (TensorFlowBundle bundle = TensorFlowBundle.open(index)) {
      FormatException e =
          assertThrows(FormatException.class, () -> bundle.read("bert/dense/kernel"));
      assertEquals("bert/dense/kernel", e.tensor().get());
      assertThrows(FormatException.class, bundle::verify);
      assertEquals(4, bundle.read("bert/embeddings").length());
    }
  }

  @Test
  void missingAndCutShardsAreNamed() throws IOException {
    Path index = BundleBytes.write(folder, BundleBytes.sampleIndex());
    Path shard = folder.resolve("variables.data-00001-of-00002");
    Files.write(shard, new byte[10]);
    FormatException cut = assertThrows(FormatException.class, () -> TensorFlowBundle.open(index));
    assertEquals("bert/embeddings", cut.tensor().get());
    Files.delete(shard);
    NoSuchFileException missing =
        assertThrows(NoSuchFileException.class, () -> TensorFlowBundle.open(index));
    assertTrue(missing.getMessage().contains("data-00001-of-00002"), missing.getMessage());
  }

  @Test
  void everyFlippedBitOfTheIndexIsFound() throws IOException {
    byte[] index = BundleBytes.sampleIndex();
    Path file = BundleBytes.write(folder, index);
    // The padding of the footer and the meta index block are not used.
    int checked = 0;
    for (int i = 0; i < index.length; i++) {
      byte[] damaged = index.clone();
      damaged[i] ^= 4;
      Files.write(file, damaged);
      try (TensorFlowBundle bundle = TensorFlowBundle.open(file)) {
        assertEquals(3, bundle.names().size());
      } catch (IOException _) {
        checked++;
      }
    }
    assertTrue(checked > index.length - 70, checked + " of " + index.length);
  }

  @Test
  void compressedBlocksAreRejectedAsSuch() {
    byte[] block = BundleBytes.block(BundleBytes.entries(BundleBytes.sampleRows()), 1, 1);
    FormatException e = rejected(BundleBytes.table(List.of(block)));
    assertTrue(e.getMessage().contains("compressed"), e.getMessage());
  }

  @Test
  void rejectsBrokenTables() {
    Map<String, byte[]> rows = BundleBytes.sampleRows();
    byte[] good = BundleBytes.block(BundleBytes.entries(rows), 1, 0);
    rejected(new byte[0]);
    rejected(new byte[47]);
    rejected(new byte[48]);
    rejected(BundleBytes.table(List.of(good, good)));
    rejected(BundleBytes.table(List.of(BundleBytes.block(new byte[0], -1, 0))));
    rejected(BundleBytes.table(List.of(BundleBytes.block(new byte[0], 1 << 30, 0))));
    rejected(BundleBytes.table(List.of(BundleBytes.block(new byte[0], 1, 0))));
    for (ProtobufBytes entries :
        List.of(
            new ProtobufBytes().raw(1).raw(0).raw(0),
            new ProtobufBytes().raw(-1).raw(1).raw(0).append((byte) 1),
            new ProtobufBytes().raw(0).raw(1L << 60).raw(0),
            new ProtobufBytes().raw(0).raw(0).raw(1L << 60),
            new ProtobufBytes().raw(0).raw(0).raw(5),
            new ProtobufBytes().raw(0).raw(0),
            new ProtobufBytes().raw(0).raw(0).raw(0).raw(0).raw(0).raw(0),
            new ProtobufBytes().raw(0).raw(1).raw(0).append((byte) 0xFF))) {
      rejected(BundleBytes.table(List.of(BundleBytes.block(entries.toBytes(), 1, 0))));
    }
  }

  @Test
  void keysThatExpandBeyondMeasureAreRejected() {
    ProtobufBytes entries = new ProtobufBytes().raw(0).raw(1000).raw(0).append(new byte[1000]);
    for (int i = 1; i < 2000; i++) {
      entries.raw(999 + i).raw(1).raw(0).append((byte) 0);
    }
    byte[] block = BundleBytes.block(entries.toBytes(), 1, 0);
    FormatException e = rejected(BundleBytes.table(List.of(block)));
    assertTrue(e.getMessage().contains("times the file"), e.getMessage());
  }

  @Test
  void rejectsBrokenEntries() {
    byte[] data = BundleBytes.KERNEL;
    long[] shape = {2, 3};
    rejectedEntry(BundleBytes.entry(1, new long[] {2, 2}, 0, 0, data));
    rejectedEntry(BundleBytes.entry(1, new long[] {-2, -3}, 0, 0, data));
    rejectedEntry(BundleBytes.entry(1, new long[] {1L << 40, 1L << 40}, 0, 0, data));
    rejectedEntry(BundleBytes.entry(1, shape, 2, 0, data));
    rejectedEntry(BundleBytes.entry(1, shape, -1, 0, data));
    rejectedEntry(BundleBytes.entry(1, shape, 0, 16, data));
    rejectedEntry(BundleBytes.entry(1, shape, 0, -8, data));
    rejectedEntry(BundleBytes.entry(1, shape, 0, Long.MAX_VALUE, data));
    rejectedEntry(BundleBytes.entry(8, shape, 0, 0, data));
    rejectedEntry(BundleBytes.entry(1, shape, 0, 0, data).message(7, new ProtobufBytes()));
    Map<String, byte[]> noHeader = Map.of("x", BundleBytes.entry(1, shape, 0, 0, data).toBytes());
    rejected(BundleBytes.table(noHeader));
    ProtobufBytes bigEndian = BundleBytes.header(2).varint(2, 1);
    rejected(BundleBytes.table(Map.of("", bigEndian.toBytes())));
  }

  @Test
  void isFoundByFolderFileAndSavedModel() throws IOException {
    Path variables = Files.createDirectory(folder.resolve("variables"));
    BundleBytes.write(variables, BundleBytes.sampleIndex());
    for (Path path : List.of(folder, variables, variables.resolve("variables.index"))) {
      try (Checkpoint model = Checkpoint.open(path)) {
        assertEquals(3, model.names().size());
      }
    }
    Files.copy(variables.resolve("variables.index"), variables.resolve("other.index"));
    assertThrows(FormatException.class, () -> Checkpoint.open(folder));
  }
}
