package org.quadrille.federated.inference;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.Tensor;

/**
 * The iteration of {@link NaturalGradient} for {@code q = N(mu, 1 / Lambda)}, step by step:
 *
 * <pre>
 * theta_s = mu + eps_s / sqrt(Lambda)                       S draws
 * g = average over s of the gradient of the tilted mean loss, F of the Fisher information per point
 * m  = beta1 m + (1 - beta1) g;   nu = beta2 nu + (1 - beta2) clip(F)
 * Lambda = n nu + Lambda_prior
 * mu = mu - rate m / (nu + Lambda_prior / n)
 * </pre>
 */
public final class NaturalGradientSteps {
  private final NaturalGradient settings;
  private final ClientLikelihood likelihood;
  private final int n;
  private final double[] priorPrecision;
  private final double[] priorEta;
  private final double[] mean;
  private final double[] precision;
  private final double[] fisher;
  private final double[] momentum;
  private final Tensor theta;
  private final Tensor gradient;
  private final Tensor squares;

  /**
   * The state before the first step.
   *
   * @param problem with a diagonal cavity
   * @param start d numbers, the first mean, not modified
   */
  public NaturalGradientSteps(NaturalGradient settings, TiltedProblem problem, double[] start) {
    this.settings = settings;
    this.likelihood = problem.likelihood();
    this.n = problem.points();
    Gaussian prior = problem.prior();
    this.priorPrecision = prior.precision().diagonal().toDoubles();
    this.priorEta = prior.eta().toDoubles();
    this.mean = start.clone();
    int d = start.length;
    this.precision = new double[d];
    this.fisher = new double[d];
    this.momentum = new double[d];
    this.theta = Tensor.zeros(likelihood.dtype(), d);
    this.gradient = Tensor.zeros(likelihood.dtype(), d);
    this.squares = Tensor.zeros(likelihood.dtype(), d);
    for (int i = 0; i < d; i++) {
      fisher[i] = settings.initialFisher();
      precision[i] = n * fisher[i] + priorPrecision[i];
    }
  }

  /**
   * One step.
   *
   * @param batch points of this step
   * @param noise S rows of d standard normal numbers
   * @param labels key of sampled labels
   * @return false if numbers overflowed; the state is then of no use
   */
  public boolean step(Batch batch, double[][] noise, RandomKey labels) {
    int d = mean.length;
    double[] g = new double[d];
    squares.fill(0);
    for (int s = 0; s < noise.length; s++) {
      for (int i = 0; i < d; i++) {
        theta.set(mean[i] + noise[s][i] / Math.sqrt(precision[i]), i);
      }
      double loss = likelihood.gradient(theta, batch, gradient);
      likelihood.addFisher(theta, batch, settings.fisher(), labels.child(s).value(), squares);
      if (!Double.isFinite(loss) || !gradient.isFinite() || !squares.isFinite()) {
        return false;
      }
      for (int i = 0; i < d; i++) {
        double prior = (priorPrecision[i] * theta.get(i) - priorEta[i]) / n;
        g[i] += (gradient.get(i) / batch.size() + prior) / noise.length;
      }
    }
    double[] estimate = squares.toDoubles();
    for (int i = 0; i < d; i++) {
      estimate[i] /= (double) noise.length * batch.size();
    }
    PrecisionClip.clip(estimate, settings.clipRatio());
    for (int i = 0; i < d; i++) {
      momentum[i] = settings.beta1() * momentum[i] + (1 - settings.beta1()) * g[i];
      fisher[i] = settings.beta2() * fisher[i] + (1 - settings.beta2()) * estimate[i];
      precision[i] = n * fisher[i] + priorPrecision[i];
      mean[i] -= settings.meanRate() * momentum[i] / (fisher[i] + priorPrecision[i] / n);
    }
    return true;
  }

  /** The mean mu, d numbers, a copy. */
  public double[] mean() {
    return mean.clone();
  }

  /** The precision Lambda, d numbers, a copy. */
  public double[] precision() {
    return precision.clone();
  }

  /** The Fisher information per point nu, d numbers, a copy. */
  public double[] fisher() {
    return fisher.clone();
  }
}
