package org.quadrille.federated.propagation;

import java.util.Optional;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.linalg.Tensor;

/** The cavity of a client, and what is done when it is improper. */
final class Cavities {
  private Cavities() {}

  /**
   * A proper cavity, or nothing if the client is to be left out.
   *
   * @param q the global approximation
   * @param site of the client
   * @param mean of q
   * @param share n_k / N
   */
  static Optional<Gaussian> of(
      ExpectationPropagation settings, Gaussian q, Gaussian site, Tensor mean, double share) {
    double alpha = settings.power();
    Gaussian cavity =
        switch (settings.cavity()) {
          case SITES -> q.divide(site.power(alpha));
          case FRACTION -> withoutShare(settings, q, alpha * share);
          case NOTHING -> q.copy();
        };
    if (isProper(cavity, settings.safeguards().floor())) {
      return Optional.of(cavity);
    }
    return switch (settings.safeguards().improperCavity()) {
      case SKIP -> Optional.empty();
      case FLOOR -> raised(cavity, mean, settings.safeguards().floor());
      case STATELESS_CAVITY -> {
        Gaussian stateless = withoutShare(settings, q, alpha * share);
        yield stateless.isProper() ? Optional.of(stateless) : Optional.empty();
      }
    };
  }

  /** {@code q - share (q - p_0)}. */
  private static Gaussian withoutShare(ExpectationPropagation settings, Gaussian q, double share) {
    return q.power(1 - share).fma(share, settings.prior());
  }

  private static boolean isProper(Gaussian cavity, double floor) {
    if (cavity.shape() == PrecisionShape.FULL) {
      return cavity.isProper() && (floor == 0 || cavity.minEigenBound() > floor);
    }
    return cavity.isFinite() && cavity.minEigenBound() > floor;
  }

  /** Precisions below the floor become the floor, around the mean of q in these coordinates. */
  private static Optional<Gaussian> raised(Gaussian cavity, Tensor mean, double floor) {
    if (!cavity.isFinite()) {
      return Optional.empty();
    }
    Gaussian raised = cavity.copy();
    double[] natural = raised.natural();
    int d = raised.dimension();
    boolean shared = raised.shape() == PrecisionShape.SCALED_IDENTITY;
    for (int i = 0; i < d; i++) {
      if (cavity.natural()[d + (shared ? 0 : i)] <= floor) {
        natural[d + (shared ? 0 : i)] = floor;
        natural[i] = floor * mean.get(i);
      }
    }
    return raised.isProper() ? Optional.of(raised) : Optional.empty();
  }
}
