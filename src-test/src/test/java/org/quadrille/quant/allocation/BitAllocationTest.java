package org.quadrille.quant.allocation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.StorageCost;

class BitAllocationTest {
  private static final List<QuantizationConfig> CONFIGS =
      List.of(
          QuantizationConfig.parse("nf2/64/fp8/256"),
          QuantizationConfig.parse("nf3/64/fp8/256"),
          QuantizationConfig.parse("nf4/32/fp4/64/bf16"));

  @Test
  void costWithoutRankIsPlainQuantizationError() {
    Map<String, Tensor> matrices = matrices();
    CostTable table = CostTable.measure(matrices, CONFIGS, 0, 1, name -> {});
    int i = 0;
    for (Tensor matrix : matrices.values()) {
      for (int c = 0; c < CONFIGS.size(); c++) {
        Tensor dequantized = BlockQuantizer.of(CONFIGS.get(c)).quantize(matrix).dequantize();
        double error = 0;
        for (int e = 0; e < matrix.length(); e++) {
          double difference = matrix.floats()[e] - dequantized.floats()[e];
          error += difference * difference;
        }
        assertEquals(error, table.squaredErrors()[i][c], 1e-12 * error);
        assertEquals(StorageCost.exactBits(matrix.length(), CONFIGS.get(c)), table.bits(i, c));
      }
      i++;
    }
  }

  @Test
  void leadingPartIsRemovedBeforeQuantization() {
    // A matrix of rank 3 leaves nothing to quantize but rounding errors.
    Tensor left = GaussianMatrix.of(DType.F32, 3, 40, 3);
    Tensor right = GaussianMatrix.of(DType.F32, 4, 3, 56);
    Tensor matrix = org.quadrille.linalg.MatrixProduct.multiply(left, right);
    CostTable table = CostTable.measure(Map.of("w", matrix), CONFIGS, 3, 1, name -> {});
    double largest = Svd.exact(matrix.to(DType.F64)).singularValues().get(0);
    for (double error : table.squaredErrors()[0]) {
      assertTrue(Math.sqrt(error) < 1e-5 * largest, () -> "error " + Math.sqrt(error));
    }
  }

  @Test
  void planKeepsTheBudgetAndBeatsUniformConfigurations() {
    CostTable table = CostTable.measure(matrices(), CONFIGS, 4, 1, name -> {});
    double uniformBits = StorageCost.bitsPerWeight(CONFIGS.get(1));
    BitAllocation plan = BitAllocation.within(uniformBits + 0.01, table);
    assertTrue(plan.proof().optimal());
    assertTrue(plan.bits() <= plan.budgetBits());
    assertEquals(table.names(), List.copyOf(plan.configs().keySet()));
    double uniform = 0;
    for (double[] errors : table.squaredErrors()) {
      uniform += errors[1];
    }
    assertTrue(plan.squaredError() <= uniform);
    assertEquals((double) plan.bits() / table.totalWeights(), plan.averageBits(table));
  }

  @Test
  void everyMatrixReportsOnceAndThreadsDoNotMatter() {
    Map<String, Tensor> matrices = matrices();
    Set<String> reported = ConcurrentHashMap.newKeySet();
    CostTable one =
        WorkerPool.of(1).call(() -> CostTable.measure(matrices, CONFIGS, 4, 1, reported::add));
    CostTable three =
        WorkerPool.of(3).call(() -> CostTable.measure(matrices, CONFIGS, 4, 1, name -> {}));
    assertEquals(matrices.keySet(), reported);
    for (int i = 0; i < matrices.size(); i++) {
      assertArrayEquals(one.squaredErrors()[i], three.squaredErrors()[i]);
    }
  }

  @Test
  void tooSmallABudgetNamesTheLeastFeasibleOne() {
    CostTable table = CostTable.measure(matrices(), CONFIGS, 0, 1, name -> {});
    var error =
        assertThrows(IllegalArgumentException.class, () -> BitAllocation.within(1.5, table));
    assertTrue(error.getMessage().contains("2.1"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> BitAllocation.within(Double.NaN, table));
    assertThrows(
        IllegalArgumentException.class,
        () -> CostTable.measure(Map.of(), CONFIGS, 0, 1, name -> {}));
    assertThrows(
        IllegalArgumentException.class,
        () -> CostTable.measure(matrices(), CONFIGS, -1, 1, name -> {}));
  }

  @Test
  void optionsLeftUnmeasuredAreInNoBetterPlan() {
    Map<String, Tensor> matrices = matrices();
    List<QuantizationConfig> grid = CostTable.economicalGrid();
    List<AllocationOption> options = AllocationOption.ofRank(4, grid);
    CostMeasurement measurement = CostMeasurement.firstIteration(MatrixSource.of(matrices), 4, 1);
    CostTable whole = CostTable.measure(matrices, grid, 4, 1, name -> {});
    for (double bits : new double[] {2.1, 2.6, 3, 3.7, 4.3, 5, 6.5, 8.6}) {
      BitAllocation expected = BitAllocation.within(bits, whole);
      BitAllocation found = BitAllocation.search(bits, measurement, options, name -> {});
      assertEquals(
          expected.squaredError(),
          found.squaredError(),
          1e-12 * expected.squaredError(),
          "at " + bits);
      assertTrue(found.proof().optimal());
      assertTrue(found.bits() <= found.budgetBits());
    }
  }

  @Test
  void economicalGridIsPartOfThePapersGrid() {
    List<QuantizationConfig> grid = CostTable.economicalGrid();
    assertEquals(96, grid.size());
    assertTrue(QuantizationConfig.grid().containsAll(grid));
  }

  private static Map<String, Tensor> matrices() {
    Map<String, Tensor> matrices = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      Tensor matrix = GaussianMatrix.of(DType.F32, 10 + i, 48, 64 + 16 * i);
      for (int e = 0; e < matrix.length(); e++) {
        matrix.floats()[e] *= 0.1f * (1 + i * i);
      }
      matrices.put("layer." + i, matrix);
    }
    return matrices;
  }
}
