package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.GroupType;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.StorageCost;

/**
 * What every configuration would cost every matrix: exact bits, and the squared Frobenius error
 * after the first iteration of the LQ decomposition (the matrix without its leading {@code rank}
 * singular directions, quantized).
 *
 * <p>The paper's table holds the error of whole decompositions (LQ-LoRA, section 3.2), a factor of
 * tens more work; later iterations lower all errors of a matrix by similar ratios, so the first one
 * ranks the options.
 *
 * @param names of the matrices
 * @param weights number of weights per matrix
 * @param configs the options, the same for each matrix
 * @param squaredErrors {@code squaredErrors[i][c]} of matrix i under configuration c
 */
public record CostTable(
    List<String> names,
    long[] weights,
    List<QuantizationConfig> configs,
    double[][] squaredErrors) {

  /**
   * A quarter of the paper's grid without its dominated half: bits and scale bits in {2, 3, 4, 8},
   * blocks of 16, 32, 64, bf16 group scales (the cheapest format; its rounding is absorbed by the
   * scale codes), groups of 64 and 256 blocks. 96 options from 2.03 to 8.52 bits.
   */
  public static List<QuantizationConfig> economicalGrid() {
    return QuantizationConfig.grid().stream()
        .filter(config -> config.groupType() == GroupType.BF16)
        .filter(config -> config.blocksPerGroup() >= 64)
        .toList();
  }

  /**
   * Measures the table. Parallel over matrices; the same bits for any number of threads.
   *
   * @param matrices by name, each of shape [rows, cols], not modified
   * @param configs the options
   * @param rank of the low-rank part that each matrix will have, cut to min(rows, cols) - 1; 0 for
   *     plain quantization
   * @param seed of the randomized SVD
   * @param finished called with the name of each matrix as it is done, from any thread
   */
  public static CostTable measure(
      Map<String, Tensor> matrices,
      List<QuantizationConfig> configs,
      int rank,
      long seed,
      Consumer<String> finished) {
    if (matrices.isEmpty() || configs.isEmpty()) {
      throw new IllegalArgumentException(
          "given "
              + matrices.size()
              + " matrices and "
              + configs.size()
              + " configurations; expected at least one of each");
    }
    if (rank < 0) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected 0 or more");
    }
    Map<String, Tensor> ordered = Collections.unmodifiableMap(new LinkedHashMap<>(matrices));
    List<String> names = new ArrayList<>(ordered.keySet());
    double[][] errors = new double[names.size()][];
    WorkerPool.shared()
        .forEach(
            names.size(),
            i -> {
              errors[i] = errorsOf(ordered.get(names.get(i)), configs, rank, seed);
              finished.accept(names.get(i));
            });
    long[] weights = names.stream().mapToLong(name -> ordered.get(name).length()).toArray();
    return new CostTable(List.copyOf(names), weights, List.copyOf(configs), errors);
  }

  /** Exact bits of matrix {@code i} under configuration {@code c}. */
  public long bits(int i, int c) {
    return StorageCost.exactBits(weights[i], configs.get(c));
  }

  /** Number of weights of all matrices. */
  public long totalWeights() {
    long sum = 0;
    for (long count : weights) {
      sum += count;
    }
    return sum;
  }

  private static double[] errorsOf(
      Tensor matrix, List<QuantizationConfig> configs, int rank, long seed) {
    float[] residual = withoutLeadingPart(matrix, rank, seed);
    float[] rounded = new float[residual.length];
    return configs.stream()
        .mapToDouble(config -> BlockQuantizer.of(config).quantizeDequantize(residual, rounded))
        .toArray();
  }

  /** W - U_r S_r V_r^T, row-major. */
  private static float[] withoutLeadingPart(Tensor matrix, int rank, long seed) {
    Tensor residual = Tensor.zeros(DType.F32, matrix.shape()).assign(matrix);
    int usedRank = Math.min(rank, Math.min(matrix.size(0), matrix.size(1)) - 1);
    if (usedRank > 0) {
      Svd svd =
          RandomizedSvd.decompose(residual, RandomizedSvd.Options.rank(usedRank).withSeed(seed));
      Tensor scaled = svd.u().copy();
      for (int j = 0; j < usedRank; j++) {
        double s = svd.singularValues().get(j);
        for (int i = 0; i < scaled.size(0); i++) {
          scaled.set(scaled.get(i, j) * s, i, j);
        }
      }
      MatrixProduct.multiply(-1, scaled, svd.v().transpose(), 1, residual);
    }
    return residual.floats();
  }
}
