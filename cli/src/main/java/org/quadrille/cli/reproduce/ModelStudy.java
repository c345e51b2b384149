package org.quadrille.cli.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.quadrille.cli.check.CheckOutcome;
import org.quadrille.cli.check.FisherEstimate;
import org.quadrille.cli.check.ModelCheck;
import org.quadrille.cli.check.ShippedText;
import org.quadrille.cli.compress.CompressionJob;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.MatrixSchedule;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.StorageCost;
import org.quadrille.quant.allocation.AllocationOption;
import org.quadrille.quant.allocation.BitAllocation;
import org.quadrille.quant.allocation.CostMeasurement;
import org.quadrille.quant.allocation.CostTable;
import org.quadrille.quant.allocation.MatrixSource;

/**
 * What a whole model computes after compression by three methods at equal budgets: configurations
 * chosen per matrix alone (NF), the same with low-rank parts (LQ), and both weighted by Fisher
 * information (LQ-Fisher).
 */
final class ModelStudy {
  private static final int ITERATIONS = 12;
  private static final double TOLERANCE = 1e-4;
  private static final int WINDOWS = 80;
  private static final QuantizationConfig FACTORS = QuantizationConfig.parse("nf8/64/fp8/256");

  /**
   * One compressed model.
   *
   * @param method NF, LQ or LQ-Fisher
   * @param budget bits per weight of the quantized parts
   * @param bits per weight with factors at NF8
   * @param relativeError Frobenius error of all matrices over their norm
   * @param outcome what the model computes
   */
  record Row(
      String method, double budget, double bits, double relativeError, CheckOutcome outcome) {

    /** The larger the worse: the loss after compression, or one minus the mean cosine. */
    double damage() {
      return switch (outcome) {
        case CheckOutcome.Words words -> words.after().loss();
        case CheckOutcome.Sentences sentences -> 1 - sentences.meanCosine();
      };
    }

    /** The figure that people know: the loss, or the mean cosine. */
    double figure() {
      return switch (outcome) {
        case CheckOutcome.Words words -> words.after().loss();
        case CheckOutcome.Sentences sentences -> sentences.meanCosine();
      };
    }

    /**
     * How much less damage another row does, and the standard error of that over hidden words; the
     * error is NaN for sentences.
     */
    double[] lead(Row better) {
      if (!(outcome instanceof CheckOutcome.Words mine)
          || !(better.outcome instanceof CheckOutcome.Words theirs)) {
        return new double[] {damage() - better.damage(), Double.NaN};
      }
      double[] a = mine.after().losses();
      double[] b = theirs.after().losses();
      double mean = damage() - better.damage();
      double squares = 0;
      for (int i = 0; i < a.length; i++) {
        squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
      }
      return new double[] {mean, Math.sqrt(squares / (a.length - 1) / a.length)};
    }

    JsonObject toJson() {
      return new JsonObject()
          .put("method", method)
          .put("budget", budget)
          .put("bits", bits)
          .put("relativeError", relativeError)
          .put("outcome", outcome.toJson());
    }
  }

  private final Path path;
  private final ModelCheck check;
  private final FisherEstimate estimate;
  private final int rank;
  private final long seed;

  /**
   * A study, not started.
   *
   * @param name of the model
   * @param rank of the low-rank parts
   * @param samples for the Fisher information
   */
  ModelStudy(String name, Path path, Path tokenizer, int rank, int samples, long seed)
      throws IOException {
    this.path = path;
    this.check = ModelCheck.of(name, path, tokenizer).on(ShippedText.STUDY, WINDOWS);
    this.estimate = FisherEstimate.of(name, path, tokenizer, samples, seed);
    this.rank = rank;
    this.seed = seed;
  }

  /** Rows of the three methods for each budget, in that order. */
  List<Row> run(double[] budgets, Console console) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      for (String name : CompressionJob.select(checkpoint, null, null)) {
        weights.put(name, checkpoint.read(name));
      }
    }
    Map<String, Fisher> fisher = estimate.run(weights.keySet(), console);
    CostTable plain = costs(weights, Map.of(), console);
    CostTable weighted = costs(weights, fisher, console);
    List<Row> rows = new ArrayList<>();
    for (double budget : budgets) {
      Map<String, AllocationOption> plan = BitAllocation.within(budget, plain).options();
      Map<String, AllocationOption> important = BitAllocation.within(budget, weighted).options();
      rows.add(row("NF", budget, weights, plan, 0, Map.of(), console));
      rows.add(row("LQ", budget, weights, plan, rank, Map.of(), console));
      rows.add(row("LQ-Fisher", budget, weights, important, rank, fisher, console));
    }
    return rows;
  }

  /** Errors of plain quantization for 24 of the paper's configurations. */
  private CostTable costs(
      Map<String, Tensor> weights, Map<String, Fisher> fisher, Console console) {
    MatrixSource memory = MatrixSource.of(weights);
    MatrixSource source =
        new MatrixSource() {
          @Override
          public List<String> names() {
            return memory.names();
          }

          @Override
          public int rows(String name) {
            return memory.rows(name);
          }

          @Override
          public int cols(String name) {
            return memory.cols(name);
          }

          @Override
          public Tensor read(String name) {
            return memory.read(name);
          }

          @Override
          public Optional<Fisher> fisher(String name) {
            return Optional.ofNullable(fisher.get(name));
          }
        };
    List<AllocationOption> options =
        AllocationOption.ofRank(
            0,
            CostTable.economicalGrid().stream()
                .filter(c -> c.blocksPerGroup() == 256 && c.scaleBits() >= 4)
                .toList());
    try (Progress progress =
        console.progress("measuring configurations", weights.size(), "matrices")) {
      return CostTable.measure(
          CostMeasurement.firstIteration(source, 0, seed), options, name -> progress.advance(1));
    }
  }

  private Row row(
      String method,
      double budget,
      Map<String, Tensor> weights,
      Map<String, AllocationOption> plan,
      int rankOfAll,
      Map<String, Fisher> fisher,
      Console console)
      throws IOException {
    List<String> names = List.copyOf(weights.keySet());
    Tensor[] replaced = new Tensor[names.size()];
    double[][] figures = new double[names.size()][];
    String label = String.format(Locale.ROOT, "%s at %.2f bits", method, budget);
    try (Progress progress = console.progress(label, names.size(), "matrices")) {
      MatrixSchedule.forEach(
          names.stream().mapToLong(name -> weights.get(name).length()).toArray(),
          i -> {
            String name = names.get(i);
            LqOptions options =
                LqOptions.of(plan.get(name).config(), rankOfAll)
                    .withIterations(ITERATIONS, TOLERANCE)
                    .withSeed(seed);
            Fisher importance = fisher.get(name);
            LqResult result =
                LqDecomposition.decompose(
                    weights.get(name),
                    importance == null ? options : options.withFisher(importance));
            replaced[i] = sum(result);
            figures[i] =
                new double[] {
                  result.error() * result.error(),
                  result.norm() * result.norm(),
                  result.quantized().storageBits() + factorBits(weights.get(name), rankOfAll)
                };
            progress.advance(1);
          });
    }
    Map<String, Tensor> replacements = new LinkedHashMap<>();
    double error = 0;
    double norm = 0;
    double bits = 0;
    long count = 0;
    for (int i = 0; i < replaced.length; i++) {
      replacements.put(names.get(i), replaced[i]);
      error += figures[i][0];
      norm += figures[i][1];
      bits += figures[i][2];
      count += replaced[i].length();
    }
    return new Row(method, budget, bits / count, Math.sqrt(error / norm), check.run(replacements));
  }

  private static Tensor sum(LqResult result) {
    Tensor approximation = result.quantized().dequantize();
    return result.lowRank().rank() == 0
        ? approximation
        : MatrixProduct.multiply(
            1, result.lowRank().left(), result.lowRank().right(), 1, approximation);
  }

  private static double factorBits(Tensor weight, int rank) {
    return rank == 0
        ? 0
        : StorageCost.exactBits((long) rank * weight.size(0), FACTORS)
            + StorageCost.exactBits((long) rank * weight.size(1), FACTORS);
  }
}
