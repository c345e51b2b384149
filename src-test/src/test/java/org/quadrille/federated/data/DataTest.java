package org.quadrille.federated.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.ReferenceData;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Files of examples and how they are dealt to clients. */
class DataTest {
  @TempDir private Path folder;

  private static int[] labels(int n, int classes) {
    int[] labels = new int[n];
    Arrays.setAll(labels, i -> i * 7 % classes);
    return labels;
  }

  @Test
  void partitionsAreDisjointAndTheSameForOneSeed() {
    int[] labels = labels(1000, 10);
    Partition partition = Partition.dirichlet(5, labels, 20, 50, 0.1);
    assertEquals(20, partition.clients().size());
    assertEquals(
        1000, partition.clients().stream().flatMapToInt(Arrays::stream).distinct().count());
    Partition again = Partition.dirichlet(5, labels, 20, 50, 0.1);
    for (int k = 0; k < 20; k++) {
      assertEquals(50, partition.client(k).length);
      assertArrayEquals(partition.client(k), again.client(k));
    }
  }

  @Test
  void smallAlphaMeansFewLabels() {
    int[] labels = labels(60_000, 10);
    double few = Partition.dirichlet(1, labels, 100, 100, 0.1).meanDistinctLabels(labels);
    double many = Partition.dirichlet(1, labels, 100, 100, 100).meanDistinctLabels(labels);
    // The reference draw of this setting has 4.35 labels a client.
    assertEquals(4.35, few, 0.6);
    assertTrue(many > 9.9);
    double one = Partition.dirichlet(1, labels, 100, 100, 1e-6).meanDistinctLabels(labels);
    assertEquals(1, one, 0.1);
  }

  @Test
  void sharesOfLabelsFollowTheDirichletDistribution() {
    // Mean share of a label 1/10, variance (1/10)(9/10) / (10 alpha + 1).
    int[] labels = labels(200_000, 10);
    double alpha = 0.5;
    Partition partition = Partition.dirichlet(3, labels, 400, 200, alpha);
    double sum = 0;
    double squares = 0;
    for (int[] client : partition.clients()) {
      double share = Arrays.stream(client).filter(i -> labels[i] == 4).count() / 200.0;
      sum += share;
      squares += (share - 0.1) * (share - 0.1);
    }
    double variance = 0.09 / (10 * alpha + 1);
    assertEquals(0.1, sum / 400, 4 * Math.sqrt(variance / 400));
    // Multinomial noise of 200 draws on top.
    assertEquals(variance + (0.09 - variance) / 200, squares / 400, 0.25 * variance);
  }

  @Test
  void partitionsSurviveTheirFile() throws IOException {
    Partition partition = Partition.even(3, 17, 4);
    Path file = folder.resolve("partition.json");
    partition.write(file);
    Partition read = Partition.read(file);
    assertEquals(partition.origin(), read.origin());
    for (int k = 0; k < 4; k++) {
      assertEquals(4, read.client(k).length);
      assertArrayEquals(partition.client(k), read.client(k));
    }
  }

  @Test
  void partitionsOfTheReferenceAreLegal() throws Exception {
    for (Object item :
        Json.read(ReferenceData.file("fedep", "fashion_partition.json")).array("settings")) {
      JsonObject setting = (JsonObject) item;
      List<int[]> clients = new ArrayList<>();
      for (Object client : setting.array("train_indices")) {
        clients.add(((List<?>) client).stream().mapToInt(i -> ((Long) i).intValue()).toArray());
      }
      Partition partition = new Partition("reference", clients);
      assertEquals(setting.intValue("clients"), partition.clients().size());
      assertTrue(clients.stream().allMatch(c -> c.length == points(setting)), setting.toString());
    }
  }

  private static int points(JsonObject setting) {
    try {
      return setting.intValue("points_per_client");
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Tag("real-data")
  void partitionsOfTheReferenceHaveTheirLabels() throws Exception {
    Path file = Path.of("/usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz");
    assumeTrue(Files.exists(file));
    int[] labels = IdxFile.labels(file);
    for (Object item :
        Json.read(ReferenceData.file("fedep", "fashion_partition.json")).array("settings")) {
      JsonObject setting = (JsonObject) item;
      List<int[]> clients = new ArrayList<>();
      for (Object client : setting.array("train_indices")) {
        clients.add(((List<?>) client).stream().mapToInt(i -> ((Long) i).intValue()).toArray());
      }
      assertEquals(
          setting.number("mean_distinct_labels"),
          new Partition("reference", clients).meanDistinctLabels(labels),
          1e-12);
    }
  }

  @Test
  void idxFilesArePooledAndScaled() throws IOException {
    byte[] pixels = new byte[2 * 4 * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 5);
    }
    Path plain = folder.resolve("pictures");
    Path packed = folder.resolve("pictures.gz");
    Files.write(plain, idx(new int[] {2, 4, 6}, pixels));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(idx(new int[] {2, 4, 6}, pixels));
    }
    Tensor whole = IdxFile.pictures(plain, 1);
    assertEquals(24, whole.size(1));
    assertEquals((5 * 27) / 255.0, whole.get(1, 3), 1e-6);
    Tensor pooled = IdxFile.pictures(packed, 2);
    assertEquals(6, pooled.size(1));
    // Second picture, square of pixels (2,4), (2,5), (3,4), (3,5)
    double mean = (whole.get(1, 16) + whole.get(1, 17) + whole.get(1, 22) + whole.get(1, 23)) / 4;
    assertEquals(mean, pooled.get(1, 5), 1e-6);
    Path classes = folder.resolve("labels");
    Files.write(classes, idx(new int[] {3}, new byte[] {1, (byte) 200, 3}));
    assertArrayEquals(new int[] {1, 200, 3}, IdxFile.labels(classes));
  }

  private static byte[] idx(int[] lengths, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * lengths.length);
    header.putInt(0x800 | lengths.length);
    Arrays.stream(lengths).forEach(header::putInt);
    out.write(header.array());
    out.write(content);
    return out.toByteArray();
  }

  @Test
  void badIdxFilesAreRefused() throws IOException {
    Path file = folder.resolve("bad");
    Files.write(file, idx(new int[] {3}, new byte[] {1, 2}));
    assertThrows(FormatException.class, () -> IdxFile.labels(file));
    Files.write(file, idx(new int[] {3}, new byte[4]));
    assertThrows(FormatException.class, () -> IdxFile.labels(file));
    assertThrows(FormatException.class, () -> IdxFile.pictures(file, 1));
    Files.write(file, new byte[3]);
    assertThrows(FormatException.class, () -> IdxFile.labels(file));
    Files.write(file, idx(new int[] {-1}, new byte[0]));
    assertThrows(FormatException.class, () -> IdxFile.labels(file));
    Path pictures = folder.resolve("pictures");
    Files.write(pictures, idx(new int[] {1, 3, 4}, new byte[12]));
    assertThrows(IllegalArgumentException.class, () -> IdxFile.pictures(pictures, 2));
  }

  @Test
  void tablesOfRealClients() throws IOException {
    Path file = folder.resolve("t.csv");
    Files.writeString(file, "speaker,x,word,y\nanna,1,no,2\nbert,3,yes,4\nanna,5,yes,6\n");
    ClientTable table = ClientTable.read(file, "speaker", "word", DType.F32);
    assertEquals(List.of("anna", "bert"), table.clientNames());
    assertEquals(List.of("no", "yes"), table.classNames());
    assertArrayEquals(new int[] {0, 2}, table.clients().client(0));
    assertArrayEquals(new int[] {0, 1, 1}, table.examples().labels());
    assertEquals(6, table.examples().inputs().get(2, 1));
    assertEquals(1, ClientTable.read(one(), null, "word", DType.F64).clientNames().size());
    assertThrows(FormatException.class, () -> ClientTable.read(file, "person", "word", DType.F32));
    Files.writeString(file, "speaker,x,word\nanna,NaN,no\n");
    assertThrows(FormatException.class, () -> ClientTable.read(file, "speaker", "word", DType.F32));
  }

  private Path one() throws IOException {
    Path file = folder.resolve("one.csv");
    Files.writeString(file, "x,word\n1,no\n");
    return file;
  }

  @Test
  void standardizedInputsHaveMeanZeroAndVarianceOne() {
    Tensor inputs = Tensor.zeros(DType.F64, 4, 2);
    for (int i = 0; i < 4; i++) {
      inputs.set(i * 3.0, i, 0);
      inputs.set(7, i, 1);
    }
    int[] all = {0, 1, 2, 3};
    Tensor standard = Standardization.fit(inputs, all).apply(inputs);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      sum += standard.get(i, 0);
      squares += standard.get(i, 0) * standard.get(i, 0);
      assertEquals(0, standard.get(i, 1));
    }
    assertEquals(0, sum, 1e-14);
    assertEquals(4, squares, 1e-13);
  }

  @Test
  void refusesBadPartitions() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Partition("x", List.of(new int[] {1}, new int[] {1})));
    assertThrows(IllegalArgumentException.class, () -> new Partition("x", List.of(new int[] {-1})));
    int[] labels = labels(10, 2);
    assertThrows(IllegalArgumentException.class, () -> Partition.dirichlet(1, labels, 3, 4, 0.1));
    assertThrows(IllegalArgumentException.class, () -> Partition.dirichlet(1, labels, 3, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> Partition.even(1, 5, 0));
  }
}
