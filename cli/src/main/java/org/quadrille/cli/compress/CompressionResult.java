package org.quadrille.cli.compress;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quadrille.cli.check.CheckOutcome;
import org.quadrille.formats.JsonObject;
import org.quadrille.quant.MemoryBudget;

/**
 * What became of a model.
 *
 * @param model what the user called it
 * @param input file or folder that was read
 * @param output file that was written
 * @param settings what was asked for
 * @param outcomes one per compressed weight, in the order of the model
 * @param passedThrough number of tensors that were copied unchanged
 * @param bytesPassedThrough their size
 * @param bytesIn size of the input
 * @param bytesOut size of the output
 * @param resumed weights that an earlier, stopped run had finished
 * @param times seconds of each stage and shares of the work
 * @param check what became of what the model computes; empty if it was not run
 */
public record CompressionResult(
    String model,
    Path input,
    Path output,
    CompressionSettings settings,
    List<MatrixOutcome> outcomes,
    int passedThrough,
    long bytesPassedThrough,
    long bytesIn,
    long bytesOut,
    int resumed,
    Times times,
    Optional<CheckOutcome> check) {

  /**
   * Where the time went.
   *
   * @param plan seconds to choose configurations
   * @param decompose seconds to decompose, in this run
   * @param write seconds to write the file
   * @param verify seconds to read it back and check it
   * @param total seconds of the whole job in this run
   * @param shares of the working time while decomposing, by kind of work
   * @param productShare share of matrix products in it
   * @param quantizationShare share of quantization in it
   */
  public record Times(
      double plan,
      double decompose,
      double write,
      double verify,
      double total,
      JsonObject shares,
      double productShare,
      double quantizationShare) {}

  /** The same result with what became of what the model computes. */
  public CompressionResult withCheck(CheckOutcome outcome) {
    return new CompressionResult(
        model,
        input,
        output,
        settings,
        outcomes,
        passedThrough,
        bytesPassedThrough,
        bytesIn,
        bytesOut,
        resumed,
        times,
        Optional.of(outcome));
  }

  /** Number of compressed weights. */
  public long weights() {
    return outcomes.stream().mapToLong(MatrixOutcome::weights).sum();
  }

  /** Average bits per weight of the quantized parts, scales included. */
  public double averageBits() {
    long bits = outcomes.stream().mapToLong(MatrixOutcome::quantizedBits).sum();
    return (double) bits / weights();
  }

  /** The same with the low-rank parts as they are stored. */
  public double averageBitsWithLowRank() {
    long bits = outcomes.stream().mapToLong(MatrixOutcome::lowRankBits).sum();
    return averageBits() + (double) bits / weights();
  }

  /** The same if the factors were quantized to NF8 as well, the figure that papers give. */
  public double averageBitsWithQuantizedLowRank() {
    return averageBits() + (double) memory().quantizedFactorBits() / weights();
  }

  /** Where the memory of the compressed model goes. */
  public MemoryBudget memory() {
    MemoryBudget budget = new MemoryBudget().addOther(bytesPassedThrough, Byte.SIZE);
    outcomes.forEach(o -> budget.addMatrix(o.rows(), o.cols(), o.config(), o.rank()));
    return budget;
  }

  /** Square root of the sum of squared errors over the sum of squared norms. */
  public double relativeError() {
    return ratio(outcomes.stream().mapToDouble(o -> square(o.figures().error())).sum());
  }

  /** The same without the low-rank parts. */
  public double relativePlainError() {
    return ratio(outcomes.stream().mapToDouble(o -> square(o.figures().plainError())).sum());
  }

  /** Square root of the sum of squared weighted errors over the sum of squared weighted norms. */
  public double relativeWeightedError() {
    double error = outcomes.stream().mapToDouble(o -> square(o.figures().weightedError())).sum();
    double norm = outcomes.stream().mapToDouble(o -> square(o.figures().weightedNorm())).sum();
    return error == 0 ? 0 : Math.sqrt(error / norm);
  }

  private double ratio(double squaredError) {
    double squaredNorm = outcomes.stream().mapToDouble(o -> square(o.figures().norm())).sum();
    return squaredError == 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
  }

  private static double square(double x) {
    return x * x;
  }

  /** The JSON document of the command. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("model", model)
        .put("in", input.toString())
        .put("out", output.toString())
        .put("rank", settings.rank())
        .put("matrices", outcomes.stream().map(MatrixOutcome::toJson).toList())
        .put("passedThrough", passedThrough)
        .put("weights", weights())
        .put("averageBits", averageBits())
        .put("averageBitsWithLowRank", averageBitsWithLowRank())
        .put("averageBitsWithLowRankNf8", averageBitsWithQuantizedLowRank())
        .put("relativeError", relativeError())
        .put("weightedError", relativeWeightedError())
        .put("relativeErrorWithoutLowRank", relativePlainError())
        .put("memory", memory().toJson())
        .put("verified", true)
        .put("check", check.map(CheckOutcome::toJson).orElse(null))
        .put("resumed", resumed)
        .put("seconds", times.total)
        .put("timings", timings())
        .put("bytesIn", bytesIn)
        .put("bytesOut", bytesOut);
  }

  /** Seconds of each stage and shares of the work. */
  public JsonObject timings() {
    return new JsonObject()
        .put("plan", times.plan)
        .put("decompose", times.decompose)
        .put("write", times.write)
        .put("verify", times.verify)
        .put("total", times.total)
        .put("shares", times.shares);
  }
}
