package org.quadrille.growth;

import java.util.SplittableRandom;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Start values of a learned mixture of layers (published code of P. Wang et al., ICLR 2023). */
public enum DepthStart {
  /** U(0, 1), each row divided by its sum. */
  RANDOM,
  /** Softmax of U(0, 1). */
  RANDOM_SOFTMAX,
  /** Row l is 1 at l mod L1. */
  STACK,
  /** U(0, 0.03), entry l mod L1 set to 1, each row divided by its sum: the published choice. */
  STACK_NOISY,
  /** Row l is 1 at floor(l L1 / L2); the published code has floor(l / 2), for twice the layers. */
  INTERLACE,
  /** As {@link #STACK_NOISY} at floor(l L1 / L2). */
  INTERLACE_NOISY;

  private static final double NOISE = 0.03;

  /**
   * A new mixture.
   *
   * @param small layers before
   * @param large layers after
   * @param random drawn from; not used without noise
   * @return shape [large, small]; rows sum to 1
   */
  public Tensor mixture(DType dtype, int small, int large, SplittableRandom random) {
    int[] source =
        this == INTERLACE || this == INTERLACE_NOISY
            ? LayerSources.interpolation(small, large)
            : LayerSources.stack(small, large);
    Tensor mixture = Tensor.zeros(dtype, large, small);
    for (int l = 0; l < large; l++) {
      double[] row =
          switch (this) {
            case RANDOM -> Draws.shares(small, random);
            case RANDOM_SOFTMAX -> Draws.softmax(small, random);
            case STACK, INTERLACE -> Draws.oneAt(source[l], small);
            case STACK_NOISY, INTERLACE_NOISY ->
                Draws.normalized(Draws.noisyOneAt(source[l], small, NOISE, random));
          };
      for (int j = 0; j < small; j++) {
        mixture.set(row[j], l, j);
      }
    }
    return mixture;
  }
}
