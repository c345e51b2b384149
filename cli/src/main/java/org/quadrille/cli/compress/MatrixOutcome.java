package org.quadrille.cli.compress;

import java.util.List;
import org.quadrille.cli.console.Digest;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.QuantizationConfig;

/**
 * What became of one weight, in figures; the parts themselves lie in a file.
 *
 * @param name name of the weight
 * @param rows number of rows
 * @param cols number of columns
 * @param config configuration of the quantized part
 * @param quantizedBits exact bits of the quantized part
 * @param rank of the low-rank part, may be 0
 * @param lowRankBits bits of the factors as they are stored
 * @param figures what was measured
 */
public record MatrixOutcome(
    String name,
    int rows,
    int cols,
    QuantizationConfig config,
    long quantizedBits,
    int rank,
    long lowRankBits,
    Figures figures) {

  /**
   * What was measured while decomposing.
   *
   * @param norm Frobenius norm of the weight
   * @param error Frobenius norm of what is lost
   * @param weightedError weighted norm of what is lost; {@code error} if all weights count the same
   * @param weightedNorm weighted norm of the weight
   * @param plainError the Frobenius norm of what is lost for quantization without a low-rank part
   * @param objective error after each iteration
   * @param keptIteration the iteration that was kept, from 1
   * @param stopRule why the iteration ended
   * @param seconds time it took
   * @param digest SHA-256 of the dequantized values and the factors
   */
  public record Figures(
      double norm,
      double error,
      double weightedError,
      double weightedNorm,
      double plainError,
      List<Double> objective,
      int keptIteration,
      String stopRule,
      double seconds,
      String digest) {}

  /** The outcome of a decomposition. */
  static MatrixOutcome of(String name, LqResult result, Figures figures) {
    return new MatrixOutcome(
        name,
        result.quantized().rows(),
        result.quantized().cols(),
        result.quantized().config(),
        result.quantized().storageBits(),
        result.lowRank().rank(),
        result.storageBits() - result.quantized().storageBits(),
        figures);
  }

  /** Number of weights. */
  public long weights() {
    return (long) rows * cols;
  }

  /** Bits per weight of the quantized part, scales and tails included. */
  public double bits() {
    return (double) quantizedBits / weights();
  }

  /** Error relative to the norm of the weight. */
  public double relativeError() {
    return figures.error == 0 ? 0 : figures.error / figures.norm;
  }

  /** The same of the weighted norms. */
  public double relativeWeightedError() {
    return figures.weightedError == 0 ? 0 : figures.weightedError / figures.weightedNorm;
  }

  /** The Frobenius error for quantization without a low-rank part. */
  public double relativePlainError() {
    return figures.plainError == 0 ? 0 : figures.plainError / figures.norm;
  }

  /** This outcome with the error measured from the finished file. */
  MatrixOutcome withError(double error) {
    Figures measured =
        new Figures(
            figures.norm,
            error,
            figures.weightedError,
            figures.weightedNorm,
            rank == 0 ? error : figures.plainError,
            figures.objective,
            figures.keptIteration,
            figures.stopRule,
            figures.seconds,
            figures.digest);
    return new MatrixOutcome(name, rows, cols, config, quantizedBits, rank, lowRankBits, measured);
  }

  /** The row of the JSON document. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .put("rows", rows)
        .put("cols", cols)
        .put("config", config.toString())
        .put("bits", bits())
        .put("rank", rank)
        .put("relativeError", relativeError())
        .put("weightedError", relativeWeightedError())
        .put("relativeErrorWithoutLowRank", relativePlainError())
        .put("iterations", figures.objective.size())
        .put("keptIteration", figures.keptIteration)
        .put("stopRule", figures.stopRule)
        .put("objective", figures.objective)
        .put("seconds", figures.seconds);
  }

  /** SHA-256 of the values a reader of the file gets: dequantized weights and both factors. */
  static String digest(Tensor dequantized, LowRank lowRank) {
    return new Digest()
        .add(dequantized.floats())
        .add(lowRank.left().toFloats())
        .add(lowRank.right().toFloats())
        .hex();
  }
}
