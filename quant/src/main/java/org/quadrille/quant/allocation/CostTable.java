package org.quadrille.quant.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.GroupType;
import org.quadrille.quant.MatrixSchedule;
import org.quadrille.quant.QuantizationConfig;

/**
 * What options would cost matrices: exact bits, and the squared error that is left, as a {@link
 * CostMeasurement} finds it.
 *
 * @param names of the matrices
 * @param rows of each matrix
 * @param cols of each matrix
 * @param options that were measured, per matrix
 * @param squaredErrors {@code squaredErrors[i][c]} of matrix i under its option c
 */
public record CostTable(
    List<String> names,
    long[] rows,
    long[] cols,
    List<List<AllocationOption>> options,
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
   * Measures matrices that are in memory under configurations beside a low-rank part of one rank,
   * after the first iteration.
   *
   * @param matrices by name, each of shape [rows, cols], not modified
   * @param configs the configurations
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
    CostMeasurement measurement =
        CostMeasurement.firstIteration(MatrixSource.of(matrices), rank, seed);
    return measure(measurement, AllocationOption.ofRank(rank, configs), finished);
  }

  /**
   * Measures the table, matrix by matrix; the same bits for any number of threads.
   *
   * @param measurement the matrices and how to measure them
   * @param options of every matrix; those of a rank beyond the matrix are left out
   * @param finished called with the name of each matrix as it is done, from any thread
   */
  public static CostTable measure(
      CostMeasurement measurement, List<AllocationOption> options, Consumer<String> finished) {
    if (options.isEmpty()) {
      throw new IllegalArgumentException("given 0 options, expected at least one");
    }
    MatrixSource matrices = measurement.matrices();
    List<String> names = matrices.names();
    long[] rows = names.stream().mapToLong(matrices::rows).toArray();
    long[] cols = names.stream().mapToLong(matrices::cols).toArray();
    List<List<AllocationOption>> fitting =
        IntStream.range(0, names.size())
            .mapToObj(i -> options.stream().filter(o -> o.fits(rows[i], cols[i])).toList())
            .toList();
    CostTable empty =
        new CostTable(
            names,
            rows,
            cols,
            Collections.nCopies(names.size(), List.of()),
            new double[names.size()][0]);
    return empty.extended(measurement, fitting, finished);
  }

  /** This table with further options measured, per matrix. */
  CostTable extended(
      CostMeasurement measurement,
      List<List<AllocationOption>> further,
      Consumer<String> finished) {
    double[][] errors = new double[names.size()][];
    MatrixSchedule.forEach(
        weights(),
        i -> {
          double[] added =
              further.get(i).isEmpty()
                  ? new double[0]
                  : measurement.squaredErrors(names.get(i), further.get(i));
          errors[i] =
              DoubleStream.concat(DoubleStream.of(squaredErrors[i]), DoubleStream.of(added))
                  .toArray();
          finished.accept(names.get(i));
        });
    List<List<AllocationOption>> all = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      all.add(Stream.concat(options.get(i).stream(), further.get(i).stream()).toList());
    }
    return new CostTable(names, rows, cols, List.copyOf(all), errors);
  }

  /** Exact bits of matrix {@code i} under its option {@code c}. */
  public long bits(int i, int c) {
    return bits(i, options.get(i).get(c));
  }

  /** Exact bits of matrix {@code i} under an option, measured or not. */
  long bits(int i, AllocationOption option) {
    return option.bits(rows[i], cols[i]);
  }

  /** The problem of choosing an option for each matrix within so many bits in all. */
  public Knapsack problem(long budgetBits) {
    long[][] bits = new long[names.size()][];
    for (int i = 0; i < bits.length; i++) {
      int matrix = i;
      bits[i] = options.get(i).stream().mapToLong(option -> bits(matrix, option)).toArray();
    }
    return Knapsack.of(squaredErrors, bits, budgetBits);
  }

  private long[] weights() {
    return IntStream.range(0, names.size()).mapToLong(i -> rows[i] * cols[i]).toArray();
  }

  /** Number of weights of all matrices. */
  public long totalWeights() {
    return Arrays.stream(weights()).sum();
  }
}
