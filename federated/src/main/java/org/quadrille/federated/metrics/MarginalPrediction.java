package org.quadrille.federated.metrics;

import java.util.Optional;
import java.util.function.Function;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.linalg.Tensor;

/** Predictions averaged over the posterior in place of those of one vector of parameters. */
public final class MarginalPrediction {
  private MarginalPrediction() {}

  /**
   * The mean of predictions over draws of the distribution that a server holds.
   *
   * @param algorithm whose state it is
   * @param server the state, not modified
   * @param draws 1 or more; draw s uses {@code key.child(s)}, so that all algorithms see the same
   *     normal numbers
   * @param predict gives probabilities for parameters, in a new tensor
   * @return probabilities; empty if the server holds no distribution
   */
  public static Optional<Tensor> of(
      Algorithm<?> algorithm,
      StateArrays server,
      int draws,
      RandomKey key,
      Function<double[], Tensor> predict) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws: " + draws + " given, expected 1 or more");
    }
    Tensor sum = null;
    for (int s = 0; s < draws; s++) {
      Optional<double[]> parameters = algorithm.draw(server, key.child(s));
      if (parameters.isEmpty()) {
        return Optional.empty();
      }
      Tensor prediction = predict.apply(parameters.get());
      if (sum == null) {
        sum = Tensor.zeros(prediction.dtype(), prediction.size(0), prediction.size(1));
      }
      for (int i = 0; i < prediction.size(0); i++) {
        for (int c = 0; c < prediction.size(1); c++) {
          sum.set(sum.get(i, c) + prediction.get(i, c) / draws, i, c);
        }
      }
    }
    return Optional.of(sum);
  }
}
