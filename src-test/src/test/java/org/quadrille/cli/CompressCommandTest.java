package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.FisherFile;
import org.quadrille.quant.QuantizedCheckpoint;

class CompressCommandTest {
  private static final String CONFIG = "nf3/16/fp8/16";

  @TempDir private Path folder;

  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = ModelFixture.write(folder.resolve("model.safetensors"));
  }

  private CommandRun compress(Path out, Object... more) {
    Object[] first = {"compress", model, "--out", out, "--json"};
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return CommandRun.of(all);
  }

  @Test
  void jsonHoldsEveryMatrixAndTheTotals() throws IOException {
    Path out = folder.resolve("small.safetensors");
    CommandRun run = compress(out, "--config", CONFIG, "--rank", 2);
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    List<?> matrices = json.array("matrices");
    assertEquals(
        ModelFixture.WEIGHTS, matrices.stream().map(m -> ((JsonObject) m).get("name")).toList());
    double squaredError = 0;
    for (Object element : matrices) {
      JsonObject matrix = (JsonObject) element;
      assertEquals(32, matrix.integer("rows"));
      assertEquals(CONFIG, matrix.string("config"));
      assertEquals(2, matrix.integer("rank"));
      assertTrue(matrix.number("bits") > 3 && matrix.number("bits") < 4);
      assertTrue(matrix.number("seconds") >= 0);
      squaredError += matrix.number("relativeError");
    }
    assertEquals(squaredError / matrices.size(), json.number("relativeError"), 0.02);
    // 8-bit scales per 16 weights, 32-bit scales per 256
    assertEquals(3.625, json.number("averageBits"), 1e-12);
    // two factors of rank 2 for 2 x (32 x 32) and 2 x (32 x 48) in single precision
    double factorBits = 32.0 * 2 * 2 * (64 + 80) / (2 * 32 * (32 + 48));
    assertEquals(3.625 + factorBits, json.number("averageBitsWithLowRank"), 1e-12);
    assertEquals(Files.size(model), json.integer("bytesIn"));
    assertEquals(Files.size(out), json.integer("bytesOut"));
    assertEquals(7, json.integer("passedThrough"));
    assertTrue(json.number("seconds") > 0);
  }

  @Test
  void otherTensorsKeepTheirBytes() throws IOException {
    Path out = folder.resolve("small.safetensors");
    assertEquals(0, compress(out, "--config", CONFIG).status());
    try (Checkpoint before = Checkpoint.open(model);
        Checkpoint after = Checkpoint.open(out)) {
      for (String name : before.names()) {
        if (!ModelFixture.WEIGHTS.contains(name)) {
          assertEquals(before.info(name), after.info(name));
          assertEquals(-1, before.bytes(name).mismatch(after.bytes(name)), name);
        }
      }
    }
  }

  @Test
  void bitsAreKeptWithinTheBudget() throws IOException {
    Path out = folder.resolve("small.safetensors");
    CommandRun run = compress(out, "--bits", 3.5, "--rank", 2);
    assertEquals(0, run.status(), run.err());
    double bits = run.json().number("averageBits");
    assertTrue(bits <= 3.5 && bits > 3, Double.toString(bits));
  }

  @Test
  void budgetThatCannotBeMetNamesTheLeastOne() {
    CommandRun run = compress(folder.resolve("small.safetensors"), "--bits", 1);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("too small"), run.err());
    assertFalse(Files.exists(folder.resolve("small.safetensors")));
  }

  @Test
  void bytesDoNotDependOnThreadsOrBackend() throws IOException {
    Path one = folder.resolve("one.safetensors");
    Path four = folder.resolve("four.safetensors");
    CommandRun first =
        compress(one, "--bits", 3.5, "--rank", 2, "--threads", 1, "--backend", "scalar");
    CommandRun second = compress(four, "--bits", 3.5, "--rank", 2, "--threads", 4);
    assertEquals(0, first.status(), first.err());
    assertEquals(0, second.status(), second.err());
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(four));
  }

  @Test
  void folderGetsFileRunRecordAndReport() throws IOException {
    Path out = folder.resolve("result");
    CommandRun run = compress(out, "--config", CONFIG, "--rank", 2, "--report", "--seed", 9);
    assertEquals(0, run.status(), run.err());
    Path file = out.resolve("model-nf3-16-fp8-16-r2.safetensors");
    assertTrue(Files.exists(file));
    JsonObject record = Json.read(out.resolve("run.json"));
    assertEquals("compress", record.string("command"));
    assertEquals(9, record.integer("seed"));
    assertTrue(record.array("arguments").contains("--report"));
    assertEquals(64, ((JsonObject) record.array("inputs").getFirst()).string("sha256").length());
    assertTrue(record.object("timings").number("decompose") > 0);
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("<svg") && !page.contains("http"), "self-contained");
    assertEquals(5, Files.readAllLines(out.resolve("report.csv")).size());
    assertEquals(4, Json.read(out.resolve("report.json")).array("matrices").size());
    assertFalse(Files.exists(out.resolve(file.getFileName() + ".partial")));
  }

  @Test
  void includeAndExcludeChooseTheWeights() throws IOException {
    CommandRun run =
        compress(
            folder.resolve("small.safetensors"),
            "--config",
            CONFIG,
            "--include",
            "query",
            "--exclude",
            "layer.0");
    assertEquals(0, run.status(), run.err());
    assertEquals(1, run.json().array("matrices").size());
    CommandRun none =
        compress(folder.resolve("none.safetensors"), "--config", CONFIG, "--include", "nothing");
    assertEquals(1, none.status());
    assertTrue(none.err().contains("check --include and --exclude"), none.err());
  }

  @Test
  void neverOverwritesItsInput() throws IOException {
    byte[] before = Files.readAllBytes(model);
    CommandRun run = compress(model, "--config", CONFIG);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("would overwrite the input"), run.err());
    assertArrayEquals(before, Files.readAllBytes(model));
  }

  @Test
  void weightThatIsNotFiniteIsNamed() throws IOException {
    Tensor broken = QuantizeCommandTest.random(1, 32, 32);
    broken.set(Double.NaN, 3, 4);
    Path path = folder.resolve("broken.safetensors");
    new SafetensorsWriter().add("encoder.layer.0.query.weight", broken).write(path);
    CommandRun run =
        CommandRun.of("compress", path, "--config", CONFIG, "--out", folder.resolve("out"));
    assertEquals(1, run.status());
    assertTrue(run.err().contains("encoder.layer.0.query.weight"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void textEndsWithWhereTheFileIs() {
    Path out = folder.resolve("small.safetensors");
    CommandRun run = CommandRun.of("compress", model, "--config", CONFIG, "--out", out);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().startsWith("Compressing "), run.out());
    assertTrue(run.out().contains("Wrote " + out), run.out());
    assertEquals("", run.err());
  }

  @Test
  void jointRanksArePaidFromTheBudget() throws IOException {
    Path out = folder.resolve("small.safetensors");
    CommandRun run = compress(out, "--bits", 4.5, "--joint-rank");
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    assertTrue(json.number("averageBitsWithLowRankNf8") <= 4.5, json.toString());
    assertTrue(json.number("averageBitsWithLowRankNf8") > 4, json.toString());
    for (Object matrix : json.array("matrices")) {
      assertTrue(List.of(0L, 8L, 16L, 32L).contains(((JsonObject) matrix).integer("rank")));
    }
    for (Object[] wrong :
        new Object[][] {{"--rank", 2}, {"--method", "nf"}, {"--config", CONFIG}}) {
      assertEquals(2, compress(out, "--joint-rank", wrong[0], wrong[1]).status());
    }
  }

  @Test
  void keptCostsGiveTheSameBytes() throws IOException {
    Path cache = folder.resolve("costs");
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    assertEquals(0, compress(first, "--bits", 3.5, "--rank", 2, "--cost-cache", cache).status());
    try (var files = Files.list(cache)) {
      assertEquals(4, files.count());
    }
    assertEquals(0, compress(second, "--bits", 3.5, "--rank", 2, "--cost-cache", cache).status());
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @Test
  void memoryOfAllPartsIsTold() throws IOException {
    JsonObject json =
        compress(folder.resolve("small.safetensors"), "--config", CONFIG, "--rank", 2).json();
    JsonObject memory = json.object("memory");
    assertEquals(json.integer("weights"), memory.integer("weights"));
    assertEquals(3 * json.integer("weights"), memory.integer("codeBits"));
    assertEquals(32 * 4, memory.integer("offsetBits"));
    // embedding, pooler, four biases of 32 and a counter of 64 bits
    assertEquals(32 * (50 * 32 + 32 * 32 + 4 * 32) + 64, memory.integer("otherBits"));
  }

  /** Squares of normal numbers, of which the columns of even index count little. */
  private Path fisher(List<String> names) throws IOException {
    Map<String, Fisher> matrices = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      for (String name : names) {
        Tensor squares = checkpoint.read(name).copy();
        Elementwise.multiply(squares, squares, squares);
        for (int j = 0; j < squares.size(1); j += 2) {
          Arithmetic.scale(1e-3, squares.transpose().row(j));
        }
        matrices.put(name, Fisher.of(squares));
      }
    }
    Path path = folder.resolve("fisher.safetensors");
    FisherFile.write(path, matrices);
    return path;
  }

  @Test
  void fisherWeightsPlanAndDecomposition() throws IOException {
    Path fisher = fisher(ModelFixture.WEIGHTS);
    Path plainOut = folder.resolve("plain.safetensors");
    Path out = folder.resolve("weighted.safetensors");
    CommandRun plain = compress(plainOut, "--bits", 3.5, "--rank", 2);
    CommandRun run = compress(out, "--bits", 3.5, "--rank", 2, "--fisher", fisher);
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    assertTrue(json.number("averageBits") <= 3.5);
    assertTrue(json.number("relativeError") > plain.json().number("relativeError"));
    double weighted = json.number("weightedError");
    assertTrue(weighted < 0.9 * weightedError(plainOut), weighted + " weighted");
    assertEquals(weighted, weightedError(out), 1e-5 * weighted);
    JsonObject record = Json.read(folder.resolve("run.json"));
    assertTrue(record.toString().contains("fisher.safetensors"), record.toString());
  }

  /** Relative weighted error of a compressed file. */
  private double weightedError(Path compressed) throws IOException {
    double error = 0;
    double norm = 0;
    try (Checkpoint original = Checkpoint.open(model);
        FisherFile fisher = FisherFile.open(folder.resolve("fisher.safetensors"));
        QuantizedCheckpoint file = QuantizedCheckpoint.open(compressed)) {
      for (String name : file.matrixNames()) {
        Tensor weight = original.read(name);
        Fisher f = fisher.read(name, weight.size(0), weight.size(1));
        float[] dense = file.operator(name).toDense().toFloats();
        error += Math.pow(f.distance(weight.toFloats(), dense), 2);
        norm += Math.pow(f.norm(weight.toFloats()), 2);
      }
    }
    return Math.sqrt(error / norm);
  }

  @Test
  void missingFisherMatrixIsNamed() throws IOException {
    Path fisher = fisher(ModelFixture.WEIGHTS.subList(0, 3));
    CommandRun run =
        compress(folder.resolve("x.safetensors"), "--config", CONFIG, "--fisher", fisher);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("no Fisher matrix for 1 of 4 weights"), run.err());
    assertTrue(run.err().contains(ModelFixture.WEIGHTS.get(3)), run.err());
    CommandRun none =
        compress(folder.resolve("x.safetensors"), "--config", CONFIG, "--fisher", "none");
    assertEquals(1, none.status());
    assertTrue(none.err().contains("no such file"), none.err());
  }

  @Test
  void factorsAreStoredQuantized() throws IOException {
    Path out = folder.resolve("small.safetensors");
    CommandRun run =
        compress(out, "--config", CONFIG, "--rank", 2, "--factor-config", "nf8/64/fp8/256");
    assertEquals(0, run.status(), run.err());
    // 2 x 32 and 2 x (32 or 48) entries of 8 bits, a scale of 8 bits per 64, one of 32 in all
    double bits = 2 * (2 * (8 * 64 + 8 + 32)) + 2 * (8 * 64 + 8 + 32 + 8 * 96 + 16 + 32);
    double weights = 2 * 32 * (32 + 48);
    assertEquals(3.625 + bits / weights, run.json().number("averageBitsWithLowRank"), 1e-12);
    try (QuantizedCheckpoint file = QuantizedCheckpoint.open(out)) {
      assertTrue(file.quantizedFactors(ModelFixture.WEIGHTS.get(0)).isPresent());
    }
  }
}
