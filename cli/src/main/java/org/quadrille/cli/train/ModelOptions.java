package org.quadrille.cli.train;

import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import picocli.CommandLine.Option;

/** The options that say what a new model looks like. */
public final class ModelOptions {
  /** Kinds of models. */
  enum Kind {
    gpt,
    llama,
    bert
  }

  @Option(
      names = "--architecture",
      paramLabel = "KIND",
      description =
          "One of ${COMPLETION-CANDIDATES} (default: gpt for --task lm, bert for --task mlm).")
  private Kind kind;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "2",
      description = "Layers (default: ${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--width",
      paramLabel = "N",
      defaultValue = "64",
      description = "Width of the residual stream, a multiple of the heads (default: 64).")
  private int width;

  @Option(
      names = "--heads",
      paramLabel = "N",
      defaultValue = "4",
      description = "Attention heads (default: ${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "64",
      description = "Tokens of a window, and positions of a new model (default: 64).")
  private int length;

  @Option(
      names = "--plain",
      description = "gpt without biases and with an output matrix of its own.")
  private boolean plain;

  /** Tokens of a window. */
  public int length() {
    return length;
  }

  /** A word for each choice, for the settings that a checkpoint remembers. */
  String summary() {
    return kind + " " + layers + " " + width + " " + heads + " " + length + " " + plain;
  }

  /**
   * The architecture.
   *
   * @param masked whether words are masked
   * @param vocabulary tokens
   */
  Architecture architecture(boolean masked, int vocabulary) {
    Kind chosen = kind != null ? kind : masked ? Kind.bert : Kind.gpt;
    return switch (chosen) {
      case gpt -> {
        Architecture gpt = Architecture.gpt(vocabulary, length, width, heads, layers);
        yield plain ? gpt.withBiases(false).withHead(Head.UNTIED) : gpt;
      }
      // Three matrices of 8/3 the width have the weights of two of four times the width.
      case llama ->
          Architecture.llama(
              vocabulary, length, width, heads, heads, layers, Math.ceilDiv(8 * width, 3));
      case bert -> Architecture.bert(vocabulary, length, width, heads, layers);
    };
  }
}
