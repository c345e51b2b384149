package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * GPTQ against least squares solved anew for each column, activation-aware scaling, both at once.
 */
class DataAwareQuantizersTest {
  private static final QuantizationConfig INT3 =
      new QuantizationConfig(3, 16, 8, GroupType.FP32, 16);

  private static Tensor random(int rows, int cols, long seed) {
    return QuantizerLawsTest.random(rows, cols, 1, seed);
  }

  /** Correlated inputs of very different magnitude. */
  private static ActivationStatistics inputs(int cols, int samples, long seed) {
    Tensor mixed = MatrixProduct.multiply(random(samples, 6, seed), random(6, cols, seed + 1));
    Random random = new Random(seed);
    double[] magnitude = new double[cols];
    for (int j = 0; j < cols; j++) {
      magnitude[j] = Math.exp(1.2 * random.nextGaussian());
    }
    for (int i = 0; i < mixed.length(); i++) {
      mixed.floats()[i] =
          (float) ((mixed.floats()[i] + random.nextGaussian()) * magnitude[i % cols]);
    }
    return new ActivationStatistics(cols).add(mixed);
  }

  /** With column j fixed, later columns of a row solve their normal equations exactly. */
  private static byte[] leastSquaresCodes(Tensor w, Tensor moments, QuantizedMatrix grid) {
    int n = w.size(1);
    RealMatrix h = new Array2DRowRealMatrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        h.setEntry(i, j, moments.get(i, j));
      }
    }
    byte[] codes = new byte[w.length()];
    float[] scales = grid.blockScales();
    int perRow = n / grid.config().blockSize();
    for (int row = 0; row < w.size(0); row++) {
      double[] rest = w.row(row).toDoubles();
      double[] fixed = new double[n];
      for (int j = 0; j < n; j++) {
        float scale = scales[row * perRow + j / grid.config().blockSize()];
        int code = grid.codebook().code((float) rest[j] / scale);
        codes[row * n + j] = (byte) code;
        fixed[j] = w.get(row, j) - grid.codebook().level(code) * scale;
        if (j + 1 < n) {
          // least of tr(d H d^T) over the later entries of d
          RealMatrix later = h.getSubMatrix(j + 1, n - 1, j + 1, n - 1);
          RealMatrix cross = h.getSubMatrix(j + 1, n - 1, 0, j);
          double[] right = cross.operate(Arrays.copyOf(fixed, j + 1));
          double[] shift =
              new LUDecomposition(later).getSolver().solve(new ArrayRealVector(right)).toArray();
          for (int k = j + 1; k < n; k++) {
            rest[k] = w.get(row, k) + shift[k - j - 1];
          }
        }
      }
    }
    return codes;
  }

  @Test
  void codesAreThoseOfLeastSquaresColumnByColumn() {
    int n = 80; // more than a batch of columns
    Tensor w = random(4, n, 1);
    Tensor moments = inputs(n, 200, 2).secondMoments();
    QuantizedMatrix q = GptqQuantizer.of(BlockQuantizer.of(INT3), moments, 0.02, false).quantize(w);
    double mean = 0;
    for (int j = 0; j < n; j++) {
      mean += moments.get(j, j) / n;
    }
    for (int j = 0; j < n; j++) {
      moments.set(moments.get(j, j) + 0.02 * mean, j, j);
    }
    assertArrayEquals(leastSquaresCodes(w, moments, q), q.codes());
  }

  @Test
  void uncorrelatedInputsChangeNothing() {
    Tensor w = random(9, 53, 1);
    Tensor identity = Tensor.zeros(DType.F64, 53, 53);
    for (int j = 0; j < 53; j++) {
      identity.set(1 + j, j, j);
    }
    for (String text : List.of("nf3/20/fp8/16", "int4/16/fp8/16/rows+zero")) {
      Quantizer inner = Quantizer.parse(text);
      for (boolean order : new boolean[] {false, true}) {
        Quantizer gptq = GptqQuantizer.of(inner, identity, 0.01, order);
        assertArrayEquals(inner.quantize(w).codes(), gptq.quantize(w).codes());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nf3/20/fp8/16",
        "int3/16/fp8/16/search",
        "int3/16/fp8/16/rows+zero",
        "nf2/16/fp8/16/learned",
        "nf3/16/fp8/16+hadamard"
      })
  void feedbackLowersTheErrorOfTheOutputs(String text) {
    Tensor w = random(40, 96, 1);
    ActivationStatistics inputs = inputs(96, 400, 2);
    Quantizer inner = Quantizer.parse(text);
    double plain = inputs.relativeOutputError(w, inner.quantize(w).dequantize());
    GptqQuantizer gptq = GptqQuantizer.of(inner, inputs);
    QuantizedMatrix q = gptq.quantize(w);
    double fed = inputs.relativeOutputError(w, q.dequantize());
    assertTrue(fed < 0.8 * plain, fed + " " + plain);
    assertEquals(q.storageBits(), gptq.storageBits(40, 96));
    assertEquals("gptq(" + text + ")", gptq.name());
  }

  @Test
  void scalingHelpsWhereFewColumnsMatter() {
    Tensor w = random(48, 64, 3);
    double[] energies = new double[64];
    Arrays.fill(energies, 1);
    energies[5] = 1e4;
    energies[40] = 3e3;
    Quantizer inner = Quantizer.parse("int3/16/fp8/16/rows");
    ActivationAwareQuantizer aware = ActivationAwareQuantizer.of(inner, energies);
    QuantizedMatrix q = aware.quantize(w);
    double plain = weighted(w, inner.quantize(w).dequantize(), energies);
    double scaled = weighted(w, q.dequantize(), energies);
    assertTrue(scaled < 0.5 * plain, scaled + " " + plain);
    assertEquals(q.storageBits(), aware.storageBits(48, 64));
    float[] factors = ((DiagonalScaling) q.transform().orElseThrow()).factors();
    assertTrue(factors[5] > factors[40] && factors[40] > factors[0]);
  }

  @Test
  void scalingIsNeverWorseThanNone() {
    for (int seed = 0; seed < 10; seed++) {
      Tensor w = random(20, 40, seed);
      double[] energies = inputs(40, 100, seed).energies();
      Quantizer inner = Quantizer.parse("nf3/16/fp8/16");
      Tensor out = ActivationAwareQuantizer.of(inner, energies).quantize(w).dequantize();
      double plain = weighted(w, inner.quantize(w).dequantize(), energies);
      assertTrue(weighted(w, out, energies) <= plain * (1 + 1e-6));
    }
    // equal energies: every exponent gives the factor 1
    Tensor w = random(20, 40, 1);
    Quantizer inner = Quantizer.parse("nf3/16/fp8/16");
    double[] equal = new double[40];
    Arrays.fill(equal, 0.3);
    assertArrayEquals(
        inner.quantize(w).dequantize().floats(),
        ActivationAwareQuantizer.of(inner, equal).quantize(w).dequantize().floats());
  }

  private static double weighted(Tensor w, Tensor approximation, double[] energies) {
    double sum = 0;
    for (int i = 0; i < w.length(); i++) {
      double difference = (double) w.floats()[i] - approximation.floats()[i];
      sum += energies[i % energies.length] * difference * difference;
    }
    return sum;
  }

  @Test
  void bothWorkTogetherAndInADecomposition() {
    Tensor w = random(40, 64, 4);
    ActivationStatistics inputs = inputs(64, 300, 5);
    Quantizer aware = ActivationAwareQuantizer.of(BlockQuantizer.of(INT3), inputs);
    Quantizer both = GptqQuantizer.of(aware, inputs);
    double error = inputs.relativeOutputError(w, both.quantize(w).dequantize());
    assertTrue(error < inputs.relativeOutputError(w, aware.quantize(w).dequantize()));
    LqResult lq = LqDecomposition.decompose(w, LqOptions.of(both, 8).withIterations(3, 0));
    double plain = LqDecomposition.decompose(w, LqOptions.of(both, 0)).error();
    assertTrue(lq.error() < plain);
  }

  @Test
  void anyBackendAndThreadCountGivesTheSameBits() {
    Tensor w = random(70, 130, 6);
    ActivationStatistics inputs = inputs(130, 200, 7);
    Quantizer quantizer =
        GptqQuantizer.of(ActivationAwareQuantizer.of(BlockQuantizer.of(INT3), inputs), inputs);
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

  @Test
  void statisticsAreMeansOfOuterProducts() {
    ActivationStatistics inputs = new ActivationStatistics(2);
    inputs.add(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)).add(Tensor.of(new double[] {5, 6}, 1, 2));
    assertEquals(3, inputs.samples());
    double[] expected = {35 / 3.0, 44 / 3.0, 44 / 3.0, 56 / 3.0};
    assertArrayEquals(expected, inputs.secondMoments().toDoubles(), 1e-14);
    assertArrayEquals(new double[] {35 / 3.0, 56 / 3.0}, inputs.energies(), 1e-14);
    Tensor w = Tensor.of(new float[] {1, -1}, 1, 2);
    Tensor zero = Tensor.of(new float[2], 1, 2);
    assertEquals(1, inputs.relativeOutputError(w, zero), 1e-15);
    assertEquals(0, inputs.relativeOutputError(w, w));
  }

  @Test
  void badInputIsNamed() {
    Quantizer inner = BlockQuantizer.of(INT3);
    assertRejected("cols: given 0", () -> new ActivationStatistics(0));
    ActivationStatistics inputs = new ActivationStatistics(3);
    assertThrows(IllegalStateException.class, inputs::energies);
    assertThrows(IllegalStateException.class, () -> GptqQuantizer.of(inner, inputs));
    assertRejected("expected [samples, 3]", () -> inputs.add(random(2, 4, 1)));
    Tensor infinite = Tensor.zeros(DType.F32, 2, 3).fill(Double.POSITIVE_INFINITY);
    assertRejected("inputs", () -> inputs.add(infinite));
    Tensor moments = Tensor.zeros(DType.F64, 3, 3);
    assertRejected("diagonal is zero", () -> GptqQuantizer.of(inner, moments, 0.01, true));
    moments.set(-1, 1, 1);
    assertRejected("[1, 1] is -1.0", () -> GptqQuantizer.of(inner, moments, 0.01, true));
    assertRejected("damping: given 0.0", () -> GptqQuantizer.of(inner, moments, 0, true));
    assertRejected(
        "expected shape [cols, cols]",
        () -> GptqQuantizer.of(inner, Tensor.zeros(DType.F64, 2, 3), 0.01, true));
    Tensor identity = Tensor.zeros(DType.F64, 3, 3);
    for (int j = 0; j < 3; j++) {
      identity.set(1, j, j);
    }
    Quantizer gptq = GptqQuantizer.of(inner, identity, 0.01, true);
    assertRejected("expected 3 columns", () -> gptq.quantize(random(5, 4, 1)));
    assertRejected("energy 1 is NaN", () -> ActivationAwareQuantizer.of(inner, 1, Double.NaN));
    assertRejected("energy 0 is -1.0", () -> ActivationAwareQuantizer.of(inner, -1, 1));
    assertRejected("2 zeros", () -> ActivationAwareQuantizer.of(inner, 0, 0));
    Quantizer aware = ActivationAwareQuantizer.of(inner, 1, 2);
    assertRejected("expected 2 columns", () -> aware.quantize(random(5, 4, 1)));
    Tensor bad = random(4, 2, 1);
    bad.set(Double.NaN, 2, 1);
    assertRejected("[2, 1] is NaN", () -> aware.quantize(bad));
  }

  private static void assertRejected(String part, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
