package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/** What holds for every quantizer that has a spelling. */
class QuantizerLawsTest {
  @TempDir Path folder;

  static Stream<String> spellings() {
    return Stream.of(
        "nf4/64/fp8/256",
        "nf3/20/fp5/3/bf16/rows",
        "snf4/16/fp8/256",
        "af4/64/fp8/256",
        "int2/16/fp4/16",
        "int8/64/fp8/256/rows",
        "nf2/16/fp8/64/search",
        "int4/32/fp8/256/rows/search",
        "nf3/64/fp8/256/learned",
        "nf2/16/fp8/256/search/learned",
        "int4/32/fp8/256+zero",
        "int3/20/fp6/16/rows+zero",
        "int2/16/fp8/256/search+zero",
        "nf3/64/fp8/256+hadamard",
        "int4/32/fp8/256/search+zero+hadamard",
        "nf2/16/fp8/256/search/learned+hadamard");
  }

  static Tensor random(int rows, int cols, double scale, long seed) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.zeros(DType.F32, rows, cols);
    for (int i = 0; i < tensor.length(); i++) {
      tensor.floats()[i] = (float) (scale * random.nextGaussian());
    }
    return tensor;
  }

  private static double squaredError(Tensor w, Tensor approximation) {
    return QuantizationError.between(w, approximation).squaredError();
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void roundingHasTheBitsOfCodes(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    Tensor before = random(37, 53, 3, 9);
    Rounding rounding = quantizer.rounding(37, 53);
    rounding.apply(before.floats(), new float[before.length()]);
    Tensor w = random(37, 53, 1, 1);
    Tensor dequantized = quantizer.quantize(w).dequantize();
    float[] inPlace = w.toFloats();
    double error = rounding.apply(inPlace, inPlace);
    assertArrayEquals(dequantized.floats(), inPlace);
    double expected = squaredError(w, dequantized);
    assertEquals(expected, error, 1e-12 * expected);
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void anyBackendAndThreadCountGivesTheSameBits(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    Tensor w = random(90, 403, 1, 2);
    Arrays.fill(w.floats(), 0, 300, 0f);
    Tensor scalar =
        WorkerPool.of(1)
            .call(
                () ->
                    KernelProvider.with(
                        KernelProvider.scalar(), () -> quantizer.quantize(w).dequantize()));
    Tensor simd =
        WorkerPool.of(4)
            .call(
                () ->
                    KernelProvider.with(
                        KernelProvider.simd().orElseThrow(),
                        () -> quantizer.quantize(w).dequantize()));
    assertArrayEquals(scalar.floats(), simd.floats());
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void fileGivesEveryBitBack(String text) throws IOException {
    QuantizedMatrix q = Quantizer.parse(text).quantize(random(37, 53, 1, 3));
    Path path = folder.resolve("model.safetensors");
    new QuantizedCheckpointWriter().add("w", q).write(path);
    try (QuantizedCheckpoint model = QuantizedCheckpoint.open(path)) {
      QuantizedMatrix read = model.quantized("w");
      assertArrayEquals(q.dequantize().floats(), read.dequantize().floats());
      assertEquals(q.storageBits(), read.storageBits());
      assertEquals(q.transform(), read.transform());
      boolean extended = q.hasZeroCodes() || q.transform().isPresent();
      assertEquals(
          extended ? "2" : "1", model.file().metadata().get("quadrille.quantized.version"));
      Tensor x = random(53, 2, 1, 4);
      assertArrayEquals(
          new Quantized(q).apply(x).toFloats(), model.operator("w").apply(x).toFloats());
    }
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void operatorIsTheDequantizedMatrix(String text) {
    QuantizedMatrix q = Quantizer.parse(text).quantize(random(37, 153, 1, 3));
    Tensor dense = q.dequantize().to(DType.F64);
    Quantized operator = new Quantized(q);
    Tensor x = random(153, 3, 1, 4);
    Tensor y = random(37, 3, 1, 5);
    assertClose(MatrixProduct.multiply(dense, x.to(DType.F64)), operator.apply(x));
    assertClose(
        MatrixProduct.multiply(dense.transpose(), y.to(DType.F64)), operator.applyTransposed(y));
    assertArrayEquals(q.dequantize().floats(), operator.toDense().toFloats());
  }

  private static void assertClose(Tensor expected, Tensor result) {
    double[] exact = expected.toDoubles();
    double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
    assertArrayEquals(exact, result.toDoubles(), 1e-5 * largest);
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void bitsAreCountedExactly(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    for (int[] shape : new int[][] {{1, 1}, {5, 7}, {37, 53}, {16, 64}}) {
      QuantizedMatrix q = quantizer.quantize(random(shape[0], shape[1], 1, 3));
      assertEquals(quantizer.storageBits(shape[0], shape[1]), q.storageBits());
    }
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void nameReadsBack(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    assertEquals(quantizer, Quantizer.parse(quantizer.name()));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void decomposesWithALowRankPart(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    Tensor w = random(40, 53, 1, 5);
    MatrixProduct.multiply(2, random(40, 3, 1, 6), random(3, 53, 1, 7), 1, w);
    LqResult plain = LqDecomposition.decompose(w, LqOptions.of(quantizer, 0));
    LqResult lq = LqDecomposition.decompose(w, LqOptions.of(quantizer, 4).withIterations(6, 1e-3));
    assertTrue(lq.error() < 0.95 * plain.error(), lq.error() + " " + plain.error());
    double error = Norms.frobenius(difference(w, lq.operator().toDense()));
    assertEquals(error, lq.error(), 1e-5 * error);
  }

  private static Tensor difference(Tensor a, Tensor b) {
    Tensor difference = a.copy();
    for (int i = 0; i < a.length(); i++) {
      difference.floats()[i] -= b.floats()[i];
    }
    return difference;
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void zeroMatrixStaysZero(String text) {
    Tensor zero = Tensor.zeros(DType.F32, 9, 21);
    QuantizedMatrix q = Quantizer.parse(text).quantize(zero);
    for (float value : q.dequantize().floats()) {
      assertTrue(value == 0);
    }
    assertEquals(0, q.vanishedBlocks(zero));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void constantMatrixIsExactUnlessRotated(String text) {
    if (text.contains("hadamard")) {
      return;
    }
    for (float c : new float[] {0.3f, -7f, 1e-30f, -1e30f}) {
      Tensor w = Tensor.zeros(DType.F32, 9, 21).fill(c);
      for (float value : Quantizer.parse(text).quantize(w).dequantize().floats()) {
        assertEquals(c, value, 4 * Math.ulp(c));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void errorDoesNotDependOnTheMagnitude(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    Tensor w = random(16, 64, 1, 8);
    double expected = squaredError(w, quantizer.quantize(w).dequantize());
    for (int exponent : new int[] {-90, -27, 60}) {
      Tensor scaled = w.copy();
      for (int i = 0; i < w.length(); i++) {
        scaled.floats()[i] = Math.scalb(w.floats()[i], exponent);
      }
      double error = squaredError(scaled, quantizer.quantize(scaled).dequantize());
      assertEquals(expected, error * Math.scalb(1.0, -2 * exponent), 1e-3 * expected);
    }
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void largestMagnitudesStayFinite(String text) {
    Quantizer quantizer = Quantizer.parse(text.replace("/bf16", ""));
    Tensor w = Tensor.zeros(DType.F32, 4, 64);
    for (int i = 0; i < w.length(); i++) {
      w.floats()[i] = i % 7 == 0 ? -Float.MAX_VALUE : Float.MAX_VALUE / (1 + i % 5);
    }
    assertTrue(quantizer.quantize(w).dequantize().isFinite());
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void badInputIsNamed(String text) {
    Quantizer quantizer = Quantizer.parse(text);
    Tensor w = random(10, 10, 1, 1);
    w.set(Double.NaN, 5, 7);
    String message =
        assertThrows(IllegalArgumentException.class, () -> quantizer.quantize(w)).getMessage();
    assertTrue(message.contains("[5, 7] is NaN"), message);
    w.set(Double.NEGATIVE_INFINITY, 5, 7);
    message =
        assertThrows(IllegalArgumentException.class, () -> quantizer.quantize(w)).getMessage();
    assertTrue(message.contains("[5, 7] is -Infinity"), message);
    assertThrows(
        IllegalArgumentException.class, () -> quantizer.quantize(Tensor.zeros(DType.F32, 0, 3)));
    assertThrows(
        IllegalArgumentException.class, () -> quantizer.quantize(Tensor.zeros(DType.F32, 3)));
    assertThrows(IllegalArgumentException.class, () -> quantizer.rounding(0, 3));
    Rounding rounding = quantizer.rounding(2, 3);
    assertThrows(IllegalArgumentException.class, () -> rounding.apply(new float[5], new float[6]));
    assertThrows(IllegalArgumentException.class, () -> rounding.apply(new float[6], new float[5]));
  }

  @Test
  void everyOldSpellingIsABlockQuantizer() {
    for (String text : List.of("nf4/64/fp8/256", "4/8/fp32/64/256", "b4_s8_fp32_B64_G256")) {
      assertEquals(BlockQuantizer.of(QuantizationConfig.DEFAULT), Quantizer.parse(text));
    }
  }

  @Test
  void wrongSpellingsSayWhatIsExpected() {
    assertRejected("nf4-64", "nf4/64/fp8/256");
    assertRejected("af3/64/fp8/256", "there is af4");
    assertRejected("nf4/64/fp8/256+zero", "equispaced levels such as int4");
    assertRejected("int4/64/fp8/256/learned+zero", "not with learned ones");
    assertRejected("nf4/64/fp8/256/search/search", "given twice");
    assertRejected("int9/64/fp8/256", "expected 2 to 8");
    assertRejected("nf4/64/fp8/256/quick", "/search, /learned");
    assertRejected(null, "null");
  }

  private static void assertRejected(String text, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Quantizer.parse(text)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
