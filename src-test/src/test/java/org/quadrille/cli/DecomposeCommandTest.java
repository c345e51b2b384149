package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.FisherFile;

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

  private JsonObject decompose(Object... more) throws IOException {
    Object[] start = {"decompose", "--in", matrix(), "--config", CONFIG, "--rank", 4, "--json"};
    CommandRun run =
        CommandRun.of(Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray());
    assertEquals(0, run.status(), run.err());
    return run.json();
  }

  @Test
  void fisherWeightsTheObjective() throws IOException {
    Tensor squares = QuantizeCommandTest.random(8, 24, 40);
    Elementwise.multiply(squares, squares, squares);
    Path npy = folder.resolve("fisher.npy");
    NpyFile.write(npy, squares);
    Path file = folder.resolve("fisher.safetensors");
    FisherFile.write(file, Map.of("weight", Fisher.of(squares), "other", Fisher.of(squares)));
    JsonObject plain = decompose();
    JsonObject weighted = decompose("--fisher", npy);
    assertTrue(weighted.number("weightedError") < weighted.number("relativeError"));
    assertTrue(weighted.number("relativeError") > plain.number("relativeError"));
    // refitted, so not above the best iterate
    double best = Arrays.stream(weighted.numbers("objective")).min().getAsDouble();
    assertTrue(weighted.number("weightedError") * weighted.number("weightedNorm") <= best);
    JsonObject named = decompose("--fisher", file);
    assertEquals(weighted.array("objective"), named.array("objective"));
  }

  @Test
  void otherInitializationsAreMethods() throws IOException {
    JsonObject lq = decompose("--method", "lq");
    JsonObject loftq = decompose("--method", "loftq", "--iterations", 3);
    JsonObject qpissa = decompose("--method", "qpissa", "--iterations", 1);
    JsonObject qlora = decompose("--method", "qlora");
    assertEquals("loftq", loftq.string("method"));
    assertEquals(3, loftq.integer("iterations"));
    assertEquals(3, loftq.integer("keptIteration"));
    assertEquals(lq.numbers("objective")[0], qpissa.number("frobeniusError"));
    assertEquals(qlora.number("relativeErrorWithoutLowRank"), qlora.number("relativeError"), 1e-6);
    assertTrue(lq.number("relativeError") < loftq.number("relativeError"));
  }

  @Test
  void fisherOfAnotherShapeFails() throws IOException {
    Path npy = folder.resolve("fisher.npy");
    NpyFile.write(npy, QuantizeCommandTest.random(8, 40, 24));
    CommandRun run =
        CommandRun.of(
            "decompose", "--in", matrix(), "--config", CONFIG, "--rank", 4, "--fisher", npy);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("fisher.npy: fisher: "), run.err());
  }

  @Test
  void factorsCanBeQuantized() throws IOException {
    JsonObject plain = decompose();
    JsonObject small = decompose("--factor-config", "nf8/64/fp8/256");
    double saved =
        plain.number("bitsPerParameterWithLowRank") - small.number("bitsPerParameterWithLowRank");
    // 4 (24 + 40) entries of 32 bits become two matrices of 8 bits and a scale per 64 entries
    double codes = 8 * 256 + 8 * (2 + 3) + 2 * 32;
    assertEquals((32 * 256 - codes) / 960, saved, 1e-12);
    assertEquals(plain.number("relativeError"), small.number("relativeError"), 0.02);
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
