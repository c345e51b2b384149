package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.formats.RawMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.QuantizationError;

class QuantizeCommandTest {
  private static final String CONFIG = "nf3/16/fp8/4";
  private static final int ROWS = 19;
  private static final int COLS = 33;

  @TempDir private Path folder;

  static Tensor random(long seed, int rows, int cols) {
    Random random = new Random(seed);
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, rows, cols);
  }

  private Path matrix() throws IOException {
    Path path = folder.resolve("weight.npy");
    NpyFile.write(path, random(3, ROWS, COLS));
    return path;
  }

  @Test
  void jsonHoldsBitsAndErrors() throws IOException {
    CommandRun run = CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG, "--json");
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    // 627 codes of 3 bits, 40 blocks of 8 bits, 10 groups of 32 bits
    assertEquals((627 * 3 + 40 * 8 + 10 * 32) / 627.0, json.number("bitsPerParameter"), 1e-12);
    assertTrue(json.number("relativeError") > 0.1 && json.number("relativeError") < 0.25);
    assertTrue(json.number("maxError") > 0);
    assertEquals("", run.err());
  }

  @Test
  void dumpedCodesAndScalesGiveTheDequantizedMatrix() throws IOException {
    Path dump = folder.resolve("dump");
    CommandRun run =
        CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG, "--dump", dump, "--json");
    assertEquals(0, run.status(), run.err());
    float[] scales = NpyFile.read(dump.resolve("scales.npy")).floats();
    float[] levels = NpyFile.read(dump.resolve("levels.npy")).floats();
    Tensor dequantized = NpyFile.read(dump.resolve("dequantized.npy"));
    try (Checkpoint files = Checkpoint.open(dump)) {
      byte[] codes = files.bytes("codes").toArray(ValueLayout.JAVA_BYTE);
      for (int i = 0; i < codes.length; i++) {
        assertEquals(levels[codes[i]] * scales[i / 16], dequantized.floats()[i], "weight " + i);
      }
    }
    double error = QuantizationError.between(random(3, ROWS, COLS), dequantized).relativeError();
    assertEquals(error, run.json().number("relativeError"));
  }

  @Test
  void everyQuantizerHasASpelling() throws IOException {
    double plain = relativeError("int3/16/fp8/4");
    assertTrue(relativeError("int3/16/fp8/4/search") < plain);
    assertTrue(relativeError("int3/16/fp8/4+zero") < plain);
    assertTrue(relativeError("nf3/16/fp8/4/search/learned+hadamard") < relativeError(CONFIG));
    Path dump = folder.resolve("dump");
    CommandRun run =
        CommandRun.of(
            "quantize", "--in", matrix(), "--config", "int3/16/fp8/4+zero", "--dump", dump);
    assertEquals(0, run.status(), run.err());
    assertTrue(Files.exists(dump.resolve("zero_codes.npy")));
    CommandRun wrong = CommandRun.of("quantize", "--in", matrix(), "--config", "nf3/16/fp8/4+zero");
    assertEquals(2, wrong.status());
    assertTrue(wrong.err().contains("equispaced levels"), wrong.err());
  }

  private double relativeError(String config) throws IOException {
    CommandRun run = CommandRun.of("quantize", "--in", matrix(), "--config", config, "--json");
    assertEquals(0, run.status(), run.err());
    assertEquals(config, run.json().string("config"));
    assertEquals(0, run.json().integer("vanishedBlocks"));
    return run.json().number("relativeError");
  }

  @Test
  void inputsOfTheLayerLowerTheErrorOfItsOutputs() throws IOException {
    Path inputs = folder.resolve("inputs.npy");
    Tensor samples = random(5, 200, COLS);
    for (int i = 0; i < samples.length(); i++) {
      // neighbouring columns are alike, one is large
      samples.floats()[i] += i % COLS > 0 ? 2 * samples.floats()[i - 1] : 0;
      samples.floats()[i] *= i % COLS == 7 ? 20 : 1;
    }
    NpyFile.write(inputs, samples);
    double[] errors = new double[3];
    String[] methods = {"awq", "gptq", "awq+gptq"};
    for (int i = 0; i < methods.length; i++) {
      Path dump = folder.resolve("dump" + i);
      CommandRun run =
          CommandRun.of(
              "quantize",
              "--in",
              matrix(),
              "--config",
              CONFIG,
              "--inputs",
              inputs,
              "--aware",
              methods[i],
              "--dump",
              dump,
              "--json");
      assertEquals(0, run.status(), run.err());
      errors[i] = run.json().number("relativeOutputError");
      assertEquals(methods[i].startsWith("awq"), Files.exists(dump.resolve("column_scales.npy")));
    }
    assertTrue(errors[2] < errors[0] && errors[1] < errors[0], errors[0] + " " + errors[1]);
    CommandRun text =
        CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG, "--inputs", inputs);
    assertTrue(text.out().contains("relative error of outputs"), text.out());
    assertTrue(text.out().contains("gptq(" + CONFIG + ")"), text.out());
    assertEquals(
        2,
        CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG, "--aware", "awq").status());
    CommandRun wrong =
        CommandRun.of(
            "quantize", "--in", matrix(), "--config", CONFIG, "--inputs", matrix(), "--json");
    assertEquals(0, wrong.status(), wrong.err());
    Path narrow = folder.resolve("narrow.npy");
    NpyFile.write(narrow, random(5, 9, COLS - 1));
    wrong = CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG, "--inputs", narrow);
    assertEquals(1, wrong.status());
    assertTrue(wrong.err().contains("samples x 33"), wrong.err());
  }

  @Test
  void rawFileAndNpyGiveTheSameFigures() throws IOException {
    Path raw = folder.resolve("weight.f32");
    RawMatrix.write(raw, random(3, ROWS, COLS));
    CommandRun fromRaw =
        CommandRun.of(
            "quantize", "--in", raw, "--rows", ROWS, "--cols", COLS, "--config", CONFIG, "--json");
    CommandRun fromNpy = CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG, "--json");
    assertEquals(fromNpy.json().number("relativeError"), fromRaw.json().number("relativeError"));
  }

  @Test
  void rawFileWithoutSizesIsWrongUsage() throws IOException {
    Path raw = folder.resolve("weight.f32");
    RawMatrix.write(raw, random(3, ROWS, COLS));
    assertEquals(2, CommandRun.of("quantize", "--in", raw, "--config", CONFIG).status());
  }

  @Test
  void failuresAreOneLineThatNamesTheFile() throws IOException {
    Path text = folder.resolve("text.npy");
    Files.writeString(text, "this is not a matrix");
    Path infinite = folder.resolve("infinite.npy");
    NpyFile.write(infinite, Tensor.of(new float[] {1, Float.POSITIVE_INFINITY}, 1, 2));
    Path cube = folder.resolve("cube.npy");
    NpyFile.write(cube, Tensor.of(new float[8], 2, 2, 2));
    for (Path path : new Path[] {text, infinite, cube, folder.resolve("missing.npy")}) {
      CommandRun run = CommandRun.of("quantize", "--in", path, "--config", CONFIG);
      assertEquals(1, run.status(), path.toString());
      assertEquals("", run.out());
      assertEquals(1, run.err().lines().count(), run.err());
      assertTrue(run.err().contains(path.getFileName().toString()), run.err());
    }
  }

  @Test
  void textShowsTheSameFigures() throws IOException {
    CommandRun run = CommandRun.of("quantize", "--in", matrix(), "--config", CONFIG);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().startsWith("Quantized "), run.out());
    assertTrue(run.out().contains("bits per parameter  4.0207"), run.out());
  }
}
