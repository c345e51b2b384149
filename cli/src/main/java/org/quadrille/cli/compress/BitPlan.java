package org.quadrille.cli.compress;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.allocation.BitAllocation;
import org.quadrille.quant.allocation.CostTable;

/** Chooses the configuration of each matrix before anything is decomposed. */
@FunctionalInterface
public interface BitPlan {
  /**
   * The configuration of each matrix.
   *
   * @param model the open model
   * @param names the weights to compress
   * @param console for progress
   * @return one configuration per name, in the order of {@code names}
   */
  Map<String, QuantizationConfig> choose(Checkpoint model, List<String> names, Console console)
      throws IOException;

  /** The same configuration for all. */
  static BitPlan uniform(QuantizationConfig config) {
    return (model, names, console) -> {
      Map<String, QuantizationConfig> plan = new LinkedHashMap<>();
      names.forEach(name -> plan.put(name, config));
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
    return (model, names, console) -> {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      double total = 0;
      for (String name : names) {
        weights.put(name, model.read(name));
        total += weights.get(name).length();
      }
      List<QuantizationConfig> grid = CostTable.economicalGrid();
      try (Progress progress =
          console.progress("measuring " + grid.size() + " configurations", total, "weights")) {
        return BitAllocation.search(
                bits,
                weights,
                grid,
                rank,
                seed,
                name -> progress.advance(weights.get(name).length()))
            .configs();
      }
    };
  }
}
