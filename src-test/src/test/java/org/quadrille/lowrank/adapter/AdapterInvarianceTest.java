package org.quadrille.lowrank.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quadrille.lowrank.adapter.AdapterData.assertSameBits;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Adam;
import org.quadrille.optim.GradientDescent;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;

/** What changes of scale leave alone, bit for bit where all factors are powers of two. */
class AdapterInvarianceTest {
  private static final String MAP = "a";
  private static final double ALPHA = 8;
  private static final double RATE = 0.01;
  private static final double EPSILON = 1e-8;

  /**
   * With p and q: alpha / (p q), A_0 p, rates p (q) times as high for A (B) under Adam, whose
   * epsilons are divided by p and q, and p^2 (q^2) times as high under descent.
   */
  private static Tensor trained(DType dtype, double p, double q, boolean adam) {
    Adapters adapters =
        Adapters.attach(
            Map.of(MAP, Dense.of(GaussianMatrix.of(dtype, 1, 9, 7))),
            AdapterConfig.rank(3).withScale(ScaleRule.ALPHA_OVER_RANK, ALPHA / (p * q)));
    AdaptedOperator operator = adapters.operators().get(MAP);
    Arithmetic.scale(p, operator.parts().right());
    Teacher teacher = new Teacher(operator, GaussianMatrix.of(dtype, 2, 9, 7), MAP + ".");
    // One optimizer for each factor: each has an epsilon of its own.
    Optimizer right =
        adam
            ? new Adam(ParameterGroups.of(RATE * p), new Adam.Options(0.9, 0.999, EPSILON / p))
            : new GradientDescent(ParameterGroups.of(RATE * p * p), 0);
    Optimizer left =
        adam
            ? new Adam(ParameterGroups.of(RATE * q), new Adam.Options(0.9, 0.999, EPSILON / q))
            : new GradientDescent(ParameterGroups.of(RATE * q * q), 0);
    for (int step = 0; step < 12; step++) {
      Tensors gradients = adapters.parameters().zerosLike();
      teacher.lossAndGradient(adapters.parameters(), gradients);
      right.step(adapters.parameters(), only("a.right", gradients), 1);
      left.step(adapters.parameters(), only("a.left", gradients), 1);
    }
    return operator.apply(GaussianMatrix.of(dtype, 5, 7, 4));
  }

  private static Tensors only(String name, Tensors gradients) {
    return Tensors.of(name, gradients.get(name));
  }

  @Property(tries = 12)
  void powersOfTwoChangeNoBit(
      @ForAll @IntRange(min = -4, max = 4) int i, @ForAll @IntRange(min = -4, max = 4) int j) {
    for (boolean adam : new boolean[] {true, false}) {
      assertSameBits(
          "adam " + adam,
          trained(DType.F64, 1, 1, adam),
          trained(DType.F64, Math.scalb(1, i), Math.scalb(1, j), adam));
    }
  }

  @Test
  void otherFactorsChangeRoundingOnly() {
    for (boolean adam : new boolean[] {true, false}) {
      AdapterData.assertClose(
          "adam " + adam, trained(DType.F64, 1, 1, adam), trained(DType.F64, 3, 0.7, adam), 1e-10);
    }
  }

  /**
   * First step from B = 0 over random A: descent moves W by {@code -eta s^2 r sigma^2 G} on
   * average, which no rank changes if {@code s = alpha / sqrt(r)} and falls as 1 / r if {@code s =
   * alpha / r}; a step along signs moves W by a multiple of s r, which no rank changes if {@code s
   * = alpha / r}.
   */
  @Test
  void firstStepsByRank() {
    double[] descentByRoot = new double[2];
    double[] descentByRank = new double[2];
    double[] signByRank = new double[2];
    int[] ranks = {4, 64};
    for (int i = 0; i < 2; i++) {
      descentByRoot[i] = firstStep(ranks[i], ScaleRule.ALPHA_OVER_ROOT_RANK, false);
      descentByRank[i] = firstStep(ranks[i], ScaleRule.ALPHA_OVER_RANK, false);
      signByRank[i] = firstStep(ranks[i], ScaleRule.ALPHA_OVER_RANK, true);
    }
    assertEquals(1, descentByRoot[1] / descentByRoot[0], 0.15);
    assertEquals(1 / 16.0, descentByRank[1] / descentByRank[0], 0.15 / 16);
    assertEquals(1, signByRank[1] / signByRank[0], 0.15);
  }

  /** Mean over draws of the first step along the gradient, {@code -<dW, G> / |G|^2}. */
  private static double firstStep(int rank, ScaleRule rule, boolean signs) {
    Tensor gradient = GaussianMatrix.of(DType.F64, 3, 12, 40);
    double sum = 0;
    int draws = 200;
    for (int draw = 0; draw < draws; draw++) {
      Adapters adapters =
          Adapters.attach(
              Map.of(MAP, Dense.of(GaussianMatrix.of(DType.F64, 1, 12, 40))),
              AdapterConfig.rank(rank).withScale(rule, 1).withSeed(draw));
      AdapterParts parts = adapters.operators().get(MAP).parts();
      Tensor ofLeft = MatrixProduct.multiply(gradient, parts.right().transpose());
      Arithmetic.scale(parts.scale(), ofLeft);
      if (signs) {
        for (int i = 0; i < ofLeft.size(0); i++) {
          for (int j = 0; j < ofLeft.size(1); j++) {
            ofLeft.set(Math.signum(ofLeft.get(i, j)), i, j);
          }
        }
      }
      Tensor moved = MatrixProduct.multiply(ofLeft, parts.right());
      sum += parts.scale() * Arithmetic.dot(moved, gradient);
    }
    return sum / draws / Arithmetic.dot(gradient, gradient);
  }
}
