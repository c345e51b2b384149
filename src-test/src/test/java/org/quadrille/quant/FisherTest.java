package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;

class FisherTest {
  private static final QuantizationConfig NF3 = QuantizationConfig.parse("nf3/16/fp8/16");

  private static double[] energies(int count, long seed) {
    Random random = new Random(seed);
    return random.doubles(count).map(x -> Math.exp(3 * x)).toArray();
  }

  /** Row times column energies times a random factor of their own. */
  static Tensor squaredGradients(int rows, int cols, long seed) {
    double[] row = energies(rows, seed);
    double[] column = energies(cols, seed + 1);
    double[] own = energies(rows * cols, seed + 2);
    double[] values = new double[rows * cols];
    Arrays.setAll(values, i -> 1e-5 * row[i / cols] * column[i % cols] * own[i]);
    return Tensor.of(values, rows, cols);
  }

  @Property(tries = 40)
  void normsAreThoseOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 30) int cols,
      @ForAll boolean factored,
      @ForAll long seed) {
    Fisher fisher =
        factored
            ? Fisher.ofFactors(energies(rows, seed), energies(cols, seed + 1))
            : Fisher.of(squaredGradients(rows, cols, seed));
    float[] a = GaussianMatrix.of(DType.F32, seed, rows, cols).floats();
    float[] b = GaussianMatrix.of(DType.F32, seed + 1, rows, cols).floats();
    double norm = 0;
    double distance = 0;
    double mean = 0;
    for (int i = 0; i < a.length; i++) {
      double f = fisher.get(i / cols, i % cols);
      norm += f * a[i] * a[i];
      distance += f * ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      mean += f / a.length;
    }
    assertEquals(Math.sqrt(norm), fisher.norm(a), 1e-13 * Math.sqrt(norm));
    assertEquals(Math.sqrt(distance), fisher.distance(a, b), 1e-13 * Math.sqrt(distance));
    assertEquals(mean, fisher.mean(), 1e-13 * mean);
    double[] dense = fisher.toTensor().doubles();
    assertEquals(fisher.get(rows - 1, cols - 1), dense[dense.length - 1]);
    double[] roots = fisher.rowRoots();
    assertEquals(1, Arrays.stream(roots).max().orElseThrow());
    // roots of row means, up to one factor for all
    double first = rowSum(dense, 0, cols) / (roots[0] * roots[0]);
    for (int i = 0; i < rows; i++) {
      assertEquals(first, rowSum(dense, i, cols) / (roots[i] * roots[i]), 1e-12 * first);
    }
  }

  private static double rowSum(double[] matrix, int row, int cols) {
    return Arrays.stream(matrix, row * cols, (row + 1) * cols).sum();
  }

  @Test
  void productsOfEnergiesDecomposeAsTheirFullMatrix() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 40, 56);
    Fisher factored = Fisher.ofFactors(energies(40, 2), energies(56, 3));
    Fisher full = Fisher.of(factored.toTensor());
    assertTrue(factored.isFactored());
    assertFalse(full.isFactored());
    LqOptions options = LqOptions.of(NF3, 6).withIterations(1, 0).withPolish(false);
    LqResult one = LqDecomposition.decompose(w, options.withFisher(factored));
    LqResult other = LqDecomposition.decompose(w, options.withFisher(full));
    assertEquals(one.weightedError(), other.weightedError(), 1e-5 * one.weightedError());
    assertEquals(one.error(), other.error(), 1e-5 * one.error());
  }

  @Test
  void equalWeightsAreNoWeights() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 40, 56);
    double[] ones = new double[40 * 56];
    Arrays.fill(ones, 4);
    LqOptions options = LqOptions.of(NF3, 6).withIterations(1, 0).withPolish(false);
    LqResult plain = LqDecomposition.decompose(w, options);
    LqResult weighted =
        LqDecomposition.decompose(w, options.withFisher(Fisher.of(Tensor.of(ones, 40, 56))));
    assertEquals(plain.error(), plain.weightedError());
    assertEquals(plain.error(), weighted.error(), 1e-5 * plain.error());
    assertEquals(2 * weighted.error(), weighted.weightedError(), 1e-6 * weighted.error());
    assertEquals(plain.relativeError(), weighted.relativeWeightedError(), 1e-5);
  }

  @Test
  void weightedErrorFallsWherePlainErrorRises() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 64, 96);
    Fisher fisher = Fisher.of(squaredGradients(64, 96, 5));
    LqOptions options = LqOptions.of(NF3, 8);
    LqResult plain = LqDecomposition.decompose(w, options);
    LqResult weighted = LqDecomposition.decompose(w, options.withFisher(fisher));
    float[] dense = plain.operator().toDense().floats();
    double weightedErrorOfPlain = fisher.distance(w.floats(), dense);
    assertTrue(weighted.weightedError() < 0.85 * weightedErrorOfPlain);
    assertTrue(weighted.error() > plain.error());
    float[] result = weighted.operator().toDense().floats();
    double expected = fisher.distance(w.floats(), result);
    assertEquals(expected, weighted.weightedError(), 1e-5 * expected);
    assertEquals(fisher.norm(w.floats()), weighted.weightedNorm());
  }

  @Test
  void unitDoesNotMatter() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 20, 30);
    double[] values = squaredGradients(20, 30, 6).doubles();
    Tensor tiny = Tensor.of(Arrays.stream(values).map(x -> x * 0x1p-600).toArray(), 20, 30);
    LqOptions options = LqOptions.of(NF3, 4);
    LqResult one =
        LqDecomposition.decompose(w, options.withFisher(Fisher.of(Tensor.of(values, 20, 30))));
    LqResult other = LqDecomposition.decompose(w, options.withFisher(Fisher.of(tiny)));
    assertArrayEquals(one.quantized().packedCodes(), other.quantized().packedCodes());
    assertEquals(one.weightedError() * 0x1p-300, other.weightedError());
    assertEquals(one.relativeWeightedError(), other.relativeWeightedError());
  }

  @Test
  void rowsAndColumnsWithoutInformationAreHarmless() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 20, 30);
    double[] values = squaredGradients(20, 30, 7).doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 30 == 3 || i % 30 == 5 || i % 7 == 0 ? 0 : values[i];
    }
    LqOptions options = LqOptions.of(NF3, 4).withSweeps(1, 2);
    LqResult result =
        LqDecomposition.decompose(w, options.withFisher(Fisher.of(Tensor.of(values, 20, 30))));
    assertTrue(result.operator().toDense().isFinite());
    assertTrue(result.relativeWeightedError() < 0.2, "" + result.relativeWeightedError());
  }

  @Test
  void threadsAndBackendsGiveTheSameBits() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 90, 130);
    Fisher fisher = Fisher.of(squaredGradients(90, 130, 8));
    LqOptions options =
        LqOptions.of(NF3, 9)
            .withIterations(2, 0)
            .withSweeps(1, 1)
            .withFisher(fisher)
            .withFactorQuantizer(BlockQuantizer.of(QuantizationConfig.parse("nf8/64/fp8/256")));
    Supplier<LqResult> run = () -> LqDecomposition.decompose(w, options);
    LqResult one = WorkerPool.of(1).call(run);
    LqResult four = WorkerPool.of(4).call(run);
    LqResult scalar = KernelProvider.with(KernelProvider.scalar(), run::get);
    for (LqResult other : new LqResult[] {four, scalar}) {
      assertEquals(one.objective(), other.objective());
      assertEquals(one.weightedError(), other.weightedError());
      assertArrayEquals(one.quantized().packedCodes(), other.quantized().packedCodes());
      assertArrayEquals(one.lowRank().left().toFloats(), other.lowRank().left().toFloats());
      assertArrayEquals(one.lowRank().right().toFloats(), other.lowRank().right().toFloats());
    }
  }

  @Test
  void badInputIsNamed() {
    double[] values = squaredGradients(3, 4, 9).doubles();
    assertRejected("[1, 2] is -1.0", with(values, 6, -1));
    assertRejected("[1, 3] is NaN", with(values, 7, Double.NaN));
    assertRejected("[0, 0] is Infinity", with(values, 0, Double.POSITIVE_INFINITY));
    assertRejected("all 12 elements are 0", Tensor.zeros(DType.F32, 3, 4));
    assertRejected("expected a matrix", Tensor.zeros(DType.F32, 12));
    assertRejected("at least one element", Tensor.zeros(DType.F32, 0, 4));
    Fisher fisher = Fisher.of(Tensor.of(values, 3, 4));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    LqDecomposition.decompose(
                        GaussianMatrix.of(DType.F32, 1, 4, 3),
                        LqOptions.of(NF3, 1).withFisher(fisher)))
            .getMessage();
    assertTrue(message.contains("[3, 4] for weights of shape [4, 3]"), message);
    assertThrows(IllegalArgumentException.class, () -> fisher.norm(new float[11]));
    assertThrows(
        IllegalArgumentException.class, () -> Fisher.ofFactors(new double[0], new double[] {1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Fisher.ofFactors(new double[] {1e300}, new double[] {1e300}));
    assertThrows(IllegalArgumentException.class, () -> Fisher.ofColumns(0, new double[] {1}));
  }

  private static Tensor with(double[] values, int index, double value) {
    double[] copy = values.clone();
    copy[index] = value;
    return Tensor.of(copy, 3, 4);
  }

  private static void assertRejected(String part, Tensor squaredGradients) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Fisher.of(squaredGradients))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
