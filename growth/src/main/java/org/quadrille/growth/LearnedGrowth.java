package org.quadrille.growth;

import org.quadrille.linalg.Tensors;

/**
 * A growth operator after {@link GrowthLearning}.
 *
 * @param operator the operator; all its numbers are finite
 * @param small the small weights it grows: those given, or learned copies
 * @param losses loss of the large model before each step, on the data of that step; a last one that
 *     is not finite is left out
 * @param steps steps that the numbers of the operator contain
 * @param end why learning ended
 * @param reason the same in a sentence
 */
public record LearnedGrowth(
    GrowthOperator operator, Tensors small, double[] losses, int steps, End end, String reason) {

  /** Why learning ended. */
  public enum End {
    /** All steps were taken. */
    DONE,
    /** {@link GrowthLearning#stop} was called. */
    STOPPED,
    /** A loss, a gradient or a number was not finite; the operator is the last good one. */
    DIVERGED
  }

  /** Copies nothing; the losses belong to the result. */
  public LearnedGrowth {
    if (operator == null || small == null || losses == null || end == null || reason == null) {
      throw new IllegalArgumentException("learned growth: given null, expected all parts");
    }
  }

  /** The large weights, new. */
  public Tensors grow() {
    return operator.apply(small);
  }

  /**
   * What learning cost.
   *
   * @param step cost of one step, see {@link GrowthFlops#step}
   */
  public double flops(double step) {
    return losses.length * step;
  }
}
