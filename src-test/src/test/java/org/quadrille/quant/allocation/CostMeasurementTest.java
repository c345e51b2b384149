package org.quadrille.quant.allocation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.StorageCost;

class CostMeasurementTest {
  private static final List<QuantizationConfig> CONFIGS =
      List.of(
          QuantizationConfig.parse("nf2/16/fp8/64"),
          QuantizationConfig.parse("nf3/16/fp8/64"),
          QuantizationConfig.parse("nf4/16/fp8/64"));

  @TempDir private Path folder;

  /** Matrices that count how often they are read. */
  private record Counting(MatrixSource inner, AtomicInteger reads) implements MatrixSource {
    @Override
    public List<String> names() {
      return inner.names();
    }

    @Override
    public int rows(String name) {
      return inner.rows(name);
    }

    @Override
    public int cols(String name) {
      return inner.cols(name);
    }

    @Override
    public Tensor read(String name) {
      reads.incrementAndGet();
      return inner.read(name);
    }
  }

  /** Low rank of falling strength plus noise. */
  private static MatrixSource matrices() {
    Map<String, Tensor> matrices = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      Tensor matrix = GaussianMatrix.of(DType.F32, 50 + i, 80, 96);
      Tensor left = GaussianMatrix.of(DType.F32, 60 + i, 80, 8);
      Tensor right = GaussianMatrix.of(DType.F32, 70 + i, 8, 96);
      MatrixProduct.multiply(i, left, right, 1, matrix);
      matrices.put("layer." + i, matrix);
    }
    return MatrixSource.of(matrices);
  }

  private CostCache cache(String key) {
    return new CostCache(folder.resolve("costs"), key);
  }

  @Test
  void keptCostsAreNotMeasuredAgain() {
    AtomicInteger reads = new AtomicInteger();
    CostMeasurement measurement =
        CostMeasurement.firstIteration(new Counting(matrices(), reads), 4, 1)
            .withCache(cache("model"));
    List<AllocationOption> options = AllocationOption.ofRank(4, CONFIGS);
    CostTable part = CostTable.measure(measurement, options.subList(0, 2), name -> {});
    assertEquals(3, reads.get());
    CostTable whole = CostTable.measure(measurement, options, name -> {});
    assertEquals(6, reads.get(), "a new option needs the matrices once more");
    CostTable again = CostTable.measure(measurement, options, name -> {});
    assertEquals(6, reads.get(), "nothing is left to measure");
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(whole.squaredErrors()[i], again.squaredErrors()[i]);
      assertEquals(part.squaredErrors()[i][1], whole.squaredErrors()[i][1]);
    }
  }

  @Test
  void costsOfAnotherKeyOrMeasurementDoNotCount() throws IOException {
    AtomicInteger reads = new AtomicInteger();
    MatrixSource source = new Counting(matrices(), reads);
    List<AllocationOption> options = AllocationOption.ofRank(4, CONFIGS);
    for (CostMeasurement measurement :
        List.of(
            CostMeasurement.firstIteration(source, 4, 1).withCache(cache("model")),
            CostMeasurement.firstIteration(source, 4, 1).withCache(cache("other model")),
            CostMeasurement.firstIteration(source, 4, 2).withCache(cache("model")),
            CostMeasurement.firstIteration(source, 5, 1).withCache(cache("model")))) {
      reads.set(0);
      CostTable.measure(measurement, options, name -> {});
      assertEquals(3, reads.get());
    }
    // a damaged file is measured again
    try (Stream<Path> files = Files.list(folder.resolve("costs"))) {
      for (Path file : files.toList()) {
        Files.writeString(file, "{\"matrix\"");
      }
    }
    reads.set(0);
    CostTable.measure(
        CostMeasurement.firstIteration(source, 4, 1).withCache(cache("model")),
        options,
        name -> {});
    assertEquals(3, reads.get());
  }

  @Test
  void jointCostsAreNearThoseOfWholeDecompositions() {
    MatrixSource source = matrices();
    List<AllocationOption> options = AllocationOption.jointGrid(CONFIGS);
    CostTable table =
        CostTable.measure(CostMeasurement.joint(source, options, 1), options, name -> {});
    for (int i = 0; i < 3; i++) {
      for (int c = 0; c < table.options().get(i).size(); c++) {
        AllocationOption option = table.options().get(i).get(c);
        if (option.rank() > 16) {
          continue; // more than a fifth of the whole rank: the gain depends on the block as well
        }
        LqOptions whole =
            LqOptions.of(option.config(), Math.min(option.rank(), 79))
                .withIterations(CostMeasurement.JOINT_ITERATIONS, 1e-3);
        double error = LqDecomposition.decompose(source.read(table.names().get(i)), whole).error();
        double estimated = Math.sqrt(table.squaredErrors()[i][c]);
        assertEquals(error, estimated, 0.1 * error, table.names().get(i) + " " + option);
      }
    }
  }

  @Test
  void jointPlanPaysForRanksAndBeatsFixedOnes() {
    MatrixSource source = matrices();
    List<AllocationOption> options = AllocationOption.jointGrid(CONFIGS);
    CostMeasurement measurement = CostMeasurement.joint(source, options, 1);
    BitAllocation joint = BitAllocation.search(4.5, measurement, options, name -> {});
    long bits = 0;
    for (AllocationOption option : joint.options().values()) {
      bits += option.bits(80, 96);
    }
    assertEquals(joint.bits(), bits);
    assertTrue(bits <= 4.5 * 3 * 80 * 96);
    List<AllocationOption> plain = options.stream().filter(o -> o.rank() == 0).toList();
    BitAllocation without = BitAllocation.search(4.5, measurement, plain, name -> {});
    assertTrue(joint.squaredError() < without.squaredError());
    // the third matrix is nearly of rank 8, the first is noise
    assertEquals(8, joint.options().get("layer.2").rank());
    assertEquals(0, joint.options().get("layer.0").rank());
  }

  @Test
  void optionBitsAreThoseOfStorageCost() {
    QuantizationConfig config = CONFIGS.get(1);
    long plain = StorageCost.exactBits(80 * 96, config);
    assertEquals(plain, new AllocationOption(config, 8, false).bits(80, 96));
    long factors =
        StorageCost.exactBits(80 * 8, QuantizationConfig.DEFAULT.withBits(8))
            + StorageCost.exactBits(8 * 96, QuantizationConfig.DEFAULT.withBits(8));
    assertEquals(plain + factors, new AllocationOption(config, 8, true).bits(80, 96));
    assertEquals(plain, new AllocationOption(config, 0, true).bits(80, 96));
  }

  @Test
  void fisherWeightsErrorsAndRank() {
    MatrixSource source = matrices();
    double[] rowEnergy = new double[80];
    double[] columnEnergy = new double[96];
    for (int i = 0; i < 96; i++) {
      columnEnergy[i] = 1 + i % 7;
      rowEnergy[Math.min(i, 79)] = 0.5 + i % 3;
    }
    Fisher fisher = Fisher.ofFactors(rowEnergy, columnEnergy);
    Tensor matrix = source.read("layer.1");
    MatrixCosts costs = new MatrixCosts(matrix, Optional.of(fisher), 1, 4, 1);
    double[] errors = costs.squaredErrors(AllocationOption.ofRank(0, CONFIGS));
    for (int c = 0; c < CONFIGS.size(); c++) {
      float[] rounded = BlockQuantizer.of(CONFIGS.get(c)).quantize(matrix).dequantize().floats();
      double distance = fisher.distance(matrix.floats(), rounded);
      assertEquals(distance * distance, errors[c], 1e-9 * errors[c]);
    }
    double[] ranked = costs.squaredErrors(AllocationOption.ofRank(4, CONFIGS));
    LqOptions first = LqOptions.of(CONFIGS.get(0), 4).withFisher(fisher).withIterations(1, 0);
    double expected = LqDecomposition.decompose(matrix, first).objective().getFirst();
    assertEquals(expected, Math.sqrt(ranked[0]), 1e-3 * expected);
  }

  @Test
  void threadsDoNotMatter() {
    MatrixSource source = matrices();
    List<AllocationOption> options = AllocationOption.jointGrid(CONFIGS);
    CostMeasurement measurement = CostMeasurement.joint(source, options, 1);
    CostTable one =
        WorkerPool.of(1).call(() -> CostTable.measure(measurement, options, name -> {}));
    CostTable three =
        WorkerPool.of(3).call(() -> CostTable.measure(measurement, options, name -> {}));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(one.squaredErrors()[i], three.squaredErrors()[i]);
    }
  }

  @Test
  void rejectsWhatIsOutOfRange() {
    assertThrows(
        IllegalArgumentException.class, () -> new AllocationOption(CONFIGS.get(0), -1, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> CostMeasurement.firstIteration(MatrixSource.of(Map.of()), 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CostMeasurement(matrices(), 1, 4, 0, Optional.empty()));
  }
}
