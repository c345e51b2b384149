package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.Tensor;

/**
 * Partitioned variational inference with a diagonal Gaussian: maximizes the local free energy
 * {@code E_q[log p_k] - KL(q || q_cav)} by stochastic gradients with reparameterized draws, Adam,
 * and a rate that falls to zero. Fixed points of the message passing are stationary points of the
 * global variational objective (Ashman et al. 2022).
 *
 * <pre>
 * theta = mu + sigma eps, eps and -eps in pairs
 * d / d mu        = E[grad l] + Lambda_cav mu - eta_cav
 * d / d log sigma = E[grad l eps] sigma + Lambda_cav sigma^2 - 1
 * </pre>
 *
 * @param steps gradient steps, 1 or more
 * @param pairs pairs of draws of a step, 1 or more
 * @param batchSize points of a step, 1 or more
 * @param rate of Adam at the start, in units of each coordinate's standard deviation; positive
 */
public record PartitionedVariational(int steps, int pairs, int batchSize, double rate)
    implements Inference {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  /** Place of this method's random numbers below the key of a problem. */
  private static final long PLACE = 3;

  /** Checks the settings. */
  public PartitionedVariational {
    if (steps < 1 || pairs < 1 || batchSize < 1 || !(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "partitioned variational inference: "
              + steps
              + " steps, "
              + pairs
              + " pairs, batch "
              + batchSize
              + ", rate "
              + rate
              + " given, expected positive numbers and a rate below 1");
    }
  }

  @Override
  public boolean supports(PrecisionShape shape) {
    return shape == PrecisionShape.DIAGONAL;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    Search search = new Search(problem);
    for (int step = 0; step < steps; step++) {
      // The last iterates are averaged by the rate: linear to zero.
      if (!search.step(step, rate * (steps - step) / steps)) {
        return Approximation.diverged(Map.of());
      }
    }
    return Approximation.of(search.result(), Map.of());
  }

  private final class Search {
    private final ClientLikelihood likelihood;
    private final double[] priorPrecision;
    private final double[] priorEta;
    private final double[] mean;
    private final double[] logDeviation;
    private final double[][] first;
    private final double[][] second;
    private final Tensor theta;
    private final Tensor gradient;
    private final int[] order;
    private final RandomKey key;

    Search(TiltedProblem problem) {
      likelihood = problem.likelihood();
      Gaussian prior = problem.prior();
      priorPrecision = prior.precision().diagonal().toDoubles();
      priorEta = prior.eta().toDoubles();
      mean = problem.start().clone();
      int d = mean.length;
      logDeviation = new double[d];
      for (int i = 0; i < d; i++) {
        logDeviation[i] = -0.5 * StrictMath.log(priorPrecision[i]);
      }
      first = new double[2][d];
      second = new double[2][d];
      theta = Tensor.zeros(likelihood.dtype(), d);
      gradient = Tensor.zeros(likelihood.dtype(), d);
      order = Batch.all(likelihood.points()).points();
      key = problem.key().child(PLACE);
    }

    boolean step(int step, double stepRate) {
      int d = mean.length;
      double[] gMean = new double[d];
      double[] gDeviation = new double[d];
      RandomStream stream = key.child(step).stream();
      int n = likelihood.points();
      Batch batch = new Batch(order, 0, Math.min(batchSize, n));
      if (batch.size() < n) {
        stream.shuffle(order);
      }
      double[] noise = new double[d];
      for (int s = 0; s < 2 * pairs; s++) {
        for (int i = 0; i < d; i++) {
          noise[i] = s % 2 == 0 ? stream.normal() : -noise[i];
          theta.set(mean[i] + StrictMath.exp(logDeviation[i]) * noise[i], i);
        }
        double loss = likelihood.gradient(theta, batch, gradient);
        if (!Double.isFinite(loss) || !gradient.isFinite()) {
          return false;
        }
        double weight = (double) n / batch.size() / (2 * pairs);
        for (int i = 0; i < d; i++) {
          gMean[i] += weight * gradient.get(i);
          gDeviation[i] += weight * gradient.get(i) * noise[i];
        }
      }
      for (int i = 0; i < d; i++) {
        double sigma = StrictMath.exp(logDeviation[i]);
        double dMean = gMean[i] + priorPrecision[i] * mean[i] - priorEta[i];
        double dLog = gDeviation[i] * sigma + priorPrecision[i] * sigma * sigma - 1;
        mean[i] -= stepRate * sigma * adam(0, i, sigma * dMean, step);
        logDeviation[i] -= stepRate * adam(1, i, dLog, step);
      }
      return true;
    }

    /** The direction of Adam for one number. */
    private double adam(int part, int i, double g, int step) {
      first[part][i] = BETA1 * first[part][i] + (1 - BETA1) * g;
      second[part][i] = BETA2 * second[part][i] + (1 - BETA2) * g * g;
      double m = first[part][i] / (1 - StrictMath.pow(BETA1, step + 1));
      double v = second[part][i] / (1 - StrictMath.pow(BETA2, step + 1));
      return m / (Math.sqrt(v) + 1e-8);
    }

    Gaussian result() {
      int d = mean.length;
      Tensor precision = Tensor.of(new double[d], d);
      for (int i = 0; i < d; i++) {
        precision.set(StrictMath.exp(-2 * logDeviation[i]), i);
      }
      return Gaussian.ofMean(PrecisionShape.DIAGONAL, Tensor.of(mean, d), precision);
    }
  }
}
