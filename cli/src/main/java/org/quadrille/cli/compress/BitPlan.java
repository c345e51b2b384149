package org.quadrille.cli.compress;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.allocation.AllocationOption;
import org.quadrille.quant.allocation.BitAllocation;
import org.quadrille.quant.allocation.CostCache;
import org.quadrille.quant.allocation.CostMeasurement;
import org.quadrille.quant.allocation.CostTable;

/** Chooses configuration and rank of each matrix before anything is decomposed. */
@FunctionalInterface
public interface BitPlan {
  /**
   * Configuration and rank of each matrix.
   *
   * @param weights of the open model
   * @param cache where measured costs are kept
   * @param console for progress
   * @return one option per name, in the order of the weights
   */
  Map<String, AllocationOption> choose(CheckpointWeights weights, CostCache cache, Console console)
      throws IOException;

  /** The same configuration and rank for all. */
  static BitPlan uniform(QuantizationConfig config, int rank) {
    return (weights, cache, console) -> {
      Map<String, AllocationOption> plan = new LinkedHashMap<>();
      AllocationOption option = new AllocationOption(config, rank, false);
      weights.names().forEach(name -> plan.put(name, option));
      return plan;
    };
  }

  /**
   * The configurations of least total squared error within an average of {@code bits} per weight,
   * by measuring the options on every matrix (LQ-LoRA, section 3.2).
   *
   * @param bits average over all weights, scales included
   * @param rank of the low-rank part that each matrix will have
   * @param seed of the randomized decompositions
   */
  static BitPlan within(double bits, int rank, long seed) {
    return (weights, cache, console) ->
        search(
            bits,
            CostMeasurement.firstIteration(weights, rank, seed).withCache(cache),
            AllocationOption.ofRank(rank, CostTable.economicalGrid()),
            weights,
            console);
  }

  /**
   * Configurations and ranks of least total squared error within an average of {@code bits} per
   * weight that pays for the factors as well.
   *
   * @param bits average over all weights: codes, scales, and factors at NF8
   * @param seed of the randomized decompositions
   */
  static BitPlan jointlyWithin(double bits, long seed) {
    return (weights, cache, console) -> {
      List<AllocationOption> options = AllocationOption.jointGrid(CostTable.economicalGrid());
      CostMeasurement measurement = CostMeasurement.joint(weights, options, seed).withCache(cache);
      return search(bits, measurement, options, weights, console);
    };
  }

  private static Map<String, AllocationOption> search(
      double bits,
      CostMeasurement measurement,
      List<AllocationOption> options,
      CheckpointWeights weights,
      Console console) {
    String label = "measuring " + options.size() + " options";
    try (Progress progress = console.progress(label, (double) weights.totalWeights(), "weights")) {
      return BitAllocation.search(
              bits, measurement, options, name -> progress.advance((double) weights.weights(name)))
          .options();
    }
  }
}
