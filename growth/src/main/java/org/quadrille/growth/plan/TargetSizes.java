package org.quadrille.growth.plan;

import org.quadrille.transformer.Architecture;

/**
 * Sizes after growth. What is not given follows the width: heads of the same size, hidden units in
 * proportion; a size that is not a whole number must be given.
 *
 * @param width of the residual stream; 0 to keep it
 * @param layers 0 to keep them
 * @param heads 0 to follow the width
 * @param keyHeads 0 to follow the heads
 * @param hidden 0 to follow the width
 */
public record TargetSizes(int width, int layers, int heads, int keyHeads, int hidden) {

  /** Checks that no size is negative. */
  public TargetSizes {
    if (width < 0 || layers < 0 || heads < 0 || keyHeads < 0 || hidden < 0) {
      throw new IllegalArgumentException(
          "sizes: width "
              + width
              + ", "
              + layers
              + " layers, "
              + heads
              + " heads, "
              + keyHeads
              + " key heads, "
              + hidden
              + " hidden units; expected none below 0");
    }
  }

  /** A width and a number of layers. */
  public static TargetSizes of(int width, int layers) {
    return new TargetSizes(width, layers, 0, 0, 0);
  }

  /**
   * The architecture of these sizes.
   *
   * @throws IllegalArgumentException if a size that is not given is no whole number
   */
  public Architecture apply(Architecture small) {
    int newWidth = width > 0 ? width : small.width();
    int newHeads = heads > 0 ? heads : scaled("heads", small.heads(), newWidth, small.width());
    return new Architecture(
        small.vocabulary(),
        small.positions(),
        small.types(),
        newWidth,
        newHeads,
        keyHeads > 0 ? keyHeads : scaled("key heads", small.keyHeads(), newHeads, small.heads()),
        small.headSize(),
        layers > 0 ? layers : small.layers(),
        hidden > 0 ? hidden : scaled("hidden units", small.hidden(), newWidth, small.width()),
        small.meanCentered(),
        small.normFirst(),
        small.epsilon(),
        small.activation(),
        small.rotaryBase(),
        small.causal(),
        small.biases(),
        small.head(),
        small.classes(),
        small.pooled(),
        small.patchInputs());
  }

  private static int scaled(String what, int small, int to, int from) {
    long product = (long) small * to;
    if (product % from != 0) {
      throw new IllegalArgumentException(
          what
              + ": "
              + small
              + " times "
              + to
              + " / "
              + from
              + " is no whole number; give the number of "
              + what
              + ", or another width");
    }
    return Math.toIntExact(product / from);
  }
}
