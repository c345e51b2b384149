package org.quadrille.federated.baseline;

import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.QuadraticTerm;
import org.quadrille.federated.training.TrainingTrace;

/**
 * How a client wants the server's parameters changed.
 *
 * <p><b>Thread safety</b>: called by several threads for several clients.
 */
public interface ClientUpdate {

  /**
   * The change, an ascent direction for the server.
   *
   * @param likelihood of at least one point
   * @param mean the server's parameters, not modified
   * @param key of all random choices
   * @return d numbers, or null if training diverged
   */
  double[] change(ClientLikelihood likelihood, double[] mean, RandomKey key);

  /** All settings as text. */
  String settings();

  /**
   * {@code theta_k - mu} after training around mu (FedAvg; FedProx for rho above 0).
   *
   * @param training on the mean loss
   * @param averaged whether theta_k is the mean of the samples, else the last iterate
   * @param proximal rho of {@code rho/2 |theta - mu|^2}, 0 or more
   */
  record Averaging(LocalTraining training, boolean averaged, double proximal)
      implements ClientUpdate {

    /** Checks rho. */
    public Averaging {
      if (!(proximal >= 0) || proximal == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("rho: " + proximal + " given, expected 0 or more");
      }
    }

    @Override
    public double[] change(ClientLikelihood likelihood, double[] mean, RandomKey key) {
      QuadraticTerm term =
          proximal == 0 ? QuadraticTerm.NONE : QuadraticTerm.around(mean, proximal);
      TrainingTrace trace = training.run(likelihood, mean, term, key);
      if (trace.diverged()) {
        return null;
      }
      double[] change = averaged ? trace.mean() : trace.last();
      for (int i = 0; i < change.length; i++) {
        change[i] -= mean[i];
      }
      return change;
    }

    @Override
    public String settings() {
      return toString();
    }
  }

  /**
   * {@code -S^-1 (mu - mean of the samples)}, S their shrunk covariance (FedPA).
   *
   * @param training with samples; a burn-in is usual
   * @param shrinkage rho of {@link PosteriorDelta}, 0 or more
   */
  record PosteriorAveraging(LocalTraining training, double shrinkage) implements ClientUpdate {

    /** Checks rho. */
    public PosteriorAveraging {
      PosteriorDelta.requireShrinkage(shrinkage);
    }

    @Override
    public double[] change(ClientLikelihood likelihood, double[] mean, RandomKey key) {
      TrainingTrace trace = training.run(likelihood, mean, QuadraticTerm.NONE, key);
      if (trace.diverged()) {
        return null;
      }
      double[] change = PosteriorDelta.of(mean, trace.samples(), shrinkage);
      for (int i = 0; i < change.length; i++) {
        change[i] = -change[i];
      }
      return change;
    }

    @Override
    public String settings() {
      return toString();
    }
  }
}
