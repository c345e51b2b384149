package org.quadrille.cli.federate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.federated.Examples;
import org.quadrille.federated.data.IdxFile;
import org.quadrille.federated.simulation.Purpose;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Examples with classes that have no natural clients.
 *
 * @param name of the data
 * @param train to be dealt to clients, and for validation
 * @param test for the last word
 * @param side of the square pictures; 0 if the inputs are none
 */
record LabelledData(String name, Examples train, Examples test, int side) {

  /** Where Debian's package dataset-fashion-mnist puts its files. */
  static final Path FASHION = Path.of("/usr/share/datasets/fashion-mnist");

  private static final int DIGIT_PIXELS = 64;
  private static final int DIGIT_TESTS = 397;
  private static final int CLASSES = 10;

  /** The handwritten digits that come with the program: 1400 to learn, 397 to test. */
  static LabelledData digits() {
    List<String> lines;
    String resource = "/org/quadrille/cli/federate/digits.csv.gz";
    try (InputStream in = LabelledData.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
      lines = reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(resource + ": " + e.getMessage(), e);
    }
    Tensor inputs = Tensor.zeros(DType.F32, lines.size(), DIGIT_PIXELS);
    int[] labels = new int[lines.size()];
    for (int i = 0; i < labels.length; i++) {
      String[] cells = lines.get(i).split(",", -1);
      for (int j = 0; j < DIGIT_PIXELS; j++) {
        inputs.set(Double.parseDouble(cells[j]) / 16, i, j);
      }
      labels[i] = (int) Double.parseDouble(cells[DIGIT_PIXELS]);
    }
    return split("digits", Examples.labelled(inputs, labels), DIGIT_TESTS, 8);
  }

  /**
   * MNIST or Fashion-MNIST, averaged over squares of 2 x 2 pixels.
   *
   * @param folder with the four IDX files, packed or not
   */
  static LabelledData pictures(String name, Path folder) throws IOException {
    Tensor train = IdxFile.pictures(file(folder, "train-images-idx3-ubyte"), 2);
    Tensor test = IdxFile.pictures(file(folder, "t10k-images-idx3-ubyte"), 2);
    return new LabelledData(
        name,
        Examples.labelled(train, IdxFile.labels(file(folder, "train-labels-idx1-ubyte"))),
        Examples.labelled(test, IdxFile.labels(file(folder, "t10k-labels-idx1-ubyte"))),
        14);
  }

  private static Path file(Path folder, String name) {
    for (String candidate : List.of(name + ".gz", name, name.replace("-idx", ".idx"))) {
      if (Files.exists(folder.resolve(candidate))) {
        return folder.resolve(candidate);
      }
    }
    throw new CommandFailure(
        folder.resolve(name + ".gz")
            + " is missing; install the Debian package dataset-fashion-mnist, or give the folder of"
            + " the IDX files with --data");
  }

  /** Normal clouds of points, one for each class: works without any file. */
  static LabelledData blobs(long seed, int inputs, int examples) {
    RandomStream stream = RandomKey.of(seed).child(Purpose.START.code(), 99).stream();
    double[][] centres = new double[CLASSES][inputs];
    for (double[] centre : centres) {
      for (int j = 0; j < inputs; j++) {
        centre[j] = 0.7 * stream.normal();
      }
    }
    Tensor x = Tensor.zeros(DType.F32, examples, inputs);
    int[] labels = new int[examples];
    for (int i = 0; i < examples; i++) {
      labels[i] = (int) stream.bounded(CLASSES);
      for (int j = 0; j < inputs; j++) {
        x.set(centres[labels[i]][j] + stream.normal(), i, j);
      }
    }
    return split("blobs", Examples.labelled(x, labels), examples / 5, 0);
  }

  private static LabelledData split(String name, Examples all, int tests, int side) {
    int n = all.count();
    return new LabelledData(
        name, all.select(range(0, n - tests)), all.select(range(n - tests, n)), side);
  }

  static int[] range(int from, int to) {
    int[] indices = new int[to - from];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = from + i;
    }
    return indices;
  }

  /** Largest label plus one. */
  static int classes(Examples examples) {
    int classes = 1;
    for (int label : examples.labels()) {
      classes = Math.max(classes, label + 1);
    }
    return classes;
  }
}
