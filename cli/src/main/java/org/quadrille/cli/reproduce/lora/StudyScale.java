package org.quadrille.cli.reproduce.lora;

import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;

/**
 * Sizes of one experiment.
 *
 * @param name for files and tables
 * @param width of the residual stream
 * @param layers of the model; four heads, feedforward layers four times as wide
 * @param length characters of a window
 * @param batch windows of a step
 * @param baseSteps steps on the source text
 * @param baseRate peak rate on the source text
 * @param tuningSteps steps on the target text
 * @param windows held-out windows of each text
 * @param checkpoints steps after which losses are measured; the last is {@code tuningSteps}
 */
record StudyScale(
    String name,
    int width,
    int layers,
    int length,
    int batch,
    int baseSteps,
    double baseRate,
    int tuningSteps,
    int windows,
    java.util.List<Integer> checkpoints) {
  private static final int HEADS = 4;

  /** Seconds a run. */
  static final StudyScale SMALL =
      new StudyScale(
          "small", 64, 2, 64, 16, 900, 3e-3, 300, 64, java.util.List.of(25, 75, 150, 300));

  /** Minutes a run. */
  static final StudyScale MAIN =
      new StudyScale(
          "main", 128, 4, 128, 16, 1500, 2e-3, 400, 128, java.util.List.of(25, 50, 100, 200, 400));

  /** GPT without biases, with an output matrix of its own. */
  Architecture architecture(int vocabulary) {
    return Architecture.gpt(vocabulary, length, width, HEADS, layers)
        .withBiases(false)
        .withHead(Head.UNTIED);
  }

  /** Floating-point operations of one step that trains every weight. */
  double stepFlops(int vocabulary) {
    return (double) batch * length * architecture(vocabulary).trainingFlops(length);
  }
}
