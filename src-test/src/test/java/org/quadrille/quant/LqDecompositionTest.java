package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

class LqDecompositionTest {
  private static final QuantizationConfig NF3 = QuantizationConfig.parse("nf3/16/fp8/16");

  /** Normal numbers plus a product of rank 4, so that the low-rank part has something to find. */
  private static Tensor matrix(int rows, int cols, long seed) {
    Random random = new Random(seed);
    Tensor w = Tensor.zeros(DType.F32, rows, cols);
    Tensor left = Tensor.zeros(DType.F32, rows, 4);
    Tensor right = Tensor.zeros(DType.F32, 4, cols);
    for (Tensor tensor : new Tensor[] {w, left, right}) {
      for (int i = 0; i < tensor.length(); i++) {
        tensor.floats()[i] = (float) random.nextGaussian();
      }
    }
    return MatrixProduct.multiply(1, left, right, 1, w);
  }

  private static double trueError(Tensor w, LqResult result) {
    double[] q = result.quantized().dequantize().toDoubles();
    double[] l =
        MatrixProduct.multiply(
                result.lowRank().left().to(DType.F64), result.lowRank().right().to(DType.F64))
            .toDoubles();
    double[] values = w.toDoubles();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double error = values[i] - q[i] - l[i];
      sum += error * error;
    }
    return Math.sqrt(sum);
  }

  @Property(tries = 15)
  void reportedErrorIsThatOfTheResult(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 40) int cols,
      @ForAll @IntRange(max = 12) int wantedRank,
      @ForAll boolean polish,
      @ForAll boolean keepBest,
      @ForAll LqOrder order,
      @ForAll long seed) {
    Tensor w = matrix(rows, cols, seed);
    int rank = Math.min(wantedRank, Math.min(rows, cols));
    LqOptions options =
        LqOptions.of(NF3, rank)
            .withIterations(6, 0)
            .withPolish(polish)
            .withKeepBest(keepBest)
            .withOrder(order);
    LqResult result = LqDecomposition.decompose(w, options);
    assertEquals(
        trueError(w, result), result.error(), 1e-5 * result.error() + 1e-6 * result.norm());
    double kept = result.objective().get(result.keptIteration() - 1);
    assertTrue(result.error() <= kept);
    if (keepBest) {
      for (double error : result.objective()) {
        assertTrue(kept <= error);
      }
    } else {
      assertEquals(result.iterations(), result.keptIteration());
    }
    for (int i = 1; i + 1 < result.iterations(); i++) {
      assertTrue(
          result.objective().get(i) <= result.objective().get(i - 1), "rises before the end");
    }
  }

  @Test
  void lowRankPartLowersTheErrorOfQuantization() {
    Tensor w = matrix(64, 96, 1);
    double plain = LqDecomposition.decompose(w, LqOptions.of(NF3, 0)).error();
    double first =
        LqDecomposition.decompose(w, LqOptions.of(NF3, 8).withIterations(1, 0).withPolish(false))
            .error();
    LqResult best = LqDecomposition.decompose(w, LqOptions.of(NF3, 8));
    LqResult loft =
        LqDecomposition.decompose(
            w, LqOptions.of(NF3, 8).withOrder(LqOrder.QUANTIZED_FIRST).withIterations(5, 0));
    assertTrue(first < 0.7 * plain);
    assertTrue(best.error() < first);
    assertTrue(best.error() < loft.error() && loft.error() < plain);
  }

  @Test
  void rankZeroIsPlainQuantization() {
    Tensor w = matrix(20, 30, 2);
    LqResult result = LqDecomposition.decompose(w, LqOptions.of(NF3, 0));
    assertEquals(StopRule.NOTHING_TO_ITERATE, result.stopRule());
    assertEquals(1, result.iterations());
    assertEquals(0, result.lowRank().rank());
    assertArrayEquals(
        BlockQuantizer.of(NF3).quantize(w).packedCodes(), result.quantized().packedCodes());
  }

  @Test
  void zeroMatrixIsMetExactlyInOneIteration() {
    LqResult result =
        LqDecomposition.decompose(Tensor.zeros(DType.F32, 30, 20), LqOptions.of(NF3, 5));
    assertEquals(0, result.error());
    assertEquals(0, result.relativeError());
    assertEquals(1, result.iterations());
    assertEquals(StopRule.NOTHING_TO_ITERATE, result.stopRule());
    assertArrayEquals(new float[600], result.quantized().dequantize().floats());
    assertArrayEquals(new float[150], result.lowRank().left().toFloats());
  }

  @Test
  void fullRankLeavesNextToNothing() {
    Tensor w = matrix(24, 16, 3);
    LqResult result = LqDecomposition.decompose(w, LqOptions.of(NF3, 16));
    assertTrue(result.relativeError() < 1e-5);
  }

  @Test
  void threadsAndBackendsGiveTheSameBits() {
    Tensor w = matrix(150, 200, 4);
    LqOptions options =
        LqOptions.of(NF3, 12).withIterations(3, 0).withSvd(SvdMethod.RANDOMIZED).withSeed(5);
    Supplier<LqResult> run = () -> LqDecomposition.decompose(w, options);
    LqResult one = WorkerPool.of(1).call(run);
    LqResult four = WorkerPool.of(4).call(run);
    LqResult scalar = KernelProvider.with(KernelProvider.scalar(), run::get);
    for (LqResult other : new LqResult[] {four, scalar}) {
      assertEquals(one.objective(), other.objective());
      assertArrayEquals(one.quantized().packedCodes(), other.quantized().packedCodes());
      assertArrayEquals(one.lowRank().left().toFloats(), other.lowRank().left().toFloats());
      assertArrayEquals(one.lowRank().right().toFloats(), other.lowRank().right().toFloats());
    }
  }

  @Test
  void transposedViewsAndDoublesAreReadNotChanged() {
    Tensor w = matrix(18, 25, 6);
    float[] before = w.toFloats();
    LqOptions options = LqOptions.of(NF3, 3).withIterations(2, 0);
    LqResult view = LqDecomposition.decompose(w.transpose(), options);
    LqResult copy = LqDecomposition.decompose(w.transpose().copy().to(DType.F64), options);
    assertEquals(copy.objective(), view.objective());
    assertArrayEquals(before, w.floats());
  }

  @Test
  void everyStopRuleIsReported() {
    Tensor w = matrix(40, 30, 7);
    LqOptions options = LqOptions.of(NF3, 4);
    assertEquals(
        StopRule.ITERATION_LIMIT,
        LqDecomposition.decompose(w, options.withIterations(2, 0)).stopRule());
    assertEquals(
        StopRule.SMALL_GAIN,
        LqDecomposition.decompose(w, options.withIterations(50, 0.5)).stopRule());
    LqResult bare = LqDecomposition.decompose(w, options.withIterations(1000, 0));
    assertEquals(StopRule.ERROR_ROSE, bare.stopRule());
    assertEquals(bare.iterations() - 1, bare.keptIteration());
    List<Double> heard = new ArrayList<>();
    LqResult cancelled =
        LqDecomposition.decompose(
            w,
            options.withIterations(1000, 0),
            (iteration, error) -> {
              heard.add(error);
              return iteration < 3;
            });
    assertEquals(StopRule.CANCELLED, cancelled.stopRule());
    assertEquals(cancelled.objective(), heard);
    assertEquals(3, heard.size());
  }

  @Test
  void operatorIsTheSumOfBothParts() {
    Tensor w = matrix(33, 21, 8);
    LqResult result = LqDecomposition.decompose(w, LqOptions.of(NF3, 4));
    LinearOperator operator = result.operator();
    double[] dense = operator.toDense().toDoubles();
    double sum = 0;
    for (int i = 0; i < dense.length; i++) {
      sum += Math.pow(dense[i] - w.floats()[i], 2);
    }
    assertEquals(result.error(), Math.sqrt(sum), 1e-5 * result.error());
    assertEquals(result.storageBits() + 32, operator.storageBits());
  }

  @Test
  void badInputIsNamed() {
    LqOptions options = LqOptions.of(NF3, 4);
    assertRejected("expected 0 to 3", matrix(3, 9, 1), options);
    Tensor notFinite = matrix(9, 9, 1);
    notFinite.set(Double.NaN, 4, 4);
    assertRejected("NaN", notFinite, options);
    assertRejected("at least one element", Tensor.zeros(DType.F32, 0, 9), options);
    assertThrows(IllegalArgumentException.class, () -> LqOptions.of(NF3, -1));
    assertThrows(IllegalArgumentException.class, () -> options.withIterations(0, 0));
    assertThrows(IllegalArgumentException.class, () -> options.withIterations(9, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> options.withRandomizedSvd(-1, 2));
  }

  private static void assertRejected(String part, Tensor w, LqOptions options) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> LqDecomposition.decompose(w, options))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
