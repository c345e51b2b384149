package org.quadrille.growth;

/**
 * The count of floating-point operations behind the published savings, term by term as in the code
 * it was made with (K. Clark et al., ELECTRA, ICLR 2020; used by P. Wang et al., ICLR 2023). Only
 * for comparison with published figures: it takes embeddings as dense products and a backward pass
 * as costly as a forward one.
 *
 * @param hidden width of the stream
 * @param layers number of layers
 * @param intermediate hidden units of a feedforward layer
 * @param heads attention heads
 * @param sequence length of a sequence
 * @param vocabulary number of tokens
 * @param outputPart part of the positions at which words are predicted, 0.15625 for BERT
 */
public record PublishedFlops(
    int hidden,
    int layers,
    int intermediate,
    int heads,
    int sequence,
    int vocabulary,
    double outputPart) {

  /**
   * Training.
   *
   * @param batch sequences a step
   */
  public double training(int batch, long steps) {
    // Backward is taken equal to forward: the factor 2.
    return 2.0 * batch * steps * (embedding() + layers * layer() + output());
  }

  private double layer() {
    double d = hidden;
    double s = sequence;
    double f = intermediate;
    double h = heads;
    double attention =
        2 * d * 3 * d + 3 * d + 2 * d * s + 5 * s * h + 4 * s * h + s * h + 2 * d * s;
    // "4 D + D + 5" stands in the published code where 5 D is meant.
    double out = 2 * d * d + d + 4 * d + d + 5;
    double feedforward = 2 * d * f + 8 * f + f + 2 * d * f + d + 4 * d + d + 5 * d;
    return s * (attention + out + feedforward);
  }

  private double embedding() {
    double d = hidden;
    return sequence * (2 * d * vocabulary + 2 * d * (sequence + 2.0) + 2 * d + 5 * d + 4 * d);
  }

  private double output() {
    double d = hidden;
    double v = vocabulary;
    return sequence * outputPart * (2 * d * v + 2 * d * d + d + 8 * d + 5 * d + 5 * v + 2 * v);
  }
}
