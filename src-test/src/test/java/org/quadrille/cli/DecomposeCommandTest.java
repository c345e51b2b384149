package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

class DecomposeCommandTest {
  private static final String CONFIG = "nf2/16/fp8/16";

  @TempDir private Path folder;

  private Path matrix() throws IOException {
    Path path = folder.resolve("weight.npy");
    NpyFile.write(path, QuantizeCommandTest.random(7, 24, 40));
    return path;
  }

  @Test
  void jsonHoldsTheObjectiveOfEveryIteration() throws IOException {
    CommandRun run =
        CommandRun.of(
            "decompose",
            "--in",
            matrix(),
            "--config",
            CONFIG,
            "--rank",
            4,
            "--iterations",
            6,
            "--json");
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    double[] objective = json.numbers("objective");
    assertEquals(objective.length, json.integer("iterations"));
    assertTrue(objective.length <= 6);
    double best = Arrays.stream(objective).min().getAsDouble();
    assertTrue(json.number("frobeniusError") <= best);
    assertEquals(
        json.number("frobeniusError") / json.number("norm"), json.number("relativeError"), 1e-15);
    assertEquals(json.number("relativeError"), json.number("weightedError"));
    assertTrue(json.number("relativeError") < json.number("relativeErrorWithoutLowRank"));
  }

  @Test
  void dumpedPartsGiveTheReportedError() throws IOException {
    Path dump = folder.resolve("dump");
    CommandRun run =
        CommandRun.of(
            "decompose",
            "--in",
            matrix(),
            "--config",
            CONFIG,
            "--rank",
            4,
            "--dump",
            dump,
            "--json");
    Tensor rest =
        Arithmetic.subtract(
            QuantizeCommandTest.random(7, 24, 40), NpyFile.read(dump.resolve("dequantized.npy")));
    Tensor left = NpyFile.read(dump.resolve("L1.npy"));
    MatrixProduct.multiply(-1, left, NpyFile.read(dump.resolve("L2.npy")), 1, rest);
    double expected = run.json().number("frobeniusError");
    // the norm is taken of single-precision differences
    assertEquals(expected, Norms.frobenius(rest), 1e-6 * expected);
  }

  @Test
  void seedDecidesTheBits() throws IOException {
    Object[] arguments = {
      "decompose", "--in", matrix(), "--config", CONFIG, "--rank", 4, "--json", "--seed", 5
    };
    JsonObject first = CommandRun.of(arguments).json();
    JsonObject second = CommandRun.of(arguments).json();
    assertEquals(first.array("objective"), second.array("objective"));
  }

  @Test
  void fisherIsRefusedPlainly() throws IOException {
    CommandRun run =
        CommandRun.of(
            "decompose", "--in", matrix(), "--config", CONFIG, "--rank", 4, "--fisher", "f.npy");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("this version does not weight errors by Fisher"), run.err());
  }

  @Test
  void rankBeyondTheMatrixFails() throws IOException {
    CommandRun run = CommandRun.of("decompose", "--in", matrix(), "--config", CONFIG, "--rank", 25);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("expected 0 to 24"), run.err());
  }

  @Test
  void textShowsOneRowPerIteration() throws IOException {
    CommandRun run =
        CommandRun.of(
            "decompose", "--in", matrix(), "--config", CONFIG, "--rank", 4, "--iterations", 3);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains("iteration  relative error"), run.out());
    assertTrue(run.out().contains("        3        "), run.out());
  }
}
