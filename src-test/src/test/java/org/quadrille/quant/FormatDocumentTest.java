package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * The Python reader printed in {@code quant/FORMAT.md}, run as it stands there, reads every bit
 * that Java wrote. Needs {@code python3} with numpy; skipped without.
 */
@Tag("study")
class FormatDocumentTest {
  @TempDir Path folder;

  private static Tensor random(int rows, int cols) {
    Random random = new Random(7);
    Tensor tensor = Tensor.zeros(DType.F32, rows, cols);
    for (int i = 0; i < tensor.length(); i++) {
      tensor.floats()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static List<QuantizedMatrix> matrices(Tensor w) {
    List<QuantizedMatrix> matrices = new ArrayList<>();
    for (String text :
        List.of(
            "nf2/16/fp2/16/bf16",
            "nf3/64/fp8/256",
            "nf4/20/fp5/3/fp16",
            "nf5/64/fp3/256/rows",
            "af4/16/fp6/16/rows",
            "snf7/16/fp7/64/bf16",
            "nf8/64/fp1/256",
            "int6/32/fp8/256/search",
            "nf2/16/fp8/256/search/learned",
            "int3/20/fp8/16/rows+zero",
            "int4/32/fp8/256+zero+hadamard",
            "nf4/64/fp8/256+hadamard")) {
      matrices.add(Quantizer.parse(text).quantize(w));
    }
    float[] factors = new float[w.size(1)];
    for (int j = 0; j < factors.length; j++) {
      factors[j] = 0.5f + j / 8f;
    }
    QuantizedMatrix plain = BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(w);
    matrices.add(plain.withTransform(DiagonalScaling.of(factors)));
    factors[0] = 0.1f;
    matrices.add(plain.withTransform(DiagonalScaling.of(factors)));
    return matrices;
  }

  private static String reader() throws IOException {
    Path home = Path.of(System.getProperty("quadrille.home", ".."));
    String document = Files.readString(home.resolve("quant/FORMAT.md"));
    int first = document.indexOf("```python\n") + "```python\n".length();
    return document.substring(first, document.indexOf("```", first));
  }

  private void python(String script) throws IOException, InterruptedException {
    Path file = folder.resolve("script.py");
    Files.writeString(file, script);
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder("python3", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "python3 takes more than a minute");
    assertEquals(0, process.exitValue(), Files.readString(log));
  }

  private boolean hasNumpy() throws InterruptedException {
    try {
      python("import numpy");
      return true;
    } catch (IOException | AssertionError e) {
      return false;
    }
  }

  @Test
  void readerInTheDocumentReadsEveryBit() throws IOException, InterruptedException {
    assumeTrue(hasNumpy(), "python3 with numpy is not installed");
    Tensor w = random(37, 53);
    List<QuantizedMatrix> matrices = matrices(w);
    QuantizedCheckpointWriter writer = new QuantizedCheckpointWriter();
    for (int i = 0; i < matrices.size(); i++) {
      writer.add("m" + i, matrices.get(i));
    }
    LqResult lq = LqDecomposition.decompose(w, LqOptions.of(QuantizationConfig.DEFAULT, 5));
    writer.add("lq", lq.quantized(), Optional.of(lq.lowRank()), Optional.empty());
    QuantizedFactors factors = QuantizedFactors.of(lq.lowRank(), Quantizer.parse("nf8/64/fp8/256"));
    writer.add("lq8", lq.quantized(), factors, Optional.empty());
    writer.write(folder.resolve("model.safetensors"));
    python(
        reader()
            + """

            model = QuantizedFile("model.safetensors")
            for name in model.matrices:
                np.save(name + ".npy", np.ascontiguousarray(model.quantized(name), np.float32))
            np.save("sum.npy", model.matrix("lq"))
            np.save("sum8.npy", model.matrix("lq8"))
            """);
    for (int i = 0; i < matrices.size(); i++) {
      assertArrayEquals(
          matrices.get(i).dequantize().floats(),
          NpyFile.read(folder.resolve("m" + i + ".npy")).toFloats(),
          matrices.get(i).toString());
    }
    assertArrayEquals(
        lq.operator().toDense().toFloats(),
        NpyFile.read(folder.resolve("sum.npy")).toFloats(),
        1e-5f);
    Tensor sum = lq.quantized().dequantize();
    MatrixProduct.multiply(1, factors.left().dequantize(), factors.right().dequantize(), 1, sum);
    assertArrayEquals(sum.toFloats(), NpyFile.read(folder.resolve("sum8.npy")).toFloats(), 1e-5f);
  }
}
