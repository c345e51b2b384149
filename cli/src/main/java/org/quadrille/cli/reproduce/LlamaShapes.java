package org.quadrille.cli.reproduce;

import org.quadrille.quant.MemoryBudget;
import org.quadrille.quant.QuantizationConfig;

/**
 * The sizes of a LLaMA-2 model, from which storage follows without its weights.
 *
 * @param layers number of layers, each with 7 linear matrices
 * @param width of the residual stream
 * @param keyWidth rows of the key and value projections (fewer than the width where heads share
 *     them)
 * @param hidden width of the feed-forward part
 */
record LlamaShapes(int layers, int width, int keyWidth, int hidden) {
  static final LlamaShapes SEVEN_BILLION = new LlamaShapes(32, 4096, 4096, 11008);
  static final LlamaShapes SEVENTY_BILLION = new LlamaShapes(80, 8192, 1024, 28672);

  private static final int VOCABULARY = 32_000;

  /** All linear matrices with one configuration and rank; embeddings, head and norms in 16 bits. */
  MemoryBudget budget(QuantizationConfig config, int rank) {
    MemoryBudget budget = new MemoryBudget();
    for (int layer = 0; layer < layers; layer++) {
      budget.addMatrix(width, width, config, rank).addMatrix(width, width, config, rank);
      budget.addMatrix(keyWidth, width, config, rank).addMatrix(keyWidth, width, config, rank);
      budget.addMatrix(hidden, width, config, rank).addMatrix(hidden, width, config, rank);
      budget.addMatrix(width, hidden, config, rank);
    }
    return budget.addOther(otherParameters(), 16);
  }

  /** Embeddings, output head, two norms a layer and the last one. */
  private long otherParameters() {
    return 2L * VOCABULARY * width + (2L * layers + 1) * width;
  }

  /** Number of all parameters. */
  long parameters() {
    return budget(QuantizationConfig.DEFAULT, 0).weights() + otherParameters();
  }

  /** Bits per weight of the factors in NF8. */
  double factorBits(int rank) {
    MemoryBudget budget = budget(QuantizationConfig.DEFAULT, rank);
    return (double) budget.quantizedFactorBits() / budget.weights();
  }
}
