package org.quadrille.cli.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.MatrixSchedule;
import org.quadrille.quant.QuantizationError;
import org.quadrille.quant.allocation.AllocationOption;

/**
 * Decomposes the weights of a model in the order of {@link MatrixSchedule} and puts each aside as
 * soon as it is done, so that memory holds only those in the making.
 */
final class Decomposer {
  private final CheckpointWeights model;
  private final CompressionSettings settings;
  private final PartialResults partial;
  private final Console console;

  Decomposer(
      CheckpointWeights model,
      CompressionSettings settings,
      PartialResults partial,
      Console console) {
    this.model = model;
    this.settings = settings;
    this.partial = partial;
    this.console = console;
  }

  /**
   * Outcomes in the order of the plan; the parts of each lie in the partial results.
   *
   * @param plan configuration and rank by name
   * @param resumed where to count the weights that an earlier run had finished
   */
  List<MatrixOutcome> run(Map<String, AllocationOption> plan, AtomicInteger resumed) {
    List<String> names = List.copyOf(plan.keySet());
    Map<String, LqOptions> options = new HashMap<>();
    plan.forEach((name, option) -> options.put(name, options(name, option)));
    MatrixOutcome[] outcomes = new MatrixOutcome[names.size()];
    MatrixSchedule.forEach(
        weights(names),
        i -> outcomes[i] = partial.load(names.get(i), options.get(names.get(i))).orElse(null));
    List<Integer> open =
        IntStream.range(0, outcomes.length).filter(i -> outcomes[i] == null).boxed().toList();
    List<String> openNames = open.stream().map(names::get).toList();
    resumed.set(names.size() - open.size());
    AtomicInteger finished = new AtomicInteger(resumed.get());
    double total = work(names);
    try (Progress progress = console.progress("compressing", total, "weight updates")) {
      progress.alreadyDone(total - work(openNames));
      progress.detail(finished + "/" + names.size() + " matrices");
      MatrixSchedule.forEach(
          weights(openNames),
          i -> {
            String name = openNames.get(i);
            outcomes[open.get(i)] = decompose(name, options.get(name), progress);
            progress.detail(finished.incrementAndGet() + "/" + names.size() + " matrices");
          });
    }
    return List.of(outcomes);
  }

  private LqOptions options(String name, AllocationOption option) {
    return settings.options(option, model.rows(name), model.cols(name));
  }

  private long[] weights(List<String> names) {
    return names.stream().mapToLong(model::weights).toArray();
  }

  private double work(List<String> names) {
    return (double) settings.iterations() * names.stream().mapToLong(model::weights).sum();
  }

  private MatrixOutcome decompose(String name, LqOptions options, Progress progress) {
    try {
      long start = System.nanoTime();
      Tensor weight = model.read(name);
      LqResult result =
          LqDecomposition.decompose(
              weight,
              model.fisher(name).map(options::withFisher).orElse(options),
              (iteration, error) -> {
                progress.advance(weight.length());
                return true;
              });
      progress.advance((double) weight.length() * (settings.iterations() - result.iterations()));
      MatrixOutcome outcome =
          MatrixOutcome.of(name, result, figures(weight, options, result, start));
      partial.save(outcome, options, result);
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandFailure(name + ": " + e.getMessage(), e);
    }
  }

  private static MatrixOutcome.Figures figures(
      Tensor weight, LqOptions options, LqResult result, long start) {
    double plainError =
        result.lowRank().rank() == 0
            ? result.error()
            : QuantizationError.between(weight, options.quantizer().quantize(weight).dequantize())
                .frobeniusError();
    String digest = MatrixOutcome.digest(result.quantized().dequantize(), result.lowRank());
    return new MatrixOutcome.Figures(
        result.norm(),
        result.error(),
        result.weightedError(),
        result.weightedNorm(),
        plainError,
        result.objective(),
        result.keptIteration(),
        result.stopRule().name(),
        (System.nanoTime() - start) * 1e-9,
        digest);
  }
}
