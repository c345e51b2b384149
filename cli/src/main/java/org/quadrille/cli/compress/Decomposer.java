package org.quadrille.cli.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.formats.Checkpoint;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizationError;

/**
 * Decomposes the weights of a model in parallel, one thread per weight, the largest first so that
 * no thread is left with a large one at the end.
 */
final class Decomposer {
  private final Checkpoint model;
  private final CompressionSettings settings;
  private final PartialResults partial;
  private final Console console;

  Decomposer(
      Checkpoint model, CompressionSettings settings, PartialResults partial, Console console) {
    this.model = model;
    this.settings = settings;
    this.partial = partial;
    this.console = console;
  }

  /**
   * Outcomes in the order of the plan.
   *
   * @param plan configuration by name
   * @param resumed where to count the weights that an earlier run had finished
   */
  List<MatrixOutcome> run(Map<String, QuantizationConfig> plan, AtomicInteger resumed) {
    List<String> names = new ArrayList<>(plan.keySet());
    Map<String, MatrixOutcome> done = new HashMap<>();
    names.forEach(name -> partial.load(name, plan.get(name)).ifPresent(o -> done.put(name, o)));
    resumed.set(done.size());
    List<String> open =
        names.stream()
            .filter(name -> !done.containsKey(name))
            .sorted(Comparator.comparingLong(this::weights).reversed())
            .toList();
    MatrixOutcome[] outcomes = new MatrixOutcome[open.size()];
    AtomicInteger finished = new AtomicInteger(done.size());
    double total = work(names);
    try (Progress progress = console.progress("compressing", total, "weight updates")) {
      progress.alreadyDone(total - work(open));
      progress.detail(finished + "/" + names.size() + " matrices");
      WorkerPool.shared()
          .forEach(
              open.size(),
              i -> {
                outcomes[i] = decompose(open.get(i), plan.get(open.get(i)), progress);
                progress.detail(finished.incrementAndGet() + "/" + names.size() + " matrices");
              });
    }
    for (MatrixOutcome outcome : outcomes) {
      done.put(outcome.name(), outcome);
    }
    return names.stream().map(done::get).toList();
  }

  private double work(List<String> names) {
    return (double) settings.iterations() * names.stream().mapToLong(this::weights).sum();
  }

  private long weights(String name) {
    return model.info(name).elementCount();
  }

  private MatrixOutcome decompose(String name, QuantizationConfig config, Progress progress) {
    try {
      long start = System.nanoTime();
      Tensor weight = model.read(name);
      LqOptions options = settings.options(config, weight.size(0), weight.size(1));
      LqResult result =
          LqDecomposition.decompose(
              weight,
              options,
              (iteration, error) -> {
                progress.advance(weight.length());
                return true;
              });
      progress.advance((double) weight.length() * (settings.iterations() - result.iterations()));
      MatrixOutcome outcome = outcome(name, weight, config, result, start);
      partial.save(outcome);
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandFailure(name + ": " + e.getMessage(), e);
    }
  }

  private static MatrixOutcome outcome(
      String name, Tensor weight, QuantizationConfig config, LqResult result, long start) {
    double plainError =
        result.lowRank().rank() == 0
            ? result.error()
            : QuantizationError.between(
                    weight, BlockQuantizer.of(config).quantize(weight).dequantize())
                .frobeniusError();
    String digest = MatrixOutcome.digest(result.quantized().dequantize(), result.lowRank());
    return new MatrixOutcome(
        name,
        result.quantized(),
        result.lowRank(),
        new MatrixOutcome.Figures(
            result.norm(),
            result.error(),
            plainError,
            result.objective(),
            result.keptIteration(),
            result.stopRule().name(),
            (System.nanoTime() - start) * 1e-9,
            digest));
  }
}
