package org.quadrille.federated.inference;

import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.training.QuadraticTerm;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A client's likelihood times a Gaussian cavity, {@code t(theta) = exp(-l(theta)) exp(-decay n / 2
 * |theta|^2) q_cav(theta)}: what is to be approximated.
 *
 * @param likelihood of at least one point
 * @param cavity what everyone else knows, proper; not modified
 * @param weightDecay of the mean loss, at least 0: the client's share {@code decay n} of a split
 *     prior
 * @param start d numbers where searches begin, the mean of the server; not modified
 * @param key where the random choices of this client and round lie
 */
public record TiltedProblem(
    ClientLikelihood likelihood,
    Gaussian cavity,
    double weightDecay,
    double[] start,
    RandomKey key) {

  /** Checks that the parts fit together. */
  public TiltedProblem {
    int d = likelihood.dimension();
    if (cavity.dimension() != d || start.length != d) {
      throw new IllegalArgumentException(
          "tilted problem: likelihood of "
              + d
              + " parameters, cavity of "
              + cavity.dimension()
              + " and start of "
              + start.length
              + " given, expected equal dimensions");
    }
    if (likelihood.points() < 1) {
      throw new IllegalArgumentException(
          "tilted problem: a client without points given; it has nothing to say, skip it");
    }
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight decay: " + weightDecay + " given, expected 0 or a positive number");
    }
  }

  /** Number of points n. */
  public int points() {
    return likelihood.points();
  }

  /** The Gaussian factor of t besides the likelihood: the cavity, narrowed by the weight decay. */
  public Gaussian prior() {
    return weightDecay == 0 ? cavity : cavity.multiply(decayFactor(1));
  }

  /** The function {@code exp(-factor decay n / 2 |theta|^2)}. */
  Gaussian decayFactor(double factor) {
    Tensor zero = Tensor.zeros(DType.F64, cavity.dimension());
    return Gaussian.isotropic(
        PrecisionShape.SCALED_IDENTITY, factor * weightDecay * points(), zero);
  }

  /**
   * What the prior adds to the mean loss: {@code (theta' Lambda theta / 2 - eta' theta) / n}.
   *
   * @throws IllegalArgumentException if the cavity has a full precision
   */
  public QuadraticTerm term() {
    Gaussian prior = prior();
    if (prior.shape() == PrecisionShape.FULL) {
      throw new IllegalArgumentException(
          "gradient descent on a cavity of a full precision is not supported; choose a diagonal"
              + " shape, or a method for small problems");
    }
    double[] curvature = prior.precision().values().toDoubles();
    double[] linear = prior.eta().toDoubles();
    for (int i = 0; i < curvature.length; i++) {
      curvature[i] /= points();
    }
    for (int i = 0; i < linear.length; i++) {
      linear[i] /= points();
    }
    return new QuadraticTerm(curvature, linear);
  }
}
