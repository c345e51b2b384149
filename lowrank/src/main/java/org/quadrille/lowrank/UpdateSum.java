package org.quadrille.lowrank;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

/**
 * Weighted sums of updates by stacking their factors, {@code [w_1 s_1 B_1 ... w_p s_p B_p] [A_1;
 * ...; A_p]}: exact but for the scaling of the left factors, and of rank at most the sum of ranks.
 *
 * <p>Adding left factors and right factors separately would not be the sum: it has cross terms
 * {@code B_i A_j}. {@link Recompression} brings the rank down again.
 */
public final class UpdateSum {
  private UpdateSum() {}

  /**
   * The sum of updates of one shape and dtype, with scale 1.
   *
   * @param updates at least one, not modified
   * @throws IllegalArgumentException if there is none, or shapes or dtypes differ
   */
  public static LowRank of(LowRank... updates) {
    double[] weights = new double[updates.length];
    Arrays.fill(weights, 1);
    return weighted(weights, updates);
  }

  /**
   * The weighted sum of updates of one shape and dtype, with scale 1. O((m + n) sum r) copies.
   *
   * @param weights one finite number for each update; negative ones subtract
   * @param updates at least one, not modified
   * @throws IllegalArgumentException if there is none, counts, shapes or dtypes differ, or a weight
   *     or a scaled factor is not finite
   */
  public static LowRank weighted(double[] weights, LowRank... updates) {
    if (updates.length == 0 || weights.length != updates.length) {
      throw new IllegalArgumentException(
          "given "
              + weights.length
              + " weights and "
              + updates.length
              + " updates, expected as many of each, at least one");
    }
    LowRank first = updates[0];
    int rank = 0;
    for (int i = 0; i < updates.length; i++) {
      LowRank update = updates[i];
      if (update.rows() != first.rows()
          || update.cols() != first.cols()
          || update.dtype() != first.dtype()) {
        throw new IllegalArgumentException(
            "update " + i + ": " + update + ", expected shape and dtype of " + first);
      }
      if (!Double.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "weight " + i + ": given " + weights[i] + ", expected a finite number");
      }
      rank = Math.addExact(rank, update.rank());
    }
    return stack(weights, updates, rank, first.dtype());
  }

  private static LowRank stack(double[] weights, LowRank[] updates, int rank, DType dtype) {
    Tensor left = Tensor.zeros(dtype, updates[0].rows(), rank);
    Tensor right = Tensor.zeros(dtype, rank, updates[0].cols());
    int at = 0;
    for (int i = 0; i < updates.length; i++) {
      LowRank update = updates[i];
      int to = at + update.rank();
      Tensor columns = left.slice(1, at, to).assign(update.left());
      Arithmetic.scale(weights[i] * update.scale(), columns);
      right.slice(0, at, to).assign(update.right());
      at = to;
    }
    return LowRank.of(left, right);
  }
}
