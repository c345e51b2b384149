package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Blockwise quantization with a table of levels learned for each matrix: Lloyd's method on the
 * weights divided by their block scales, each counted with the square of its scale, which makes the
 * objective the squared error of the weights themselves (S. Lloyd, "Least Squares Quantization in
 * PCM", 1982; J. Max, 1960).
 *
 * <p>A round gives every weight the code of its nearest level, then moves each level l to the
 * weighted mean of its weights, {@code sum s a / sum s^2}. With {@link ScaleRule#LEAST_SQUARES}
 * scales and levels are improved in turn. The table takes 32 bits a level beside the codes.
 *
 * <p><b>Cost</b>: about 3 ns a weight and round, with the scale search 15 ns.
 *
 * @param start configuration, first levels and scale rule
 * @param rounds of Lloyd's method, at least 1
 */
public record LearnedTableQuantizer(BlockQuantizer start, int rounds) implements Quantizer {
  /** Rounds after which the error hardly falls. */
  public static final int USUAL_ROUNDS = 15;

  /** Checks the rounds. */
  public LearnedTableQuantizer {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: given " + rounds + ", expected at least 1");
    }
  }

  /** 15 rounds from the levels of {@code start}. */
  public static LearnedTableQuantizer of(BlockQuantizer start) {
    return new LearnedTableQuantizer(start, USUAL_ROUNDS);
  }

  /**
   * The table learned from a matrix.
   *
   * @param weights shape [rows, cols], not modified
   */
  public Codebook learn(Tensor weights) {
    BlockQuantizer.checkMatrix(weights);
    Tensor floats = weights.to(DType.F32).contiguous();
    return new TableLearning(start, floats.size(0), floats.size(1))
        .learn(floats.floats(), floats.offset(), rounds);
  }

  @Override
  public QuantizedMatrix quantize(Tensor weights) {
    return start.withCodebook(learn(weights)).quantize(weights);
  }

  @Override
  public Rounding rounding(int rows, int cols) {
    TableLearning learning = new TableLearning(start, rows, cols);
    return (weights, out) -> {
      DirectRounding.checkLength("weights", weights, rows, cols);
      Codebook table = learning.learn(weights, 0, rounds);
      return start.withCodebook(table).rounding(rows, cols).apply(weights, out);
    };
  }

  @Override
  public long storageBits(int rows, int cols) {
    return start.storageBits(rows, cols)
        - start.codebook().storageBits()
        + 32L * start.codebook().size();
  }

  @Override
  public String name() {
    return start.name() + "/learned";
  }
}
