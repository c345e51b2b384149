package org.quadrille.transformer;

import org.quadrille.kernels.cpu.DropoutMask;

/**
 * Dropout of a training step: which elements are dropped is a function of the seed, so a step can
 * be repeated with the same bits. Give each step another seed.
 *
 * @param residual rate for the embedding and for each branch before it is added to the stream
 * @param attention rate for attention probabilities
 * @param seed any number
 */
public record Dropout(double residual, double attention, long seed) {
  /** No dropout. */
  public static final Dropout NONE = new Dropout(0, 0, 0);

  private static final int PLACES = 3;

  /** Checks the rates. */
  public Dropout {
    if (!(residual >= 0 && residual < 1 && attention >= 0 && attention < 1)) {
      throw new IllegalArgumentException(
          "dropout rates "
              + residual
              + " and "
              + attention
              + " given, expected at least 0 and below 1");
    }
  }

  /** The mask of the embedding, or null for none. */
  DropoutMask embedding() {
    return mask(residual, 0);
  }

  /** The mask of the attention probabilities of a layer, or null for none. */
  DropoutMask probabilities(int layer) {
    return mask(attention, 1 + PLACES * (long) layer);
  }

  /** The mask of the attention branch of a layer, or null for none. */
  DropoutMask attentionBranch(int layer) {
    return mask(residual, 2 + PLACES * (long) layer);
  }

  /** The mask of the feedforward branch of a layer, or null for none. */
  DropoutMask feedforwardBranch(int layer) {
    return mask(residual, 3 + PLACES * (long) layer);
  }

  private DropoutMask mask(double rate, long place) {
    return rate == 0 ? null : new DropoutMask(rate, seed).at(place);
  }
}
