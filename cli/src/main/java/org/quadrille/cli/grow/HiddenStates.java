package org.quadrille.cli.grow;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Tensor;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.TokenData;

/**
 * The mean squared difference between the last hidden states of a small model and the first
 * elements of those of a large one, on windows of a text: distillation (Hinton et al., 2015) for
 * models that predict nothing.
 */
final class HiddenStates implements StepObjective {
  private final Transformer small;
  private final Transformer large;
  private final TokenData data;
  private final int count;
  private final int length;
  private final long seed;

  HiddenStates(
      Transformer small, Transformer large, TokenData data, int count, int length, long seed) {
    this.small = small;
    this.large = large;
    this.data = data;
    this.count = count;
    this.length = length;
    this.seed = seed;
  }

  @Override
  public Objective at(long step) {
    Batch batch = Batch.of(data.windows(count, length, seed, step).tokens(), count, length);
    Tensor wanted = small.hidden(batch).copy();
    return large.objective(batch, (hidden, gradient) -> loss(hidden, gradient, wanted));
  }

  /** {@code |h - t|^2 / n} over the first elements, and its gradient {@code 2 (h - t) / n}. */
  private static double loss(Tensor hidden, Tensor gradient, Tensor wanted) {
    Tensor difference =
        Arithmetic.subtract(hidden.slice(1, 0, wanted.size(1)).contiguous(), wanted);
    double loss = Arithmetic.dot(difference, difference) / difference.length();
    if (gradient != null) {
      gradient.fill(0);
      Arithmetic.axpy(2.0 / difference.length(), difference, gradient.slice(1, 0, wanted.size(1)));
    }
    return loss;
  }
}
