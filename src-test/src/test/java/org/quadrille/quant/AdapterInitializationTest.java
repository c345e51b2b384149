package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/** QLoRA, LoftQ, QPiSSA, PiSSA and QERA, quantized factors, LoRA form and merging. */
class AdapterInitializationTest {
  private static final Quantizer NF3 = BlockQuantizer.of(QuantizationConfig.parse("nf3/16/fp8/16"));
  private static final Quantizer NF8 =
      BlockQuantizer.of(QuantizationConfig.parse("nf8/64/fp8/256"));

  @TempDir private Path folder;

  /** A product of rank 6 plus noise. */
  private static Tensor matrix(int rows, int cols) {
    Tensor w = Arithmetic.scale(0.3, GaussianMatrix.of(DType.F32, 1, rows, cols));
    Tensor left = GaussianMatrix.of(DType.F32, 2, rows, 6);
    return MatrixProduct.multiply(0.3, left, GaussianMatrix.of(DType.F32, 3, 6, cols), 1, w);
  }

  /** Best approximation of rank r in double by the exact decomposition. */
  private static Tensor best(Tensor a, int rank) {
    return Svd.exact(a.to(DType.F64)).truncate(rank).reconstruct();
  }

  private static double distance(Tensor a, Tensor b) {
    return Norms.frobenius(Arithmetic.subtract(a.to(DType.F64), b.to(DType.F64)));
  }

  @Test
  void qloraStartsFromTheQuantizedMatrix() {
    Tensor w = matrix(40, 30);
    LqResult result = LqDecomposition.decompose(w, LqOptions.qlora(NF3, 5));
    assertArrayEquals(NF3.quantize(w).packedCodes(), result.quantized().packedCodes());
    assertArrayEquals(new float[200], result.lowRank().left().toFloats());
    double[] right = result.lowRank().right().toDoubles();
    double variance = Arrays.stream(right).map(x -> x * x).average().orElseThrow();
    assertEquals(1.0 / 25, variance, 0.3 / 25);
    assertEquals(distance(w, NF3.quantize(w).dequantize()), result.error(), 1e-5);
    assertEquals(StopRule.NOTHING_TO_ITERATE, result.stopRule());
  }

  @Test
  void loftqAlternatesFromTheQuantizedPart() {
    Tensor w = matrix(40, 30);
    LqOptions options = LqOptions.loftq(NF3, 4, 3).withSvd(SvdMethod.EXACT);
    LqResult result = LqDecomposition.decompose(w, options);
    Tensor low = Tensor.zeros(DType.F64, 40, 30);
    for (int round = 0; round < 3; round++) {
      Tensor q = NF3.quantize(Arithmetic.subtract(w.to(DType.F64), low)).dequantize();
      Tensor rest = Arithmetic.subtract(w.to(DType.F64), q.to(DType.F64));
      low = best(rest, 4);
      double error = distance(rest, low);
      assertEquals(error, result.objective().get(round), 1e-2 * error);
    }
    assertEquals(3, result.iterations());
    assertEquals(3, result.keptIteration());
    assertEquals(StopRule.ITERATION_LIMIT, result.stopRule());
  }

  @Test
  void qpissaQuantizesWhatThePrincipalPartLeaves() {
    Tensor w = matrix(40, 30);
    LqResult result =
        LqDecomposition.decompose(w, LqOptions.qpissa(NF3, 4, 1).withSvd(SvdMethod.EXACT));
    Tensor principal = best(w, 4);
    Tensor low = MatrixProduct.multiply(result.lowRank().left(), result.lowRank().right());
    assertTrue(distance(principal, low) < 1e-5 * Norms.frobenius(w));
    PrincipalPart parts = PrincipalPart.of(w, 4, 1);
    Tensor adapter = MatrixProduct.multiply(parts.adapter().left(), parts.adapter().right());
    assertTrue(distance(w, Arithmetic.add(adapter, parts.rest())) < 1e-6 * Norms.frobenius(w));
    assertTrue(distance(principal, adapter) < 0.02 * Norms.frobenius(w));
    LqResult rounds = LqDecomposition.decompose(w, LqOptions.qpissa(NF3, 4, 7));
    assertEquals(7, rounds.iterations());
    assertEquals(7, rounds.keptIteration());
  }

  /** The output error over inputs of unequal energy is what QERA minimizes. */
  @Test
  void qeraMinimizesTheErrorOfTheOutput() {
    Tensor w = matrix(40, 30);
    double[] energy = new Random(4).doubles(30).map(x -> Math.exp(6 * x)).toArray();
    LqResult qera =
        LqDecomposition.decompose(w, LqOptions.qera(NF3, 4, 40, energy).withSvd(SvdMethod.EXACT));
    Tensor rest = Arithmetic.subtract(w.to(DType.F64), NF3.quantize(w).dequantize().to(DType.F64));
    // |(E - L) R^(1/2)| is least for L R^(1/2) = best approximation of E R^(1/2)
    Tensor scaled = rest.copy();
    for (int j = 0; j < 30; j++) {
      Arithmetic.scale(Math.sqrt(energy[j]), scaled.transpose().row(j));
    }
    double expected = distance(scaled, best(scaled, 4));
    assertEquals(expected, qera.weightedError(), 1e-5 * expected);
    LqResult loftq = LqDecomposition.decompose(w, LqOptions.loftq(NF3, 4, 1));
    Fisher fisher = Fisher.ofColumns(40, energy);
    double other = fisher.distance(w.floats(), loftq.operator().toDense().floats());
    assertTrue(qera.weightedError() < 0.9 * other);
  }

  @Test
  void quantizedFactorsAreRefittedAndStored() throws IOException {
    Tensor w = matrix(60, 44);
    LqOptions options = LqOptions.of(NF3, 6);
    LqResult whole = LqDecomposition.decompose(w, options);
    QuantizationConfig nf4 = QuantizationConfig.parse("nf4/16/fp8/16");
    LqResult small =
        LqDecomposition.decompose(w, options.withFactorQuantizer(BlockQuantizer.of(nf4)));
    QuantizedFactors factors = small.quantizedFactors().orElseThrow();
    assertArrayEquals(factors.left().dequantize().floats(), small.lowRank().left().floats());
    double naive =
        distance(
            w,
            Arithmetic.add(
                whole.quantized().dequantize(),
                product(QuantizedFactors.of(whole.lowRank(), BlockQuantizer.of(nf4)))));
    assertTrue(small.error() < naive, small.error() + " against " + naive);
    assertEquals(distance(w, small.operator().toDense()), small.error(), 1e-5 * small.error());
    assertEquals(
        small.quantized().storageBits()
            + StorageCost.exactBits(360, nf4)
            + StorageCost.exactBits(264, nf4),
        small.storageBits());
    Tensor x = GaussianMatrix.of(DType.F32, 9, 44, 3);
    Tensor y = MatrixProduct.multiply(product(factors), x);
    assertTrue(distance(y, factors.operator().apply(x)) < 1e-5 * Norms.frobenius(y));

    Path path = folder.resolve("model.safetensors");
    new QuantizedCheckpointWriter()
        .add("layer.weight", small.quantized(), factors, Optional.empty())
        .write(path);
    try (QuantizedCheckpoint file = QuantizedCheckpoint.open(path)) {
      assertEquals("2", file.file().metadata().get("quadrille.quantized.version"));
      QuantizedFactors read = file.quantizedFactors("layer.weight").orElseThrow();
      assertArrayEquals(factors.left().packedCodes(), read.left().packedCodes());
      assertArrayEquals(factors.right().packedCodes(), read.right().packedCodes());
      LowRank lowRank = file.lowRank("layer.weight");
      assertArrayEquals(small.lowRank().left().floats(), lowRank.left().floats());
      assertArrayEquals(small.lowRank().right().floats(), lowRank.right().floats());
      Tensor dense = file.operator("layer.weight").toDense();
      assertArrayEquals(small.operator().toDense().floats(), dense.floats());
    }
  }

  private static Tensor product(QuantizedFactors factors) {
    return MatrixProduct.multiply(factors.dequantize().left(), factors.dequantize().right());
  }

  @Test
  void factorsThatDoNotFitAreRefused() throws IOException {
    QuantizedMatrix base = NF3.quantize(matrix(20, 30));
    QuantizedMatrix left = NF8.quantize(matrix(20, 3));
    QuantizedMatrix right = NF8.quantize(matrix(3, 31));
    assertThrows(IllegalArgumentException.class, () -> new QuantizedFactors(right, left));
    QuantizedFactors factors = new QuantizedFactors(left, right);
    assertThrows(
        IllegalArgumentException.class,
        () -> new QuantizedCheckpointWriter().add("w", base, factors, Optional.empty()));
    QuantizedFactors fitting = new QuantizedFactors(left, NF8.quantize(matrix(3, 30)));
    Path path = folder.resolve("model.safetensors");
    new QuantizedCheckpointWriter().add("w", base, fitting, Optional.empty()).write(path);
    byte[] bytes = Files.readAllBytes(path);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("[3,30]");
    assertTrue(at > 0, text.substring(0, 600));
    bytes[at + 1] = '2';
    // n contradicts the shape now
    Files.write(path, bytes);
    assertThrows(FormatException.class, () -> QuantizedCheckpoint.open(path).close());
  }

  @Test
  void loraFormKeepsTheProduct() {
    LowRank lowRank = LqDecomposition.decompose(matrix(40, 30), LqOptions.of(NF3, 4)).lowRank();
    Tensor product = MatrixProduct.multiply(lowRank.left(), lowRank.right());
    for (boolean stabilized : new boolean[] {false, true}) {
      LoraAdapter adapter = LoraAdapter.of(lowRank, 16, stabilized);
      assertEquals(stabilized ? 8 : 4, adapter.scaling());
      assertEquals(Norms.frobenius(adapter.a()), Norms.frobenius(adapter.b()), 1e-4);
      double scale = 1e-5 * Norms.frobenius(product);
      assertTrue(distance(product, adapter.operator().toDense()) < scale);
      LowRank back = adapter.toLowRank();
      assertTrue(distance(lowRank.left(), back.left()) < scale);
      assertTrue(distance(lowRank.right(), back.right()) < scale);
    }
    assertThrows(IllegalArgumentException.class, () -> LoraAdapter.of(lowRank, 0, false));
    LowRank none = LowRank.of(Tensor.zeros(DType.F32, 4, 0), Tensor.zeros(DType.F32, 0, 5));
    assertThrows(IllegalArgumentException.class, () -> LoraAdapter.of(none, 16, false));
  }

  @Test
  void adapterFolderHasTheNamesOfPeft() throws IOException {
    LoraAdapter first = new LoraAdapter(matrix(2, 9), matrix(7, 2), 16, false);
    LoraAdapter second = new LoraAdapter(matrix(3, 5), matrix(4, 3), 8, false);
    Map<String, LoraAdapter> adapters = new LinkedHashMap<>();
    adapters.put("layer.0.query.weight", first);
    adapters.put("layer.0.value.weight", second);
    LoraAdapterFolder.write(folder.resolve("adapter"), adapters, "base.safetensors");
    JsonObject config = Json.read(folder.resolve("adapter/adapter_config.json"));
    assertEquals("LORA", config.string("peft_type"));
    assertEquals(2, config.integer("r"));
    assertEquals(16, config.number("lora_alpha"));
    assertFalse(config.bool("use_rslora"));
    assertEquals(3, config.object("rank_pattern").integer("layer\\.0\\.value"));
    assertEquals(8, config.object("alpha_pattern").number("layer\\.0\\.value"));
    assertEquals("base.safetensors", config.string("base_model_name_or_path"));
    try (Checkpoint file = Checkpoint.open(folder.resolve("adapter/adapter_model.safetensors"))) {
      String name = "base_model.model.layer.0.query.lora_A.weight";
      assertArrayEquals(first.a().floats(), file.read(name).floats());
      String other = "base_model.model.layer.0.value.lora_B.weight";
      assertArrayEquals(second.b().floats(), file.read(other).floats());
    }
    adapters.put("x", new LoraAdapter(matrix(2, 9), matrix(7, 2), 16, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> LoraAdapterFolder.write(folder.resolve("mixed"), adapters, "base"));
    assertThrows(
        IllegalArgumentException.class,
        () -> LoraAdapterFolder.write(folder.resolve("none"), Map.of(), "base"));
  }

  @Test
  void mergingReportsWhatIsLost() {
    Tensor w = matrix(300, 64);
    QuantizedMatrix base = NF3.quantize(w);
    Tensor left = GaussianMatrix.of(DType.F32, 5, 300, 2);
    Tensor right = GaussianMatrix.of(DType.F32, 6, 2, 64);
    LowRank large = LowRank.of(left, right, 0.5);
    LowRankMerge.Dense dense = LowRankMerge.dense(base, large);
    assertTrue(dense.loss().relativeError() < 1e-6);
    assertEquals(1, dense.loss().survivingUpdate(), 1e-6);
    Tensor expected = MatrixProduct.multiply(0.5, left, right, 1, base.dequantize());
    assertTrue(distance(expected, dense.weights()) < 1e-5);

    LowRankMerge.Requantized requantized = LowRankMerge.requantized(base, large, NF3);
    double error = distance(dense.weights(), requantized.weights().dequantize());
    assertEquals(error, requantized.loss().error(), 1e-5 * error);
    assertFalse(requantized.loss().losesUpdate());
    assertEquals(1, requantized.loss().survivingUpdate(), 0.1);

    LowRank small = LowRank.of(left, right, 1e-3);
    LowRankMerge.Requantized lost = LowRankMerge.requantized(base, small, NF3);
    assertTrue(lost.loss().losesUpdate());
    assertTrue(lost.loss().survivingUpdate() < 0.9, "" + lost.loss().survivingUpdate());
    LowRank none = LowRank.of(Tensor.zeros(DType.F32, 300, 0), Tensor.zeros(DType.F32, 0, 64));
    assertEquals(0, LowRankMerge.dense(base, none).loss().error());
    assertThrows(
        IllegalArgumentException.class,
        () -> LowRankMerge.dense(base, LowRank.of(left, matrix(2, 63))));
  }
}
