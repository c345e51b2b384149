package org.quadrille.growth;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.transformer.Architecture;

/**
 * Growth that keeps the function and gives every new head and hidden unit something of its own to
 * compute: random mixtures of the old ones, {@code [I; S]} with {@code S_ij ~ N(0, 1 / columns)},
 * which nothing reads at first. The residual stream and new layers are those of {@link
 * LosslessGrowth#broken}.
 *
 * <p>Copies keep the function too, but the copies of a unit see the same inputs and get gradients
 * that differ by a factor; an optimizer that divides by the size of the gradient, such as Adam,
 * moves them alike, so they stay copies for long. Mixtures differ from the first step on. They are
 * maps of LiGO (P. Wang et al., ICLR 2023) with untied readers, and can be learned on: {@link
 * LearnedStart#from}.
 *
 * {@snippet :
 * FixedGrowth growth = LosslessMixtures.of(small, large, DType.F32, 1);
 * GrowthOperator learnable = LearnedStart.from(growth.operator());
 * }
 */
public final class LosslessMixtures {
  private LosslessMixtures() {}

  /**
   * The operator.
   *
   * @param small architecture before
   * @param large architecture after; as many query heads share a key head as before
   * @param seed of all draws; the same seed gives the same bits
   * @return exact where {@link LosslessGrowth#broken} is
   * @throws IllegalArgumentException if the second is smaller in anything, or groups of query heads
   *     change their size
   */
  public static FixedGrowth of(Architecture small, Architecture large, DType dtype, long seed) {
    FixedGrowth copies = LosslessGrowth.broken(small, large, dtype, seed);
    if (small.heads() / small.keyHeads() != large.heads() / large.keyHeads()) {
      throw new IllegalArgumentException(
          "groups of "
              + small.heads() / small.keyHeads()
              + " query heads become groups of "
              + large.heads() / large.keyHeads()
              + "; mixtures keep old heads in their places, so keep heads / keyHeads");
    }
    GrowthOperator operator = copies.operator();
    long draw = seed * 4;
    GrowthTerm term =
        operator
            .terms()
            .getFirst()
            .withMap("query", mixtures(dtype, small.queryWidth(), large.queryWidth(), draw))
            .withMap("key", mixtures(dtype, small.keyWidth(), large.keyWidth(), draw + 1))
            .withMap("value", mixtures(dtype, small.keyWidth(), large.keyWidth(), draw + 2))
            .withMap("value.in", AxisMap.padding(dtype, large.queryWidth(), small.queryWidth()))
            .withMap("hidden", mixtures(dtype, small.hidden(), large.hidden(), draw + 3))
            .withMap("hidden.in", AxisMap.padding(dtype, large.hidden(), small.hidden()));
    return new FixedGrowth(
        GrowthOperator.of(operator.plan(), dtype, term).plus(operator.additive()),
        copies.large(),
        copies.exact(),
        copies.reason() + "; nothing reads new heads and hidden units");
  }

  /** {@code [I; S]}: a mixture of independent elements of variance 1 has variance 1 again. */
  private static LinearOperator mixtures(DType dtype, int small, int large, long seed) {
    return AxisMap.identityOver(
        Arithmetic.scale(
            1 / Math.sqrt(small), GaussianMatrix.of(dtype, seed, large - small, small)));
  }
}
