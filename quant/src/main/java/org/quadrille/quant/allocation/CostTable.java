package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.GroupType;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.StorageCost;

/**
 * What configurations would cost matrices: exact bits, and the squared Frobenius error after the
 * first iteration of the LQ decomposition (the matrix without its leading {@code rank} singular
 * directions, quantized).
 *
 * <p>The paper's table holds the error of whole decompositions (LQ-LoRA, section 3.2), a factor of
 * tens more work; later iterations lower all errors of a matrix by similar ratios, so the first one
 * ranks the options.
 *
 * @param names of the matrices
 * @param weights number of weights per matrix
 * @param options configurations that were measured, per matrix
 * @param squaredErrors {@code squaredErrors[i][c]} of matrix i under its option c
 */
public record CostTable(
    List<String> names,
    long[] weights,
    List<List<QuantizationConfig>> options,
    double[][] squaredErrors) {

  /**
   * Of the 432 options of the paper, 96 that are seldom dominated: bits and scale bits in {2, 3, 4,
   * 8}, blocks of 16, 32, 64, bf16 group scales (the cheapest format; its rounding is absorbed by
   * the scale codes), groups of 64 and 256 blocks. 96 options from 2.03 to 8.52 bits.
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
    List<String> names = List.copyOf(new ArrayList<>(matrices.keySet()));
    long[] weights = names.stream().mapToLong(name -> matrices.get(name).length()).toArray();
    CostTable empty =
        new CostTable(
            names,
            weights,
            Collections.nCopies(names.size(), List.of()),
            new double[names.size()][0]);
    return empty.extended(
        matrices, Collections.nCopies(names.size(), List.copyOf(configs)), rank, seed, finished);
  }

  /** This table with further options measured; parallel over matrices. */
  CostTable extended(
      Map<String, Tensor> matrices,
      List<List<QuantizationConfig>> further,
      int rank,
      long seed,
      Consumer<String> finished) {
    double[][] errors = new double[names.size()][];
    WorkerPool.shared()
        .forEach(
            names.size(),
            i -> {
              List<QuantizationConfig> configs = further.get(i);
              double[] added =
                  configs.isEmpty()
                      ? new double[0]
                      : errorsOf(matrices.get(names.get(i)), configs, rank, seed);
              errors[i] =
                  DoubleStream.concat(DoubleStream.of(squaredErrors[i]), DoubleStream.of(added))
                      .toArray();
              finished.accept(names.get(i));
            });
    List<List<QuantizationConfig>> all = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      all.add(Stream.concat(options.get(i).stream(), further.get(i).stream()).toList());
    }
    return new CostTable(names, weights, List.copyOf(all), errors);
  }

  /** Exact bits of matrix {@code i} under configuration {@code c}. */
  public long bits(int i, int c) {
    return bits(i, options.get(i).get(c));
  }

  /** Exact bits of matrix {@code i} under a configuration, measured or not. */
  long bits(int i, QuantizationConfig config) {
    return StorageCost.exactBits(weights[i], config);
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

  /** W - L1 L2 with the best factors of that rank, row-major. */
  private static float[] withoutLeadingPart(Tensor matrix, int rank, long seed) {
    Tensor residual = Tensor.zeros(DType.F32, matrix.shape()).assign(matrix);
    int usedRank = Math.min(rank, Math.min(matrix.size(0), matrix.size(1)) - 1);
    if (usedRank > 0) {
      LowRank leading =
          RandomizedSvd.decompose(residual, RandomizedSvd.Options.rank(usedRank).withSeed(seed))
              .toLowRank();
      MatrixProduct.multiply(-1, leading.left(), leading.right(), 1, residual);
    }
    return residual.floats();
  }
}
