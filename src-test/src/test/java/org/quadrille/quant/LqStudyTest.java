package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.Checkpoint;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Tensor;

/**
 * Relative Frobenius errors over all linear weights of layers 0, 2 and 5 of all-MiniLM-L6-v2
 * against an independent implementation: plain quantization, one iteration, and the best of at most
 * 40, for NF2, NF3, NF4 and ranks 8 to 64.
 *
 * <p>Reads {@code minilm/all-minilm-l6-v2.onnx} under {@code -Dquadrille.realdata} (default: the
 * repository's {@code target/real-data}) and writes {@code target/lq-study.txt} and {@code
 * target/lq-study-defaults.txt}.
 */
@Tag("study")
class LqStudyTest {
  private static final int[] RANKS = {8, 16, 32, 64};
  private static final int[] LAYERS = {0, 2, 5};

  /** Rows NF2, NF3, NF4; columns plain, then first and best for each rank. */
  private static final double[][] EXPECTED = {
    {.5684, .5242, .4664, .4971, .4359, .4559, .3872, .3899, .3134},
    {.2050, .1889, .1706, .1791, .1527, .1643, .1292, .1402, .1003},
    {.0935, .0863, .0768, .0818, .0684, .0750, .0577, .0641, .0448}
  };

  /** Squared errors of one matrix: plain, then first and best for each rank; and its norm. */
  private record Errors(double[] squared, double squaredNorm) {}

  /**
   * One power iteration in the warm-started rounds is the reference's effort; nothing else is done.
   */
  @Test
  void errorsOnRealWeightsAreTheKnownOnes() throws IOException {
    compare(
        "lq-study.txt",
        options -> options.withIterations(40, 0).withRandomizedSvd(10, 1).withPolish(false),
        (measured, expected) -> Math.abs(measured - expected) <= 0.01 * expected);
  }

  /** With two power iterations and the final half step, as by default, errors are lower. */
  @Test
  void defaultsLoseLessThanTheReference() throws IOException {
    compare(
        "lq-study-defaults.txt",
        options -> options.withIterations(40, 0),
        (measured, expected) -> measured <= 1.002 * expected);
  }

  private interface Agreement {
    boolean holds(double measured, double expected);
  }

  private static void compare(String file, UnaryOperator<LqOptions> effort, Agreement agreement)
      throws IOException {
    List<Tensor> weights = weights();
    assertEquals(6 * LAYERS.length, weights.size());
    StringBuilder table = new StringBuilder("codebook column      measured expected  difference\n");
    List<String> failures = new ArrayList<>();
    long start = System.nanoTime();
    for (int bits = 2; bits <= 4; bits++) {
      double[] measured = relativeErrors(weights, bits, effort);
      for (int column = 0; column < measured.length; column++) {
        double expected = EXPECTED[bits - 2][column];
        double difference = measured[column] / expected - 1;
        String line =
            String.format(
                Locale.ROOT,
                "NF%d      %-11s %8.5f %8.4f %+9.2f %%%n",
                bits,
                name(column),
                measured[column],
                expected,
                100 * difference);
        table.append(line);
        if (!agreement.holds(measured[column], expected)) {
          failures.add(line.strip());
        }
      }
    }
    table.append(String.format(Locale.ROOT, "%.1f s%n", (System.nanoTime() - start) * 1e-9));
    Path out = Path.of(System.getProperty("quadrille.home", ".."), "target", file);
    Files.createDirectories(out.getParent());
    Files.writeString(out, table);
    assertTrue(failures.isEmpty(), String.join("\n", failures));
  }

  private static String name(int column) {
    return column == 0
        ? "plain"
        : "r=" + RANKS[(column - 1) / 2] + (column % 2 == 1 ? " first" : " best");
  }

  private static double[] relativeErrors(
      List<Tensor> weights, int bits, UnaryOperator<LqOptions> effort) {
    Errors[] errors = new Errors[weights.size()];
    WorkerPool.shared()
        .forEach(errors.length, i -> errors[i] = errors(weights.get(i), bits, effort));
    double[] sums = new double[1 + 2 * RANKS.length];
    double norm = 0;
    for (Errors one : errors) {
      norm += one.squaredNorm;
      for (int column = 0; column < sums.length; column++) {
        sums[column] += one.squared[column];
      }
    }
    for (int column = 0; column < sums.length; column++) {
      sums[column] = Math.sqrt(sums[column] / norm);
    }
    return sums;
  }

  private static Errors errors(Tensor weight, int bits, UnaryOperator<LqOptions> effort) {
    QuantizationConfig config = QuantizationConfig.DEFAULT.withBits(bits);
    double[] squared = new double[1 + 2 * RANKS.length];
    LqResult plain = LqDecomposition.decompose(weight, LqOptions.of(config, 0));
    squared[0] = square(plain.error());
    for (int i = 0; i < RANKS.length; i++) {
      LqOptions options = effort.apply(LqOptions.of(config, RANKS[i]));
      LqResult result = LqDecomposition.decompose(weight, options);
      squared[1 + 2 * i] = square(result.objective().getFirst());
      squared[2 + 2 * i] = square(result.error());
    }
    return new Errors(squared, square(plain.norm()));
  }

  private static double square(double x) {
    return x * x;
  }

  private static List<Tensor> weights() throws IOException {
    Path home = Path.of(System.getProperty("quadrille.home", ".."));
    String root =
        System.getProperty("quadrille.realdata", home.resolve("target/real-data").toString());
    Path path = Path.of(root, "minilm", "all-minilm-l6-v2.onnx");
    assertTrue(Files.exists(path), path + " is missing; set -Dquadrille.realdata=DIR");
    List<Tensor> weights = new ArrayList<>();
    try (Checkpoint model = Checkpoint.open(path)) {
      for (String name : model.matrixNames()) {
        for (int layer : LAYERS) {
          if (name.contains("layer." + layer + ".")) {
            weights.add(model.read(name));
          }
        }
      }
    }
    return weights;
  }
}
