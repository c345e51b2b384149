package org.quadrille.federated.inference;

import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A precision that is never estimated: the site of a client of n points has the precision {@code c
 * n I}, so {@code Lambda' = Lambda_cav + c n I}; only the mean is learned (the scaled identity of
 * Guo et al. 2023).
 *
 * <p>From a start of precision {@code c N I} the global precision never changes, and messages need
 * one vector. The stateless form is FedProx with {@code rho = c (N - n) / n} and a server rate.
 *
 * @param mean how the mean is found
 * @param perPoint c, positive: published as (initial scale + weight decay) times the likelihood
 *     scale
 */
public record FixedIdentity(MeanFinder mean, double perPoint) implements Inference {

  /** Checks c. */
  public FixedIdentity {
    if (!(perPoint > 0 && perPoint < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "site precision per point c = "
              + perPoint
              + " given, expected a positive number: with weight decay and initial scale both 0 the"
              + " start is improper; pass one that is positive");
    }
  }

  @Override
  public boolean supports(PrecisionShape shape) {
    return true;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    TiltedMean found = mean.find(problem);
    if (found.isDiverged()) {
      return Approximation.diverged(found.figures());
    }
    return Approximation.of(reference(problem, perPoint).withMean(found.tensor()), found.figures());
  }

  /** The cavity with {@code c n I} added to its precision. */
  static Gaussian reference(TiltedProblem problem, double perPoint) {
    Tensor zero = Tensor.zeros(DType.F64, problem.cavity().dimension());
    Gaussian site =
        Gaussian.isotropic(PrecisionShape.SCALED_IDENTITY, perPoint * problem.points(), zero);
    return problem.cavity().multiply(site);
  }
}
