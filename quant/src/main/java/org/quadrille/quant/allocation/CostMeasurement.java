package org.quadrille.quant.allocation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the errors that options leave in the matrices of a model are found, and where they are kept.
 *
 * <p>The paper's cost is the squared error of a whole decomposition (LQ-LoRA, section 3.2), a
 * factor of tens more work than here. With the default of one iteration it is the error after the
 * first iteration: the matrix without its leading singular directions, quantized. Later iterations
 * lower the errors of a matrix by similar ratios as long as its options have the same rank, so the
 * first ranks them. Where ranks compete with bits the ratios differ, and more iterations are
 * needed: then the error of the first is multiplied by what further ones gain for that number of
 * bits and that rank, measured on one configuration for each pair.
 *
 * @param matrices of the model
 * @param seed of the randomized decompositions
 * @param largestRank of all options that will be asked for; directions of smaller ranks are the
 *     leading ones of these
 * @param iterations of the decomposition whose gain counts; 1 for the first only
 * @param cache where costs are kept
 */
public record CostMeasurement(
    MatrixSource matrices, long seed, int largestRank, int iterations, Optional<CostCache> cache) {

  /** Iterations that give nine tenths of the gain of all. */
  public static final int JOINT_ITERATIONS = 10;

  /** Checks the ranges. */
  public CostMeasurement {
    if (matrices.names().isEmpty()) {
      throw new IllegalArgumentException("given 0 matrices, expected at least one");
    }
    if (largestRank < 0) {
      throw new IllegalArgumentException("rank: given " + largestRank + ", expected 0 or more");
    }
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "iterations: given " + iterations + ", expected at least 1");
    }
  }

  /** Errors after the first iteration, not kept: for options of one rank. */
  public static CostMeasurement firstIteration(MatrixSource matrices, int rank, long seed) {
    return new CostMeasurement(matrices, seed, rank, 1, Optional.empty());
  }

  /** Errors that compare ranks with bits, not kept: for a {@link AllocationOption#jointGrid}. */
  public static CostMeasurement joint(
      MatrixSource matrices, List<AllocationOption> options, long seed) {
    int largest = options.stream().mapToInt(AllocationOption::rank).max().orElse(0);
    return new CostMeasurement(matrices, seed, largest, JOINT_ITERATIONS, Optional.empty());
  }

  /** This measurement with its results kept. */
  public CostMeasurement withCache(CostCache newCache) {
    return new CostMeasurement(matrices, seed, largestRank, iterations, Optional.of(newCache));
  }

  /** Squared error of each option, in their order; measures only those that are not kept yet. */
  double[] squaredErrors(String name, List<AllocationOption> options) {
    Map<String, Double> known =
        cache.map(c -> c.load(name, fingerprint())).orElseGet(java.util.LinkedHashMap::new);
    List<AllocationOption> missing =
        options.stream().filter(option -> !known.containsKey(option.toString())).toList();
    if (!missing.isEmpty()) {
      MatrixCosts costs =
          new MatrixCosts(
              matrices.read(name), matrices.fisher(name), seed, largestRank, iterations);
      double[] measured = costs.squaredErrors(missing);
      for (int i = 0; i < measured.length; i++) {
        known.put(missing.get(i).toString(), measured[i]);
      }
      cache.ifPresent(c -> save(c, name, known));
    }
    return options.stream().mapToDouble(option -> known.get(option.toString())).toArray();
  }

  private void save(CostCache to, String name, Map<String, Double> costs) {
    try {
      to.save(name, fingerprint(), costs);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": its costs cannot be kept: " + e.getMessage(), e);
    }
  }

  private String fingerprint() {
    return "seed=" + seed + " largestRank=" + largestRank + " iterations=" + iterations;
  }
}
