package org.quadrille.growth;

import java.util.Map;
import org.quadrille.transformer.Architecture;

/**
 * Floating-point operations of growing, a multiply-add counting two: width {@code B W A^T} for the
 * small layers, then mixtures for the large ones, all maps dense and shared.
 *
 * <p>Per module of shape (o1, i1) to (o2, i2): forward {@code L1 (2 o2 o1 i1 + 2 o2 i1 i2) + 2 L2
 * L1 o2 i2}, backward {@code 4 L2 L1 o2 i2 + L1 (2 o2 i2 i1 + 2 o2 i1 o1 + 2 i2 o2 i1)}; each
 * embedding {@code 2 rows D1 D2} either way. Norms and biases are left out.
 *
 * @param forward making the large weights once
 * @param backward from the gradient of the large weights to that of the operator
 */
public record GrowthFlops(double forward, double backward) {

  /** The count for two architectures. */
  public static GrowthFlops of(Architecture small, Architecture large) {
    ArchitectureRules.requireSameKind(small, large);
    double l1 = small.layers();
    double l2 = large.layers();
    double forward = 0;
    double backward = 0;
    Map<String, int[]> to = large.parameterShapes();
    for (Map.Entry<String, int[]> entry : small.parameterShapes().entrySet()) {
      int[] from = entry.getValue();
      if (from.length != 2) {
        continue;
      }
      String name = entry.getKey();
      double o1 = from[0];
      double i1 = from[1];
      double o2 = to.get(name)[0];
      double i2 = to.get(name)[1];
      if (name.startsWith("layers.0.")) {
        forward += l1 * (2 * o2 * o1 * i1 + 2 * o2 * i1 * i2) + 2 * l2 * l1 * o2 * i2;
        backward +=
            4 * l2 * l1 * o2 * i2 + l1 * (2 * o2 * i2 * i1 + 2 * o2 * i1 * o1 + 2 * i2 * o2 * i1);
      } else if (name.startsWith("embeddings.token") || name.startsWith("embeddings.position")) {
        forward += o1 * 2 * i1 * i2;
        backward += o1 * 2 * i1 * i2;
      }
    }
    return new GrowthFlops(forward, backward);
  }

  /** One step of learning: a training step of the large model, and the operator there and back. */
  public double step(Architecture large, int sequences, int length) {
    return (double) sequences * length * large.trainingFlops(length) + forward + backward;
  }

  /**
   * Part of the cost of training from scratch that growing saves; the first with the cost of the
   * small model left out, the second with it.
   *
   * @param grown cost of learning the operator and training the grown model
   * @param source cost of training the small model
   * @param scratch cost of training from scratch to the same loss
   */
  public static double[] saving(double grown, double source, double scratch) {
    requireCosts(grown, source, scratch);
    return new double[] {1 - grown / scratch, 1 - (grown + source) / scratch};
  }

  /** {@code scratch / cost - 1}, first without the cost of the small model, then with it. */
  public static double[] speedUp(double grown, double source, double scratch) {
    requireCosts(grown, source, scratch);
    return new double[] {scratch / grown - 1, scratch / (grown + source) - 1};
  }

  private static void requireCosts(double grown, double source, double scratch) {
    if (!(grown > 0) || !(source >= 0) || !(scratch > 0)) {
      throw new IllegalArgumentException(
          "costs: given "
              + grown
              + ", "
              + source
              + " and "
              + scratch
              + ", expected positive ones (that of the small model may be 0)");
    }
  }
}
