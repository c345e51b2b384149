package org.quadrille.growth;

import java.util.SplittableRandom;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Start values of the new rows S of a learned map {@code [I; S]} (published code of P. Wang et al.,
 * ICLR 2023).
 */
public enum WidthStart {
  /** U(0, 1), each row divided by its sum: every new element is about the mean of the old ones. */
  RANDOM,
  /** Softmax of U(0, 1). */
  RANDOM_SOFTMAX,
  /** 1 at a random old element. */
  SELECTION,
  /** U(0, 0.03), a random entry set to 1, not normalized. */
  SELECTION_NOISY;

  private static final double NOISE = 0.03;

  /**
   * New rows.
   *
   * @param small size of the axis before
   * @param large size after
   * @return S, shape [large - small, small]
   */
  public Tensor added(DType dtype, int small, int large, SplittableRandom random) {
    if (small < 1 || large < small) {
      throw new IllegalArgumentException(
          "axis: from " + small + " to " + large + " given, expected at least one and no fewer");
    }
    Tensor added = Tensor.zeros(dtype, large - small, small);
    for (int i = 0; i < large - small; i++) {
      double[] row =
          switch (this) {
            case RANDOM -> Draws.shares(small, random);
            case RANDOM_SOFTMAX -> Draws.softmax(small, random);
            case SELECTION -> Draws.oneAt(random.nextInt(small), small);
            case SELECTION_NOISY -> Draws.noisyOneAt(random.nextInt(small), small, NOISE, random);
          };
      for (int j = 0; j < small; j++) {
        added.set(row[j], i, j);
      }
    }
    return added;
  }
}
