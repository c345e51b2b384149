package org.quadrille.federated.propagation;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.linalg.Tensor;

/**
 * The toy of Guo et al. 2023: clients whose likelihoods are Gaussians, a flat prior, sites that
 * start at one, undamped parallel rounds.
 *
 * <p>A flat prior has no proper cavity in the first round, but the tilted distributions are proper
 * because the likelihoods are; so the first round gives the product of the projected likelihoods.
 * With {@link Method#IDENTITY} its mean is the mean of the clients' means, FedAvg.
 */
public final class ToyFederation {

  /** What is kept of a tilted distribution. */
  public enum Method {
    /** Everything: exact after one round. */
    FULL,
    /** Mean and variances. */
    DIAGONAL,
    /** The mean; the precision is that of the cavity plus the identity. */
    IDENTITY
  }

  private final Method method;
  private final PrecisionShape shape;
  private final List<Gaussian> likelihoods;
  private final List<Gaussian> sites = new ArrayList<>();
  private Gaussian approximation;

  /**
   * The federation before its first round.
   *
   * @param clients at least one, each with a proper Gaussian likelihood
   */
  public ToyFederation(Method method, List<GaussianLikelihood> clients) {
    if (clients.isEmpty()) {
      throw new IllegalArgumentException("clients: none given, expected at least one");
    }
    this.method = method;
    this.shape =
        switch (method) {
          case FULL -> PrecisionShape.FULL;
          case DIAGONAL -> PrecisionShape.DIAGONAL;
          case IDENTITY -> PrecisionShape.SCALED_IDENTITY;
        };
    this.likelihoods = clients.stream().map(client -> client.factor().orElseThrow()).toList();
    for (Gaussian likelihood : likelihoods) {
      if (!likelihood.isProper()) {
        throw new IllegalArgumentException(
            "likelihood " + likelihood + " is not proper, as a flat prior needs it to be");
      }
      sites.add(Gaussian.one(shape, likelihood.dimension()));
    }
    this.approximation = Gaussian.one(shape, likelihoods.getFirst().dimension());
  }

  /** One undamped parallel round. */
  public void iterate() {
    Gaussian product = Gaussian.one(shape, approximation.dimension());
    for (int k = 0; k < sites.size(); k++) {
      Gaussian cavity = approximation.divide(sites.get(k));
      sites.set(k, project(cavity, likelihoods.get(k)).divide(cavity));
      product.fma(1, sites.get(k));
    }
    approximation = product;
  }

  private Gaussian project(Gaussian cavity, Gaussian likelihood) {
    Gaussian tilted = cavity.multiply(likelihood);
    if (method != Method.IDENTITY) {
      return Projection.MOMENT.project(tilted, shape);
    }
    Tensor mean = tilted.mean();
    return cavity.multiply(Gaussian.isotropic(shape, 1, mean)).withMean(mean);
  }

  /** The global approximation; a copy, proper after the first round. */
  public Gaussian approximation() {
    return approximation.copy();
  }

  /** The site of a client; a copy. */
  public Gaussian site(int client) {
    return sites.get(client).copy();
  }

  /** The exact posterior: the product of all likelihoods. */
  public Gaussian exact() {
    Gaussian product = Gaussian.one(PrecisionShape.FULL, approximation.dimension());
    likelihoods.forEach(likelihood -> product.fma(1, likelihood));
    return product;
  }
}
